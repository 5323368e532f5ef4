import { readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";

// No server remembers a task for so long, and few people a stack; a record has half a kilobyte, so nothing hurries.
const keptMs = 365 * 24 * 3_600_000;

// Records, what was set aside of them, and what a killed process left half written.
const ours = /^[0-9a-f]{32}\.[a-z]+\.json(\..+)?$/;

/** Removes records of stacks that are long gone. Never fails: the journal works as well with them. */
export function removeExpired(folder: string): void {
  const oldest = Date.now() - keptMs;
  for (const name of readdirSync(folder)) {
    if (!ours.test(name)) continue;
    const path = join(folder, name);
    try {
      if (statSync(path).mtimeMs < oldest) rmSync(path, { force: true });
    } catch {
      // Another process was quicker, or it is not ours to remove.
    }
  }
}
