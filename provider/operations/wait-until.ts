import pWaitFor from "p-wait-for";

import type { Clock } from "../tasks";

/** How often to look, and how long; times in milliseconds. */
export interface Pace {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly intervalMs: number;
  readonly timeoutMs: number;
}

/** Looks at a fixed pace until it holds; `false` when the time is up. Rejects at once when aborted. */
export async function waitUntil(
  holds: () => boolean | Promise<boolean>,
  { clock, signal, intervalMs, timeoutMs }: Pace,
): Promise<boolean> {
  const deadline = clock.now() + timeoutMs;
  let isMet = false;
  await pWaitFor(
    async () => {
      signal.throwIfAborted();
      isMet = await holds();
      const left = deadline - clock.now();
      if (isMet || left <= 0) return true;
      // The pace is kept by the injected clock, and the last look is at the very end.
      await clock.sleep(Math.min(intervalMs, left), signal);
      return false;
    },
    { interval: 0 },
  );
  return isMet;
}
