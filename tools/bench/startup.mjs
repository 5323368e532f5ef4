// How long the process of dynamic providers takes to start: with this package, and with a provider that does nothing.
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { summary, print, table } from "../figures.mjs";
import { root } from "../setup/folders.mjs";
import { run } from "../setup/processes.mjs";
import { checkRequest, createRequest, startEngine, startProvider } from "./host/provider-process.mjs";

const runs = Number(process.env.BENCH_RUNS ?? 5);
const allowedMs = 100;
const { startSimulator } = createRequire(join(root, "index.js"))("./dist/provider/simulator/index.js");

const ours = {
  __provider: 'exports.handler = () => require("pulumi-vmware-tasks/provider").startedTask',
  endpoint: "vcenter",
  request: { method: "POST", path: "/api/vcenter/vm?action=clone", body: { source: "vm-1", name: "web" } },
  resourceUrn: "urn:pulumi:bench::bench::pulumi-nodejs:vmware:StartedTask::web",
};
const empty = {
  __provider: 'exports.handler = () => ({ create: async () => ({ id: "empty", outs: {} }) })',
};

/** Milliseconds of each phase; the engine asks for a check before it has anything created. */
async function startUp(engine, environment, properties) {
  const began = performance.now();
  const { child, call } = await startProvider(engine, environment);
  try {
    const configured = performance.now();
    await call("check", checkRequest(properties));
    const checked = performance.now();
    await call("create", createRequest(properties));
    const created = performance.now();
    return { host: configured - began, check: checked - configured, create: created - checked };
  } finally {
    child.kill("SIGKILL");
  }
}

/** How long modules take to load where those of the host, and these, are loaded already. */
async function loading(code, more = []) {
  const before = ["@pulumi/pulumi/runtime", "@pulumi/pulumi/proto/provider_grpc_pb", ...more];
  const program = `
    for (const module of ${JSON.stringify(before)}) require(module);
    (async () => {
      const before = performance.now();
      ${code}
      console.log(performance.now() - before);
    })();`;
  const { code: exit, stdout, output } = await run("node", ["-e", program], { cwd: root });
  if (exit !== 0) throw new Error(output);
  return Number(stdout);
}

const folder = mkdtempSync(join(tmpdir(), "vmware-tasks-bench-"));
const simulator = await startSimulator({ defaultDurationMs: 1_000 });
const engine = await startEngine();
const { url, username, password } = simulator;
const measured = { ours: [], empty: [], provider: [], client: [], got: [] };
try {
  for (let index = 0; index < runs; index += 1) {
    const environment = {
      VMWARE_TASKS_STATE_DIR: join(folder, String(index)),
      VMWARE_TASKS_ENDPOINTS: JSON.stringify({ vcenter: { product: "vcenter", url, username, password } }),
    };
    simulator.reset();
    const began = Date.now();
    const phases = await startUp(engine, environment, ours);
    measured.ours.push({ ...phases, request: simulator.requests[0].at - began });
    measured.empty.push(await startUp(engine, environment, empty));
    measured.provider.push(await loading('require("pulumi-vmware-tasks/provider");'));
    measured.client.push(
      await loading('require("./dist/provider/clients/vcenter");', ["pulumi-vmware-tasks/provider"]),
    );
    measured.got.push(await loading('await import("got");'));
  }
} finally {
  engine.stop();
  await simulator.close();
  rmSync(folder, { recursive: true, force: true });
}

const phase = (rows, name) =>
  summary(
    rows.map((row) => row[name]),
    0,
  );
const over = measured.ours.map(({ check }, index) => check - measured.empty[index].check);
table(
  `Start-up of the provider process in ms, minimum / median / maximum of ${runs} runs`,
  ["Phase", "this package", "an empty provider"],
  [
    ["from its start until it is configured", phase(measured.ours, "host"), phase(measured.empty, "host")],
    ["the first check", phase(measured.ours, "check"), phase(measured.empty, "check")],
    ["the first create", phase(measured.ours, "create"), phase(measured.empty, "create")],
    ["from its start to the first request at the server", phase(measured.ours, "request"), "–"],
  ],
);
print(`the first check over that of an empty provider (at most ${allowedMs} ms)`, summary(over, 0), "ms");
print("loading of the provider's modules over the host's", summary(measured.provider, 0), "ms");
print("loading of a product's client (vCenter's), when it is first used", summary(measured.client, 0), "ms");
print("loading of got, before the first request", summary(measured.got, 0), "ms");
process.exit(0);
