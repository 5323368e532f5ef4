// Switches of the engine that change what is saved, what is waited for and what is given up, with the real CLI.
import type { Simulator } from "../../provider/simulator";
import { recordPaths } from "../support/journal-files";
import { until } from "../support/until";
import { well, type Running, type Stack } from "../support/stack";
import { withStack } from "../support/with-stack";

jest.setTimeout(600_000);

const clone = (name: string, more = ""): string => `
  const ${name} = new vmware.Operation("${name}", {
    endpoint: "vcenter",
    request: { method: "POST", path: "/api/vcenter/vm?action=clone", body: { source: "vm-1", name: "${name}" } },
    ${more}
  });`;
const program = `${clone("web")} return { taskId: web.taskId, status: web.status };`;

/** Starts an `up` and comes back when the task is waited for. */
async function inTheWait(stack: Stack, simulator: Simulator): Promise<Running> {
  const up = stack.start("up", "--yes", "--skip-preview");
  await until(() => simulator.counts().get > 0, "the wait has begun");
  return up;
}

/** Kills an `up` that waits for its task and has printed a text. */
async function killInTheWait(stack: Stack, simulator: Simulator, printed = ""): Promise<void> {
  const up = await inTheWait(stack, simulator);
  await until(() => up.text().includes(printed), `the CLI prints "${printed}"`);
  up.kill();
  await up.ended;
}

const names = (simulator: Simulator): unknown[] =>
  simulator.starts.map(({ body }) => (body as { name: string }).name);

describe("PULUMI_SKIP_CHECKPOINTS", () => {
  // Pulumi itself takes both for a yes.
  it.each(["true", "1"])(
    "=%s: a warning says so, and after a kill the journal alone holds the task",
    async (value) => {
      const environment = { PULUMI_SKIP_CHECKPOINTS: value };
      await withStack(
        { program, environment, simulate: { defaultDurationMs: 600_000 } },
        async (stack, simulator) => {
          await killInTheWait(stack, simulator, "PULUMI_SKIP_CHECKPOINTS is set");
          await stack.run("cancel", "--yes");
          expect(Object.keys(await stack.resources())).not.toContain("StartedTask::web");
          simulator.finish(simulator.starts[0]?.taskId ?? "");
          simulator.script({ durationMs: 600 });
          await well(stack.up());
          expect(simulator.starts).toHaveLength(1);
          expect(await stack.outputs()).toEqual({ taskId: simulator.starts[0]?.taskId, status: "SUCCEEDED" });
          // The state has the task now, which the next deployment sees.
          await well(stack.up());
          expect(recordPaths(stack.journalFolder)).toEqual([]);
          expect((await stack.destroy()).code).toBe(0);
          for (const { id } of simulator.objects("/api/vcenter/vm"))
            simulator.removeObject("/api/vcenter/vm", id);
          await well(stack.up());
          expect(simulator.starts).toHaveLength(2);
        },
      );
    },
  );
});

it("--continue-on-error: what does not depend on a failure goes on, and only the failure is attempted again", async () => {
  const two = `${clone("bad")} ${clone("good")} ${clone("after", "triggers: [bad.taskId],")} return {};`;
  await withStack({ program: two }, async (stack, simulator) => {
    simulator.script({ match: { body: { name: "bad" } }, times: 1, durationMs: 100, outcome: "FAILED" });
    const up = await stack.up("--continue-on-error");
    expect(up.code).not.toBe(0);
    expect(names(simulator).sort()).toEqual(["bad", "good"]);
    await well(stack.up("--continue-on-error"));
    expect(names(simulator).sort()).toEqual(["after", "bad", "bad", "good"]);
    await well(stack.up());
    expect(simulator.starts).toHaveLength(4);
  });
});

it("--target of one operation starts that one alone, and the next `up` starts the other once", async () => {
  const two = `${clone("one")} ${clone("two")} return {};`;
  await withStack({ program: two }, async (stack, simulator) => {
    await well(stack.up("--target", "**::one"));
    expect(names(simulator)).toEqual(["one"]);
    await well(stack.up());
    expect(names(simulator)).toEqual(["one", "two"]);
    await well(stack.up("--target", "**::one", "--target-dependents"));
    expect(simulator.starts).toHaveLength(2);
  });
});

it("`pulumi cancel` beside a deployment that waits: a second `up` follows the same task, and both end well", async () => {
  await withStack({ program, simulate: { defaultDurationMs: 8_000 } }, async (stack, simulator) => {
    const up = await inTheWait(stack, simulator);
    expect((await stack.run("cancel", "--yes")).code).toBe(0);
    const second = await stack.up();
    const first = await up.ended;
    expect(simulator.starts).toHaveLength(1);
    expect(second).toMatchObject({ code: 0 });
    expect(first).toMatchObject({ code: 0 });
    await well(stack.up());
    expect(simulator.starts).toHaveLength(1);
    expect(await stack.outputs()).toEqual({ taskId: simulator.starts[0]?.taskId, status: "SUCCEEDED" });
  });
});

describe("refresh with a pending create", () => {
  it.each([
    { refresh: ["--clear-pending-creates"], warns: false },
    { refresh: ["--skip-pending-creates"], warns: true },
    { refresh: [], warns: true },
  ])("$refresh, then `up`: one start", async ({ refresh, warns }) => {
    await withStack({ program, simulate: { defaultDurationMs: 4_000 } }, async (stack, simulator) => {
      await killInTheWait(stack, simulator);
      await stack.run("cancel", "--yes");
      const refreshed = await stack.run("refresh", "--yes", "--skip-preview", ...refresh);
      expect(refreshed.code).toBe(0);
      const up = await well(stack.up());
      expect(up.includes("pending")).toBe(warns);
      expect(simulator.starts).toHaveLength(1);
      expect(await stack.outputs()).toEqual({ taskId: simulator.starts[0]?.taskId, status: "SUCCEEDED" });
    });
  });
});
