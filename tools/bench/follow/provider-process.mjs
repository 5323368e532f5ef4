// The real process of dynamic providers, which waits for tasks as CompletedTasks.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { root } from "../../setup/folders.mjs";
import { startEngine } from "./engine.mjs";

const require = createRequire(import.meta.url);
const grpc = createRequire(require.resolve("@pulumi/pulumi"))("@grpc/grpc-js");
const { ResourceProviderClient } = require("@pulumi/pulumi/proto/provider_grpc_pb");
const { CheckRequest, ConfigureRequest, CreateRequest } = require("@pulumi/pulumi/proto/provider_pb");
const { Struct } = require("google-protobuf/google/protobuf/struct_pb");

const hook = pathToFileURL(join(import.meta.dirname, "heap-on-signal.mjs")).href;

function propertiesOf(taskId, index) {
  return Struct.fromJavaScript({
    __provider: 'exports.handler = () => require("pulumi-vmware-tasks/provider").completedTask',
    endpoint: "vcenter",
    startedTaskId: taskId,
    resourceUrn: `urn:pulumi:bench::bench::pulumi-nodejs:vmware:CompletedTask::task-${index}`,
  });
}

function createRequest(taskId, index) {
  const request = new CreateRequest();
  request.setProperties(propertiesOf(taskId, index));
  return request;
}

/** The engine checks each resource before it creates it, one by one. */
function checkRequest(taskId, index) {
  const request = new CheckRequest();
  request.setOlds(Struct.fromJavaScript({}));
  request.setNews(propertiesOf(taskId, index));
  return request;
}

export async function startProviderProcess(access) {
  const folder = mkdtempSync(join(tmpdir(), "vmware-tasks-bench-"));
  const engine = await startEngine();
  const child = spawn(
    process.execPath,
    [require.resolve("@pulumi/pulumi/cmd/dynamic-provider"), engine.address],
    {
      cwd: root,
      env: {
        ...process.env,
        NODE_OPTIONS: `--import=${hook}`,
        VMWARE_TASKS_STATE_DIR: folder,
        VMWARE_TASKS_ENDPOINTS: JSON.stringify({ vcenter: { product: "vcenter", ...access } }),
      },
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  const lines = createInterface(child.stdout);
  const nextNumber = () => new Promise((done) => lines.once("line", (line) => done(Number(line))));
  const port = await nextNumber();
  const client = new ResourceProviderClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
  const call = (method, request) =>
    new Promise((done, failed) =>
      client[method](request, (error, reply) => (error ? failed(error) : done(reply))),
    );
  const configure = new ConfigureRequest();
  configure.setArgs(Struct.fromJavaScript({}));
  await call("configure", configure);
  return {
    pid: child.pid,
    async begin(ids) {
      for (const [index, id] of ids.entries()) await call("check", checkRequest(id, index));
      // They end with the process: no task ends before that.
      for (const [index, id] of ids.entries())
        call("create", createRequest(id, index)).catch(() => undefined);
    },
    liveHeap() {
      child.kill("SIGUSR2");
      return nextNumber();
    },
    stop() {
      child.kill("SIGKILL");
      engine.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
