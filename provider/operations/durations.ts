import { createHash } from "node:crypto";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { sync as writeFileAtomic } from "write-file-atomic";

import * as z from "../zod";
import type { Clock } from "../tasks";

/** Between which bounds a run is expected to last, in milliseconds. */
export interface Range {
  readonly shortestMs: number;
  readonly longestMs: number;
}

/** How long operations of each kind took, so that the end of the next one is expected. */
export interface Durations {
  /** Remembers a run; never fails, for a folder that cannot be written only costs requests. */
  add(kind: readonly unknown[], ms: number): void;
  /** `undefined` while too few runs of that kind are known. */
  range(kind: readonly unknown[]): Range | undefined;
  /** Writes what is not on disk yet. */
  flush(): void;
}

// Of each kind so many runs; of kinds so many, those that ran last.
const keptRuns = 10;
const keptKinds = 300;
const fewestRuns = 3;
// Runs that were alike by chance do not show how much such runs differ.
const leastSpread = 0.15;
const betweenWritesMs = 1_000;

const fileSchema = z.object({
  version: z.literal(1),
  runs: z.record(z.string(), z.array(z.number().nonnegative()).nonempty()),
});

type Runs = Map<string, readonly number[]>;

/** No names of servers or operations are written: what is compared needs none. */
function keyOf(kind: readonly unknown[]): string {
  return createHash("sha256").update(JSON.stringify(kind)).digest("base64url").slice(0, 16);
}

function readRuns(path: string): Runs {
  try {
    return new Map(Object.entries(fileSchema.parse(JSON.parse(readFileSync(path, "utf8"))).runs));
  } catch {
    // Not there yet, or nothing that this version understands.
    return new Map();
  }
}

/** Opens what is remembered in a folder; without one, it is remembered as long as the process lives. */
export function openDurations(folder: string | undefined, clock: Clock): Durations {
  const path = folder === undefined ? undefined : join(folder, "durations");
  let runs: Runs | undefined;
  let unwritten: Runs = new Map();
  let writtenAt = -Infinity;

  const known = (): Runs =>
    (runs ??= path === undefined ? new Map<string, readonly number[]>() : readRuns(path));

  const put = (into: Runs, key: string, lasted: readonly number[]): void => {
    // The last one of a map is the one that was put in last.
    into.delete(key);
    into.set(key, lasted);
    for (const oldest of into.keys()) {
      if (into.size <= keptKinds) break;
      into.delete(oldest);
    }
  };

  const flush = (): void => {
    if (path === undefined || folder === undefined || unwritten.size === 0) return;
    writtenAt = clock.now();
    // Other processes have written meanwhile; of a kind that they have written too, ours is as good as theirs.
    const all = readRuns(path);
    for (const [key, lasted] of unwritten) put(all, key, lasted);
    unwritten = new Map();
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      const text = JSON.stringify({ version: 1, runs: Object.fromEntries(all) });
      writeFileAtomic(path, text, { mode: 0o600, fsync: false });
    } catch {
      // The journal, which must be written, says what is wrong with the folder.
    }
  };

  return {
    add(kind, ms) {
      const key = keyOf(kind);
      const lasted = [...(known().get(key) ?? []), Math.round(ms)].slice(-keptRuns);
      put(known(), key, lasted);
      put(unwritten, key, lasted);
      if (clock.now() - writtenAt >= betweenWritesMs) flush();
    },
    range(kind) {
      const lasted = known().get(keyOf(kind)) ?? [];
      if (lasted.length < fewestRuns) return undefined;
      const shortest = Math.min(...lasted);
      const longest = Math.max(...lasted);
      // So much more is expected beyond the extremes of so many runs.
      const margin = Math.max(longest - shortest, longest * leastSpread) / (lasted.length + 1);
      return { shortestMs: Math.max(shortest - margin, 0), longestMs: longest + margin };
    },
    flush,
  };
}
