// Waiting for what must come, and no longer than is sensible.
import { setTimeout as sleep } from "node:timers/promises";

/** Waits until a condition holds; fails when it does not in two minutes, or in another time that is given. */
export async function until(
  holds: () => boolean | Promise<boolean>,
  what = "what the test waits for",
  longestMs = 120_000,
): Promise<void> {
  const end = performance.now() + longestMs;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`It never came to this: ${what}`);
    await sleep(20);
  }
}
