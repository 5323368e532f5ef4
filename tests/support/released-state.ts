// What a release leaves in stacks: written once by the release itself, kept for all that follow.
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

import { startSimulator, type ForeignTask, type Simulator, type TaskScript } from "../../provider/simulator";
import { createStack, type Stack, type StateResource } from "./stack";
import { exportState, type ExportedState } from "./stack-state";
import { until } from "./until";

const folder = resolve(__dirname, "../engine/released-states");

/** A state that some version wrote, and the program that it wrote it for. */
export interface ReleasedState {
  readonly state: ExportedState;
  readonly program: string;
}

/** The versions of which a state is kept. */
export function releasedVersions(): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
}

export function readReleasedState(version: string): ReleasedState {
  const program = join(folder, version, "program.js");
  return {
    program,
    state: JSON.parse(readFileSync(join(folder, version, "state.json"), "utf8")) as ExportedState,
  };
}

/** Lets a stack run the program at one of its steps. */
export function layReleasedProgram(stack: Stack, program: string, step: number): void {
  copyFileSync(program, join(stack.folder, "index.js"));
  stack.environment.RELEASED_STATE_STEP = String(step);
}

const collections = [{ path: "/api/things/{cluster}/groups", nameField: "name", idPrefix: "group-" }];
const immediate: TaskScript = {
  match: { path: "/api/appliance/ntp" },
  immediate: { status: 200, body: { servers: ["ntp.example.com"] } },
};

/** Tasks of others, which the program names. */
const adopted = "0a000000-0000-4000-8000-000000000001";
const somebodys = "0a000000-0000-4000-8000-000000000002";

/** A simulator in which a test says which id the next task gets. */
async function startWithIds(durationMs: number): Promise<{ simulator: Simulator; next: { id?: string } }> {
  const next: { id?: string } = {};
  const simulator = await startSimulator({
    collections,
    defaultDurationMs: durationMs,
    scripts: [immediate],
    uuid: (sequence) => {
      const { id = `0b000000-0000-4000-8000-${String(sequence).padStart(12, "0")}` } = next;
      delete next.id;
      return id;
    },
  });
  for (const id of ["vm-1", "vm-2", "vm-3"]) simulator.addObject("/api/vcenter/vm", { name: id }, id);
  return { simulator, next };
}

/** Where in the program a resource was made: paths of the machine that wrote it, and nothing to the engine. */
function withoutPlaces(name: string, value: unknown): unknown {
  return ["sourcePosition", "stackTrace"].includes(name) ? undefined : value;
}

/** Kills a deployment when nothing but the task of one operation is still waited for. */
async function killInTheWait(stack: Stack): Promise<void> {
  const up = stack.start("up", "--yes", "--skip-preview", "--continue-on-error");
  const shown = [
    "detached **updating failed**",
    "failed **updating failed**",
    "CompletedTask killed creating",
  ];
  try {
    await until(() => shown.every((text) => up.text().includes(text)), "the last wait has begun");
  } finally {
    up.kill();
    await up.ended;
  }
}

/** Has this version write its state, up to a deployment that is killed in a wait; never over what is there. */
export async function writeReleasedState(version: string): Promise<void> {
  const target = join(folder, version);
  if (existsSync(target)) throw new Error(`The state of ${version} is there, and must stay as it is.`);
  const program = join(folder, "program.js");
  const { simulator, next } = await startWithIds(200);
  let stack: Stack | undefined;
  try {
    next.id = adopted;
    simulator.startForeignTask({ product: "vcenter", path: "/api/vcenter/vm/vm-1?action=relocate" });
    next.id = somebodys;
    simulator.startForeignTask({ product: "sddc-manager", path: "/v1/system/ceip", method: "PATCH" });
    const slow = { match: { path: "/api/vcenter/vm/vm-*?action=relocate" }, durationMs: 600_000 };
    simulator.script(slow);
    const twice = { path: "/api/vcenter/vm/vm-3?action=relocate" };
    simulator.script({ match: twice, durationMs: 200 });
    simulator.script({ match: twice, times: 1, durationMs: 200, outcome: "FAILED" });
    simulator.script({ match: { path: "/v1/hosts" }, outcome: "FAILED" });

    stack = await createStack({ simulator, environment: { PULUMI_PARALLEL: "64" } });
    for (const step of [1, 2]) {
      layReleasedProgram(stack, program, step);
      await stack.up("--continue-on-error");
    }
    layReleasedProgram(stack, program, 3);
    await killInTheWait(stack);
    await stack.run("cancel", "--yes");
    const state = await exportState(stack);
    mkdirSync(target);
    copyFileSync(program, join(target, "program.js"));
    writeFileSync(join(target, "state.json"), `${JSON.stringify(state, withoutPlaces, 2)}\n`);
  } finally {
    stack?.remove();
    await simulator.close();
  }
}

/** A task of each endpoint's product, for what it does is the same to who waits for it. */
const tasks: Readonly<Record<string, ForeignTask>> = {
  vcenter: { product: "vcenter", path: "/api/vcenter/vm/vm-1?action=relocate" },
  snap: {
    product: "snapservice",
    path: "/api/snapservice/clusters/domain-c9/protection-groups",
    body: { name: "theirs", target_entities: { vms: ["vm-1"] } },
  },
  sddc: { product: "sddc-manager", method: "PATCH", path: "/v1/system/ceip" },
  vcda: { product: "vcda", path: "/diagnostics/bundles" },
};

function named(resources: readonly StateResource[], type: string): StateResource[] {
  return resources.filter((resource) => resource.type.endsWith(`:${type}`));
}

/** The servers as a state tells of them: the objects that its delete requests name, and the tasks that had not succeeded. */
export async function startServersOf({ deployment }: ExportedState): Promise<Simulator> {
  const { resources = [] } = deployment;
  const { simulator, next } = await startWithIds(200);
  for (const { outputs } of named(resources, "DeleteTask")) {
    const { path } = outputs?.request as { path: string };
    const end = path.lastIndexOf("/");
    const name = { name: path.slice(end + 1), domainName: path.slice(end + 1) };
    simulator.addObject(path.slice(0, end), name, path.slice(end + 1));
  }
  const done = named(resources, "CompletedTask").filter(({ outputs }) => outputs?.status === "SUCCEEDED");
  for (const { outputs = {}, inputs = {} } of named(resources, "StartedTask")) {
    if (done.some(({ inputs: of }) => of?.startedTaskId === outputs.taskId)) continue;
    const task = tasks[String(inputs.endpoint)];
    if (task === undefined) throw new Error(`No task of endpoint ${String(inputs.endpoint)} is known.`);
    next.id = String(outputs.taskId).split(":")[0] ?? "";
    simulator.startForeignTask({ ...task, user: simulator.username });
  }
  return simulator;
}
