// The real time, many times faster: hours of following over real HTTP in seconds.
import { setTimeout as sleep } from "node:timers/promises";

import type { Clock } from "../../provider/tasks";

const tickMs = 2;
/** A machine that is too busy to tick stops the clock: else minutes would pass in which nobody could look. */
const longestTickMs = 10;

/** The ticks end when nobody has asked for the time for so long. */
const idleMs = 30_000;

/** Milliseconds for which the machine kept up. */
let kept = 0;
let askedAt = 0;
let ticker: NodeJS.Timeout | undefined;

/** The milliseconds that count; from the first question on. */
function keptTime(): number {
  askedAt = performance.now();
  if (ticker !== undefined) return kept;
  let last = askedAt;
  const started = setInterval(() => {
    const now = performance.now();
    kept += Math.min(now - last, longestTickMs);
    last = now;
    if (now - askedAt < idleMs) return;
    clearInterval(started);
    ticker = undefined;
  }, tickMs).unref();
  ticker = started;
  return kept;
}

/** Builds a clock whose hours take `factor` times less; it begins now. */
export function createFastClock(factor: number): Clock {
  const began = Date.now();
  const origin = keptTime();
  const now = (): number => Math.round(began + (keptTime() - origin) * factor);
  return {
    now,
    async sleep(ms, signal) {
      const end = now() + ms;
      signal?.throwIfAborted();
      // Once in any case: whoever sleeps for no time lets others go on.
      do {
        const left = Math.max(0, end - now()) / factor;
        await sleep(left, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
        signal?.throwIfAborted();
      } while (now() < end);
    },
    random: () => Math.random(),
  };
}
