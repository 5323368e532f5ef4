// The ends of a wait that are not the task's own, over real HTTP: stalls and deadlines; and our own clock, set meanwhile.
import type { Completion, CompletionArguments } from "../../../provider/operations";
import type { Simulator, TaskPlan } from "../../../provider/simulator";
import { products, type Clock, type Product } from "../../../provider/tasks";
import { createFastClock } from "../../support/fast-clock";
import { until } from "../../support/until";
import { withFollowBench, type Deployed } from "../../support/follow-bench";

const factor = 100;
const second = 1_000;
const minute = 60 * second;

interface Hands {
  readonly clock: Clock;
  readonly simulator: Simulator;
  readonly taskId: string;
  readonly deployed: Deployed;
  readonly deploy: () => Deployed;
  /** Milliseconds since the task began to be followed. */
  readonly elapsed: () => number;
  /** Whether the wait has shown the task. */
  readonly isSeen: () => boolean;
  readonly follow: (more?: Partial<CompletionArguments>, previous?: Completion) => Promise<Completion>;
}

/** Runs a test on one started task that runs like this. */
async function withTask(
  product: Product,
  plan: TaskPlan,
  use: (hands: Hands) => Promise<void>,
): Promise<void> {
  const clock = createFastClock(factor);
  await withFollowBench({ clock, simulate: { scripts: [plan] } }, async ({ simulators, deploy }) => {
    const deployed = deploy();
    const [given] = await deployed.start(product, 1);
    if (given === undefined) throw new Error("Nothing was started.");
    const beganAt = clock.now();
    await use({
      clock,
      simulator: simulators[product],
      taskId: given.startedTaskId,
      deployed,
      deploy,
      elapsed: () => clock.now() - beganAt,
      isSeen: () => deployed.deployment.statuses.length > 0,
      follow: (more, previous) =>
        (previous === undefined ? deployed : deploy()).follow({ ...given, ...more }, previous?.outcome),
    });
    expect(simulators[product].starts).toHaveLength(1);
  });
}

/** Begins to run and comes no further. */
const still: TaskPlan = {
  pendingMs: 0,
  durationMs: second,
  outcome: "RUNNING",
  messages: ["copying disk 2 of 3"],
};

const cases: Readonly<Record<string, (product: Product) => Promise<void>>> = {
  "a task that stands still is warned of once, with what it was doing last": (product) =>
    withTask(product, still, async ({ follow, clock, simulator, taskId, deployed }) => {
      const warnings = (): string[] =>
        deployed.deployment.warnings.filter((text) => text.startsWith("Nothing has changed"));
      const following = follow();
      await until(() => warnings().length > 0, "the warning");
      await clock.sleep(5 * minute);
      simulator.finish(taskId);
      expect((await following).outcome.status).toBe("SUCCEEDED");
      expect(warnings()).toHaveLength(1);
      expect(warnings()[0]).toMatch(
        /^Nothing has changed for (?:1[5-9]|[2-9]\d)m.*: last seen as \w.* It is still waited for\.$/,
      );
      if (product === "vcenter") expect(warnings()[0]).toContain("copying disk 2 of 3");
    }),

  "stallTimeout fails with state, and a change begins it anew": (product) =>
    withTask(product, still, async ({ follow, clock, simulator, taskId, isSeen }) => {
      const following = follow({ stallTimeout: "20m" });
      await until(isSeen);
      await clock.sleep(4 * minute);
      const changedAt = clock.now();
      // Another word for the same.
      simulator.change(taskId, { nativeStatus: { RUNNING: "running" } });
      const stalled = await following;
      expect(stalled.outcome).toMatchObject({ status: "RUNNING", taskId });
      expect(stalled.failure).toContain("stalled: nothing has changed for");
      expect(clock.now() - changedAt).toBeGreaterThanOrEqual(20 * minute - second);
      simulator.finish(taskId);
      expect((await follow({}, stalled)).outcome.status).toBe("SUCCEEDED");
    }),

  "an outage is no stall": (product) =>
    withTask(product, still, async ({ follow, simulator, taskId, isSeen }) => {
      const following = follow({ stallTimeout: "6m" });
      await until(isSeen);
      simulator.restart({ downMs: 10 * minute });
      // It ends while nobody can see it.
      simulator.finish(taskId);
      expect(await following).toMatchObject({ outcome: { status: "SUCCEEDED" } });
    }),

  "a deadline in a pause that the server asked for is kept, and the server is left alone": (product) =>
    withTask(product, still, async ({ follow, simulator, elapsed, isSeen }) => {
      const following = follow({ timeout: "9m" });
      await until(isSeen);
      for (const operation of ["get", "list"] as const)
        simulator.fault({
          what: "status",
          status: 429,
          headers: { "retry-after": "600" },
          match: { operation },
          times: Infinity,
        });
      const end = await following;
      expect(end.outcome.status).toBe("RUNNING");
      expect(end.failure).toContain("timed out after ");
      expect(elapsed()).toBeLessThan(30 * minute);
      expect(simulator.requests.filter(({ status }) => status === 429)).toHaveLength(1);
      expect(simulator.requests.at(-1)?.status).toBe(429);
    }),

  "a deadline in an outage is kept, with what was seen last": (product) =>
    withTask(product, still, async ({ follow, simulator, taskId, elapsed, isSeen }) => {
      const following = follow({ timeout: "10m" });
      await until(isSeen);
      simulator.restart({ downMs: 60 * minute });
      const end = await following;
      expect(end.outcome).toMatchObject({ status: "RUNNING", taskId });
      expect(end.failure).toMatch(/timed out after .*\n.*last seen as/);
      expect(elapsed()).toBeLessThan(30 * minute);
    }),
};

const cells = products.flatMap((product) =>
  Object.entries(cases).map(([name, play]) => [product, name, play] as const),
);
const running = new Map<unknown, Promise<unknown>>();

// All at once, for each of them only waits.
beforeAll(() => {
  for (const [product, name, play] of cells)
    running.set(
      `${product}: ${name}`,
      play(product).catch((error: unknown) => error),
    );
});

test.each(cells)("%s: %s", async (product, name) => {
  expect(await running.get(`${product}: ${name}`)).toBeUndefined();
});

describe.each([60, -60])("our own clock is set by %d minutes in the middle of waits", (minutes) => {
  const real = Date.now;
  afterEach(() => {
    Date.now = real;
  });

  test("and no wait, stall or deadline is moved by it", async () => {
    const ends = products.map((product) =>
      withTask(
        product,
        { pendingMs: 0, durationMs: 15 * minute },
        async ({ follow, clock, simulator, elapsed, isSeen }) => {
          const logIns = (): number => simulator.counts().login;
          const following = follow({ timeout: "40m", stallTimeout: "30m" });
          await until(isSeen);
          const before = logIns();
          Date.now = () => real() + minutes * minute;
          // What lives by dates must bear it too: a new session, and a pause until a date of the server's.
          simulator.expireSessions();
          await until(() => logIns() > before, "the new session");
          const date = new Date(clock.now() + 30 * second).toUTCString();
          for (const operation of ["get", "list"] as const)
            simulator.fault({
              what: "status",
              status: 503,
              headers: { "retry-after": date },
              match: { operation },
            });
          expect(await following).toMatchObject({ outcome: { status: "SUCCEEDED" } });
          expect(elapsed()).toBeGreaterThanOrEqual(14 * minute);
          expect(logIns()).toBeLessThanOrEqual(3);
        },
      ),
    );
    const failed = (await Promise.allSettled(ends)).filter(({ status }) => status === "rejected");
    expect(failed).toEqual([]);
  });
});
