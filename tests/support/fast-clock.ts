// The real time, many times faster: hours of following over real HTTP in seconds.
import { setTimeout as sleep } from "node:timers/promises";

import type { Clock } from "../../provider/tasks";

const tickMs = 2;
/** A machine that is too busy to tick stops the clock: else minutes would pass in which nobody could look. */
const longestTickMs = 10;

/** Milliseconds for which the machine kept up. */
let kept = 0;
let ticker: NodeJS.Timeout | undefined;

function keepTime(): void {
  if (ticker !== undefined) return;
  let last = performance.now();
  ticker = setInterval(() => {
    const now = performance.now();
    kept += Math.min(now - last, longestTickMs);
    last = now;
  }, tickMs).unref();
}

/** Builds a clock whose hours take `factor` times less; it begins now. */
export function createFastClock(factor: number): Clock {
  keepTime();
  const began = Date.now();
  const origin = kept;
  const now = (): number => Math.round(began + (kept - origin) * factor);
  return {
    now,
    async sleep(ms, signal) {
      const end = now() + ms;
      signal?.throwIfAborted();
      // At least once, for another's turn comes with any sleep.
      do {
        const left = Math.max(0, end - now()) / factor;
        await sleep(left, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
        signal?.throwIfAborted();
      } while (now() < end);
    },
    random: () => Math.random(),
  };
}
