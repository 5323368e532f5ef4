// One task, followed by the package's own watcher in virtual time.
import { createWatcher } from "../../../dist/provider/watcher/index.js";
import { openDurations } from "../../../dist/provider/operations/durations.js";
import { createVirtualClock } from "./virtual-clock.mjs";

const ref = { id: "task-1", kind: "task" };

/**
 * Looks at a task until its end is seen.
 *
 * @param {object} task
 * @param {number} task.seconds - how long it takes
 * @param {(share: number) => number | undefined} task.fraction - the progress it tells when this share of its time has passed
 * @param {number[]} task.earlierRuns - how many seconds such tasks have taken, as far as this is remembered
 * @param {() => number} random
 */
export async function follow({ seconds, fraction, earlierRuns }, random) {
  const clock = createVirtualClock(random);
  const beganAt = clock.now();
  const endsAt = beganAt + seconds * 1000;
  let requests = 0;

  const snapshot = () => {
    const share = (clock.now() - beganAt) / (endsAt - beganAt);
    const isOver = clock.now() >= endsAt;
    return {
      ref,
      status: isOver ? "SUCCEEDED" : "RUNNING",
      nativeStatus: isOver ? "SUCCEEDED" : "RUNNING",
      name: "a task",
      progress: { fraction: isOver ? 1 : fraction(share) },
      resources: [],
      warnings: [],
      causes: [],
      native: {},
    };
  };

  const source = {
    batchSize: 1,
    // The rate of vCenter, the lowest one.
    requestsPerSecond: 1,
    costOf: () => 1,
    groupOf: () => "all",
    look() {
      requests += 1;
      return Promise.resolve([{ kind: "seen", snapshot: snapshot() }]);
    },
  };

  const watcher = createWatcher({ source, clock, outageToleranceMs: 60_000 });
  const durations = openDurations(undefined, clock);
  for (const run of earlierRuns) durations.add(["a task"], run * 1000);
  const range = durations.range(["a task"]);
  const usual = range && {
    soonestAt: beganAt + range.shortestMs,
    latestAt: beganAt + range.longestMs,
  };
  const wait = watcher.watch({
    ref,
    signal: new AbortController().signal,
    expectEnd: () => usual,
  });
  const end = await clock.run(wait);
  if (end.kind !== "ended") throw new Error(`The wait ended as ${end.kind}.`);
  return { requests, lag: (clock.now() - endsAt) / 1000 };
}
