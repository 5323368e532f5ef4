import { readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";

// No server remembers a task for so long, and few people a stack; a record has half a kilobyte, so nothing hurries.
const keptMs = 365 * 24 * 3_600_000;

// Records, what was set aside of them, and what a killed process left half written.
const ours = /^[0-9a-f]{32}\.[a-z]+\.json(\..+)?$/;

/** Removes records of stacks that are long gone. Never fails: the journal works as well with them. */
export function removeExpired(folder: string): void {
  const oldest = Date.now() - keptMs;
  const names = attempt(() => readdirSync(folder)) ?? [];
  for (const path of names.filter((name) => ours.test(name)).map((name) => join(folder, name))) {
    attempt(() => {
      if (statSync(path).mtimeMs < oldest) rmSync(path, { force: true });
    });
  }
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    // Another process was quicker, or it is not ours to look at or to remove.
    return undefined;
  }
}
