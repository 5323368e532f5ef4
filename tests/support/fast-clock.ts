// The real time, many times faster: hours of following over real HTTP in seconds.
import { setTimeout as sleep } from "node:timers/promises";

import type { Clock } from "../../provider/tasks";

/** Builds a clock whose hours take `factor` times less; it begins now. */
export function createFastClock(factor: number): Clock {
  const began = Date.now();
  const origin = performance.now();
  return {
    now: () => Math.round(began + (performance.now() - origin) * factor),
    async sleep(ms, signal) {
      signal?.throwIfAborted();
      await sleep(ms / factor, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
      signal?.throwIfAborted();
    },
    random: () => Math.random(),
  };
}
