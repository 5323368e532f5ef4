import { setTimeout as sleep } from "node:timers/promises";

import type { Simulator } from "../../provider/simulator";
import { isRunning, providerOf } from "../support/cli-process";
import { recordPaths } from "../support/journal-files";
import type { Stack } from "../support/stack";
import { until } from "../support/until";
import { withStack } from "../support/with-stack";

jest.setTimeout(600_000);

const program = (more = ""): string => `
  const op = new vmware.Operation("web", {
    endpoint: "vcenter",
    request: { method: "POST", path: "/api/vcenter/vm?action=clone", body: { source: "vm-1", name: "web" } },
    ${more}
  });
  return { taskId: op.taskId, status: op.status };`;

/** Lets the one task that was started end now. */
const finish = (simulator: Simulator): void => simulator.finish(simulator.starts[0]?.taskId ?? "");

/** Runs `up` until the task is waited for, and kills the CLI; gives the process of its provider. */
async function killInTheWait(stack: Stack, simulator: Simulator): Promise<number> {
  const up = stack.start("up", "--yes", "--skip-preview");
  await until(() => simulator.counts().get > 0, "the wait has begun");
  const provider = providerOf(up.process.pid ?? 0);
  up.kill();
  await up.ended;
  return provider;
}

it("a deployment that is killed in the wait goes on with the same task, and its orphan sends nothing", async () => {
  await withStack(
    { program: program(), simulate: { defaultDurationMs: 600_000 } },
    async (stack, simulator) => {
      const provider = await killInTheWait(stack, simulator);
      const { length } = simulator.requests;
      await until(() => !isRunning(provider), "the orphan has ended, long before its task");
      const late = simulator.requests.slice(length).filter(({ operation }) => operation !== "logout");
      // It notices within a tenth of a second, in which a look may be due.
      expect(late.length).toBeLessThanOrEqual(1);
      expect(late.every(({ operation }) => operation === "get")).toBe(true);

      const [started] = simulator.starts;
      expect((await stack.up()).text).toContain("locked");
      expect((await stack.run("cancel", "--yes")).code).toBe(0);
      finish(simulator);
      const up = await stack.up();
      expect(up.code).toBe(0);
      expect(simulator.starts).toHaveLength(1);
      expect(await stack.outputs()).toEqual({ taskId: started?.taskId, status: "SUCCEEDED" });
      expect((await stack.run("refresh", "--clear-pending-creates", "--yes", "--skip-preview")).code).toBe(0);
      const quiet = await stack.up();
      expect(quiet.text).not.toContain("pending");
      expect(simulator.starts).toHaveLength(1);
    },
  );
});

it.each([
  { onDelete: "leave", cancels: 0, says: "still runs and is left alone" },
  { onDelete: "cancel", cancels: 1, says: "was asked to cancel" },
])("destroy after a kill: onDelete $onDelete", async ({ onDelete, cancels, says }) => {
  const options = { program: program(`onDelete: "${onDelete}"`), simulate: { defaultDurationMs: 600_000 } };
  await withStack(options, async (stack, simulator) => {
    await killInTheWait(stack, simulator);
    await stack.run("cancel", "--yes");
    const destroy = await stack.destroy();
    expect(destroy.text).toContain(says);
    expect(destroy.code).toBe(0);
    expect(simulator.counts().cancel).toBe(cancels);
    expect(simulator.starts).toHaveLength(1);
  });
});

it("a provider that is killed between the reply and the engine's save leaves the id in the journal", async () => {
  await withStack(
    { program: program(), simulate: { defaultDurationMs: 3_000 } },
    async (stack, simulator) => {
      // The reply is held long enough to kill the CLI while the request is in flight.
      simulator.fault({ what: "delay", delayMs: 1_500, taken: true, match: { operation: "start" } });
      const up = stack.start("up", "--yes", "--skip-preview");
      await until(() => simulator.starts.length > 0, "the start was taken");
      up.kill();
      await up.ended;
      await until(() => recordPaths(stack.journalFolder).length > 0, "the journal is written");
      await stack.run("cancel", "--yes");
      const again = await stack.up();
      expect(again.code).toBe(0);
      expect(simulator.starts).toHaveLength(1);
      expect(await stack.outputs()).toMatchObject({
        taskId: simulator.starts[0]?.taskId,
        status: "SUCCEEDED",
      });
      expect(recordPaths(stack.journalFolder)).toEqual([]);
    },
  );
});

it("two interrupts in the wait lose nothing", async () => {
  await withStack(
    { program: program(), simulate: { defaultDurationMs: 600_000 } },
    async (stack, simulator) => {
      const up = stack.start("up", "--yes", "--skip-preview");
      await until(() => simulator.counts().get > 0, "the wait has begun");
      up.process.kill("SIGINT");
      await sleep(700);
      up.process.kill("SIGINT");
      await up.ended;
      await stack.run("cancel", "--yes");
      finish(simulator);
      expect((await stack.up()).code).toBe(0);
      expect(simulator.starts).toHaveLength(1);
    },
  );
});
