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
  for (;;) {
    signal.throwIfAborted();
    if (await holds()) return true;
    const left = deadline - clock.now();
    if (left <= 0) return false;
    // The last look is at the very end.
    await clock.sleep(Math.min(intervalMs, left), signal);
  }
}
