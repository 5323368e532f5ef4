// Time that jumps from one sleeper to the next as soon as nothing is left to do.
import { setImmediate } from "node:timers/promises";

/**
 * A `Clock` of provider/tasks, in whose time a promise can be run to its end.
 *
 * @param {() => number} random
 */
export function createVirtualClock(random) {
  let now = 0;
  const sleepers = new Set();

  const wakeNext = () => {
    const [first, ...others] = sleepers;
    if (first === undefined) throw new Error("Nobody sleeps, and the end does not come.");
    const next = others.reduce((soonest, one) => (one.at < soonest.at ? one : soonest), first);
    now = next.at;
    next.wake();
  };

  return {
    now: () => now,
    random,
    sleep(ms, signal) {
      return new Promise((resolve, reject) => {
        signal?.throwIfAborted();
        const leave = () => {
          sleepers.delete(sleeper);
          signal?.removeEventListener("abort", abort);
        };
        const abort = () => {
          leave();
          reject(signal.reason);
        };
        const sleeper = {
          at: now + Math.max(0, ms),
          wake() {
            leave();
            resolve();
          },
        };
        sleepers.add(sleeper);
        signal?.addEventListener("abort", abort);
      });
    },
    /**
     * @template T
     * @param {Promise<T>} promise
     */
    async run(promise) {
      let isSettled = false;
      const settle = () => {
        isSettled = true;
      };
      promise.then(settle, settle);
      for (;;) {
        // All that needs no time happens before the next turn.
        await setImmediate();
        if (isSettled) return promise;
        wakeNext();
      }
    },
  };
}
