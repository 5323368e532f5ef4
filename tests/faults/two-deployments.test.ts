// Two deployments at the same time, of two stacks, against one endpoint with one account, while replies are lost.
import { startSimulator, type Simulator } from "../../provider/simulator";
import { createStack, type Stack } from "../support/stack";

jest.setTimeout(900_000);

const perStack = 20;
const numbers = Array.from({ length: perStack }, (_, index) => index);
const vmOf = (first: number, index: number): string => `vm-${first + index}`;

/** Relocates twenty machines, so that each task names what it is about. */
const program = (name: string, first: number): string => `
  const outputs = {};
  for (let index = 0; index < ${perStack}; index += 1) {
    const op = new vmware.Operation("${name}-" + index, {
      endpoint: "vcenter",
      request: { method: "POST", path: "/api/vcenter/vm/vm-" + (${first} + index) + "?action=relocate", body: {} },
    });
    outputs["vm-" + (${first} + index)] = op.taskId;
  }
  return outputs;`;

const lost = 10;

/** Loses replies here and there, after the server has taken the request or before. */
function loseReplies(simulator: Simulator): void {
  for (let index = 0; index < lost; index += 1) {
    simulator.fault({
      what: index % 2 === 0 ? "reset-after" : "reset-before",
      skip: 3 * index,
      match: { operation: "start" },
    });
  }
}

/** The task that each machine was relocated by, as the server knows it; fails when one was by more than one. */
function tasksByVm({ starts }: Simulator): Record<string, unknown> {
  const tasks = starts.map(({ path, taskId }) => [/vm-\d+/.exec(path)?.[0] ?? "", taskId] as const);
  const byVm = Object.fromEntries(tasks);
  expect(Object.keys(byVm)).toHaveLength(starts.length);
  return byVm;
}

test.each([
  { journals: "a journal each, as on two machines", isShared: false },
  { journals: "one journal for both", isShared: true },
])("twenty operations each and $journals: every one ends with its own task", async ({ isShared }) => {
  const simulator = await startSimulator({ defaultDurationMs: 2_000 });
  const stacks: Stack[] = [];
  try {
    for (const number of [100, 200])
      for (const index of numbers)
        simulator.addObject("/api/vcenter/vm", { name: vmOf(number, index) }, vmOf(number, index));
    for (const [name, first] of [
      ["one", 100],
      ["other", 200],
    ] as const) {
      const shared =
        isShared && stacks[0] !== undefined ? { VMWARE_TASKS_STATE_DIR: stacks[0].journalFolder } : {};
      stacks.push(
        await createStack({
          simulator,
          program: program(name, first),
          environment: { PULUMI_PARALLEL: "64", ...shared },
        }),
      );
    }
    loseReplies(simulator);
    const ups = await Promise.all(stacks.map((stack) => stack.up()));
    for (const { code, text } of ups) if (code !== 0) throw new Error(text);

    const outputs = await Promise.all(stacks.map((stack) => stack.outputs()));
    expect(simulator.starts).toHaveLength(2 * perStack);
    expect(Object.fromEntries(outputs.flatMap((own) => Object.entries(own)))).toEqual(tasksByVm(simulator));
    const cut = simulator.requests.filter(
      ({ operation, status }) => operation === "start" && status === undefined,
    );
    expect(cut).toHaveLength(lost);
  } finally {
    for (const stack of stacks) stack.remove();
    await simulator.close();
  }
});

/** Clones, whose tasks tell nothing of what they make. */
const clones = (name: string, more: Readonly<Record<number, string>> = {}): string =>
  numbers
    .slice(0, 6)
    .map(
      (index) => `
        new vmware.Operation("${name}-${index}", {
          endpoint: "vcenter",
          request: { method: "POST", path: "/api/vcenter/vm?action=clone", body: { source: "vm-1", name: "${name}-${index}" } },
          ${more[index] ?? ""}
        });`,
    )
    .join("");

it("where nothing tells the tasks of two stacks apart, the program is asked, and no task is taken for another's", async () => {
  const simulator = await startSimulator({ defaultDurationMs: 1_000 });
  const stacks: Stack[] = [];
  try {
    for (const name of ["one", "other"])
      stacks.push(
        await createStack({ simulator, program: clones(name), environment: { PULUMI_PARALLEL: "64" } }),
      );
    const [one, other] = stacks as [Stack, Stack];
    const bodyOf = (name: string): object => ({ operation: "start" as const, body: { name } });
    simulator.fault({ what: "reset-after", match: bodyOf("one-2") });
    simulator.fault({ what: "reset-before", match: bodyOf("one-3") });
    const [asked, well] = await Promise.all([one.up("--continue-on-error"), other.up()]);
    if (well.code !== 0) throw new Error(well.text);
    expect(asked.code).not.toBe(0);
    expect(asked.text.match(/may have started, and was not sent again/g)?.length).toBeGreaterThanOrEqual(2);
    expect(asked.text).toContain("adoptTaskId");
    const nameOf = (body: unknown): string => (body as { name: string }).name;
    const started = (): string[] => simulator.starts.map(({ body }) => nameOf(body)).toSorted();
    const names = ["one", "other"].flatMap((name) => numbers.slice(0, 6).map((index) => `${name}-${index}`));
    expect(started()).toEqual(names.filter((name) => name !== "one-3"));

    // People look at the server, and know: the one runs, the other never began.
    const taken = simulator.starts.find(({ body }) => nameOf(body) === "one-2")?.taskId ?? "";
    one.program(clones("one", { 2: `adoptTaskId: "${taken}"`, 3: 'triggers: ["once more"]' }));
    const chosen = await one.up();
    if (chosen.code !== 0) throw new Error(chosen.text);
    expect(started()).toEqual(names);
    for (const stack of stacks) {
      const resources = await stack.resources();
      for (const { taskId, body } of simulator.starts) {
        const resource = resources[`StartedTask::${nameOf(body)}`];
        if (resource !== undefined) expect(resource.outputs?.taskId).toBe(taskId);
      }
    }
  } finally {
    for (const stack of stacks) stack.remove();
    await simulator.close();
  }
});
