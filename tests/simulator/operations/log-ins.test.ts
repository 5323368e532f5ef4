// How often a password is sent: once where it is wrong, whatever waits, starts and retries; never in a storm.
import type { Completion } from "../../../provider/operations";
import type { RecordedRequest, Simulator } from "../../../provider/simulator";
import { products } from "../../../provider/tasks";
import { createFastClock } from "../../support/fast-clock";
import { withFollowBench } from "../../support/follow-bench";
import { errorOf } from "../../support/with-simulator";

const second = 1_000;
const minute = 60 * second;

/** Requests that carry a password; a refresh token of SDDC Manager is none. */
const tries = ({ requests }: Simulator): RecordedRequest[] =>
  requests.filter(({ operation, method }) => operation === "login" && method === "POST");

const endings = (completions: readonly Completion[]): string[] => [
  ...new Set(
    completions.map(
      ({ outcome, failure = "" }) => `${outcome.status}: ${failure.includes("refused the log-in")}`,
    ),
  ),
];

test.concurrent.each(products)("%s: a wrong password is sent once", async (product) => {
  await withFollowBench({ clock: createFastClock(60) }, async ({ simulators, deploy }) => {
    const simulator = simulators[product];
    const good = deploy();
    const all = await good.start(product, 10);
    const before = tries(simulator).length;

    const wrong = deploy({ password: "not-it" });
    const first = await Promise.all(all.map((given) => wrong.follow(given)));
    expect(endings(first)).toEqual(["RUNNING: true"]);
    // Starts, and more waits of the same deployment.
    for (let time = 0; time < 3; time += 1) {
      expect((await errorOf(wrong.start(product, 3))).message).toContain("refused the log-in");
      expect(endings(await Promise.all(all.map((given) => wrong.follow(given))))).toEqual(["RUNNING: true"]);
    }
    expect(tries(simulator)).toHaveLength(before + 1);
    expect(simulator.starts).toHaveLength(10);

    // What a change of the configuration mends, and that alone.
    const mended = await Promise.all(all.map((given, index) => good.follow(given, first[index]?.outcome)));
    expect(endings(mended)).toEqual(["SUCCEEDED: false"]);
  });
});

test.concurrent.each(products)(
  "%s: a password that is changed in the middle of waits is sent once",
  async (product) => {
    const clock = createFastClock(60);
    const simulate = { scripts: [{ outcome: "RUNNING" as const }] };
    await withFollowBench({ clock, simulate }, async ({ simulators, deploy }) => {
      const simulator = simulators[product];
      const { start, follow } = deploy();
      const all = await start(product, 20);
      const retry = { how: "startAgain" as const, maxAttempts: 3, delay: "2m" };
      const following = Promise.all(all.map((given) => follow({ ...given, retry })));
      for (const { startedTaskId } of all.slice(0, 5)) simulator.finish(startedTaskId, "FAILED");
      await clock.sleep(minute);
      const before = tries(simulator).length;
      simulator.fault({ what: "status", status: 401, match: { operation: "login" }, times: Infinity });
      simulator.restart();
      const completions = await following;

      expect(tries(simulator)).toHaveLength(before + 1);
      expect(simulator.starts).toHaveLength(20);
      // Those that had failed keep their own failure, for they are to be attempted again.
      expect(endings(completions).sort()).toEqual(["FAILED: true", "RUNNING: true"]);
      expect((await errorOf(start(product, 2))).message).toContain("refused the log-in");
      expect(tries(simulator)).toHaveLength(before + 1);
    });
  },
);

test.concurrent.each(products)("%s: sessions that are never taken make no storm", async (product) => {
  const clock = createFastClock(60);
  await withFollowBench(
    { clock, simulate: { defaultDurationMs: 2 * minute } },
    async ({ simulators, deploy }) => {
      const simulator = simulators[product];
      const { start, follow } = deploy();
      const all = await start(product, 20);
      const before = simulator.requests.length;
      for (const operation of ["get", "list"] as const)
        simulator.fault({ what: "status", status: 401, match: { operation }, times: Infinity });
      const follows = async (): Promise<void> => {
        expect(endings(await Promise.all(all.map((given) => follow(given))))).toEqual(["RUNNING: true"]);
      };
      await follows();
      const logIns = (): number =>
        simulator.requests.slice(before).filter(({ operation }) => operation === "login").length;
      expect(logIns()).toBe(1);
      for (let time = 0; time < 5; time += 1) await follows();
      expect(logIns()).toBe(1);
      // One look with the old session, one with the new one, and one for each later deployment's worth of waits.
      const looks = simulator.requests.slice(before).length - logIns();
      expect(looks).toBe(2 + 5);
    },
  );
});
