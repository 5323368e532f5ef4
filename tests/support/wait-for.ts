const intervalMs = 50;

/** Waits until a condition holds, half a minute at most. */
export async function waitFor(condition: () => boolean, what: string): Promise<void> {
  for (let left = 30_000 / intervalMs; left > 0; left -= 1) {
    if (condition()) return;
    await new Promise((done) => setTimeout(done, intervalMs));
  }
  throw new Error(`Waited too long: ${what}`);
}
