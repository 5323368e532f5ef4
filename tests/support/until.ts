// Waiting for what must come, and no longer than is sensible.
import { setTimeout as sleep } from "node:timers/promises";

/** Waits until a condition holds; fails when it does not in ten seconds. */
export async function until(
  holds: () => boolean | Promise<boolean>,
  what = "what the test waits for",
): Promise<void> {
  const end = performance.now() + 10_000;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`It never came to this: ${what}`);
    await sleep(20);
  }
}
