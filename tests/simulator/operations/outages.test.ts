// An endpoint that is away for long while many tasks are followed: what becomes of them, and of the endpoint at its return.
import type { Completion } from "../../../provider/operations";
import { products } from "../../../provider/tasks";
import { createClient } from "../../../provider/clients";
import { createFastClock } from "../../support/fast-clock";
import { withFollowBench } from "../../support/follow-bench";
import { until } from "../../support/until";
import { settingsOf } from "../../support/with-simulator";

const factor = 80;
const second = 1_000;
const minute = 60 * second;
const statuses = (completions: readonly Completion[]): string[] => [
  ...new Set(completions.map(({ outcome }) => outcome.status)),
];

/** The most moments that lie within any span of so many milliseconds. */
function mostWithin(moments: readonly number[], span: number): number {
  return Math.max(0, ...moments.map((from) => moments.filter((at) => at >= from && at < from + span).length));
}

test.concurrent.each(products)(
  "%s: fifty tasks outlive ten minutes of nothing, and its return is met by no burst",
  async (product) => {
    const clock = createFastClock(factor);
    const simulate = { defaultDurationMs: 13 * minute, scripts: [{ pendingMs: 0 }] };
    await withFollowBench({ clock, simulate }, async ({ simulators, deploy }) => {
      const simulator = simulators[product];
      const { start, follow } = deploy();
      const all = await start(product, 50);
      const following = Promise.all(all.map((given) => follow(given)));
      await clock.sleep(minute);
      const goneAt = clock.now();
      simulator.restart({ downMs: 10 * minute });
      const completions = await following;

      expect(statuses(completions)).toEqual(["SUCCEEDED"]);
      expect(simulator.starts).toHaveLength(50);
      const since = simulator.requests.filter(({ at }) => at > goneAt);
      // None before: the outage was as long as it was to be.
      expect(Math.min(...since.map(({ at }) => at))).toBeGreaterThanOrEqual(goneAt + 10 * minute);
      // One password, and one refresh token of SDDC Manager in two forms, which the restart has ended as well.
      const logIns = since.filter(({ operation }) => operation === "login");
      expect(logIns.filter(({ method }) => method === "POST")).toHaveLength(1);
      expect(logIns.length).toBeLessThanOrEqual(product === "sddc-manager" ? 3 : 1);
      const client = createClient(settingsOf(simulator, product));
      const looks = since.filter(({ operation }) => operation === "get" || operation === "list");
      // What the rate allows in a minute, and the few that may go at once after a rest.
      expect(
        mostWithin(
          looks.map(({ at }) => at),
          minute,
        ),
      ).toBeLessThanOrEqual(60 * client.requestsPerSecond + client.costOf(50) + 4);
      // And at the very return no more than what one look at all of them costs, and its few neighbours.
      expect(
        mostWithin(
          looks.map(({ at }) => at),
          2 * second,
        ),
      ).toBeLessThanOrEqual(2 * client.requestsPerSecond + client.costOf(50) + 4);
    });
  },
);

test.concurrent.each(products)(
  "%s: an outage that is too long fails with state, as often as it lasts, and is gone on with",
  async (product) => {
    const clock = createFastClock(factor);
    const simulate = { scripts: [{ outcome: "RUNNING" as const }] };
    await withFollowBench({ clock, simulate }, async ({ simulators, deploy }) => {
      const simulator = simulators[product];
      const tolerant = { outageTolerance: "2m" };
      const first = deploy(tolerant);
      const all = await first.start(product, 5);
      const following = Promise.all(all.map((given) => first.follow(given)));
      await until(() => first.deployment.statuses.length >= all.length);
      simulator.restart({ downMs: 24 * 60 * minute });
      const goneAt = clock.now();
      const failed = await following;

      expect(statuses(failed)).toEqual(["RUNNING"]);
      expect(clock.now() - goneAt).toBeGreaterThanOrEqual(2 * minute - second);
      for (const { failure, outcome } of failed) {
        expect(failure).toContain("can no longer be followed; it may still be running");
        expect(failure).toContain("goes on waiting for it and starts nothing");
        expect(outcome.task).toBeDefined();
      }
      const again = async (previous: readonly Completion[]): Promise<Completion[]> => {
        const next = deploy(tolerant);
        return Promise.all(all.map((given, index) => next.follow(given, previous[index]?.outcome)));
      };
      // Another deployment while it is still away.
      const stillAway = await again(failed);
      expect(statuses(stillAway)).toEqual(["RUNNING"]);
      simulator.restart();
      for (const { startedTaskId } of all) simulator.finish(startedTaskId);
      const back = await again(stillAway);
      expect(statuses(back)).toEqual(["SUCCEEDED"]);
      expect(back.map(({ outcome }) => outcome.taskId)).toEqual(
        all.map(({ startedTaskId }) => startedTaskId),
      );
      expect(simulator.starts).toHaveLength(5);
    });
  },
);
