// The real process of dynamic providers, which waits for tasks as CompletedTasks, or for nothing at all.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { checkRequest, createRequest, startEngine, startProvider } from "../host/provider-process.mjs";

const hook = pathToFileURL(join(import.meta.dirname, "heap-on-signal.mjs")).href;

function completedTask(taskId, index) {
  return {
    __provider: 'exports.handler = () => require("pulumi-vmware-tasks/provider").completedTask',
    endpoint: "vcenter",
    startedTaskId: taskId,
    resourceUrn: `urn:pulumi:bench::bench::pulumi-nodejs:vmware:CompletedTask::task-${index}`,
  };
}

function empty() {
  return { __provider: "exports.handler = () => ({ create: () => new Promise(() => undefined) })" };
}

export const startProviderProcess = (access) => start(access, completedTask);

/** Resources that are never created: what the host takes for as many calls. */
export const startEmptyProcess = (access) => start(access, empty);

async function start(access, propertiesOf) {
  const folder = mkdtempSync(join(tmpdir(), "vmware-tasks-bench-"));
  const engine = await startEngine();
  const { child, call } = await startProvider(engine, {
    NODE_OPTIONS: `--import=${hook}`,
    VMWARE_TASKS_STATE_DIR: folder,
    // As in a terminal, wherever this runs.
    VMWARE_TASKS_STATUS_INTERVAL: "2s",
    VMWARE_TASKS_ENDPOINTS: JSON.stringify({ vcenter: { product: "vcenter", ...access } }),
  });
  const lines = createInterface(child.stdout);
  return {
    pid: child.pid,
    async begin(ids) {
      for (const [index, id] of ids.entries()) await call("check", checkRequest(propertiesOf(id, index)));
      // They end with the process: no task ends before that.
      for (const [index, id] of ids.entries())
        call("create", createRequest(propertiesOf(id, index))).catch(() => undefined);
    },
    liveHeap() {
      const told = new Promise((done) => lines.once("line", (line) => done(Number(line))));
      child.kill("SIGUSR2");
      return told;
    },
    stop() {
      child.kill("SIGKILL");
      engine.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
