// What following costs: the real process of dynamic providers waits for 1,000 running tasks of one vCenter.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { print } from "../figures.mjs";
import { checkRequest, createRequest, startEngine, startProvider } from "./host/provider-process.mjs";

const tasks = 1_000;
const seconds = 60;
const root = resolve(import.meta.dirname, "../..");
const require = createRequire(join(root, "index.js"));
const { startSimulator } = require("./dist/provider/simulator/index.js");

const wait = (ms) => new Promise((done) => setTimeout(done, ms));

function propertiesOf(taskId, index) {
  return {
    __provider: 'exports.handler = () => require("pulumi-vmware-tasks/provider").completedTask',
    endpoint: "vcenter",
    startedTaskId: taskId,
    resourceUrn: `urn:pulumi:bench::bench::pulumi-nodejs:vmware:CompletedTask::task-${index}`,
  };
}

/** Memory and processor time of a process, as Linux tells them; nothing elsewhere. */
function usageOf(pid) {
  try {
    const kilobytes = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
    return { megabytes: kilobytes / 1024, cpuSeconds: (Number(fields[11]) + Number(fields[12])) / 100 };
  } catch {
    return undefined;
  }
}

const folder = mkdtempSync(join(tmpdir(), "vmware-tasks-bench-"));
const simulator = await startSimulator({ defaultDurationMs: 600_000 });
const engine = await startEngine();
const { url, username, password } = simulator;
const { child, call } = await startProvider(engine, {
  VMWARE_TASKS_STATE_DIR: folder,
  VMWARE_TASKS_ENDPOINTS: JSON.stringify({ vcenter: { product: "vcenter", url, username, password } }),
});
try {
  const idle = usageOf(child.pid);
  const ids = Array.from({ length: tasks }, (_, index) =>
    simulator.startForeignTask({
      product: "vcenter",
      path: "/api/vcenter/vm?action=clone",
      body: { source: "vm-1", name: `vm-${index}` },
    }),
  );
  for (const [index, id] of ids.entries()) await call("check", checkRequest(propertiesOf(id, index)));
  const waits = ids.map((id, index) =>
    call("create", createRequest(propertiesOf(id, index))).catch(() => undefined),
  );
  await wait(5_000);
  const before = { requests: simulator.requests.length, ...usageOf(child.pid) };
  let peak = before.megabytes ?? 0;
  for (let second = 0; second < seconds; second += 1) {
    await wait(1_000);
    peak = Math.max(peak, usageOf(child.pid)?.megabytes ?? 0);
  }
  const after = { requests: simulator.requests.length, ...usageOf(child.pid) };
  print(
    `requests a second for ${tasks} running tasks`,
    ((after.requests - before.requests) / seconds).toFixed(2),
    "1/s",
  );
  print(`requests of the first 5 s for ${tasks} tasks`, before.requests, "");
  if (idle !== undefined) {
    print("resident memory of the provider process, idle", idle.megabytes.toFixed(0), "MB");
    print(`resident memory at most, ${tasks} tasks followed`, peak.toFixed(0), "MB");
    print(
      "processor time of it",
      (((after.cpuSeconds - before.cpuSeconds) / seconds) * 100).toFixed(1),
      "% of a core",
    );
  }
  for (const id of ids) simulator.finish(id);
  const ended = performance.now();
  await Promise.all(waits);
  print(
    `from the end of all tasks to the end of all waits`,
    ((performance.now() - ended) / 1000).toFixed(1),
    "s",
  );
} finally {
  child.kill("SIGINT");
  engine.stop();
  await simulator.close();
  rmSync(folder, { recursive: true, force: true });
}
process.exit(0);
