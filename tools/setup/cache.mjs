// What takes long to get (Node, the Pulumi CLI) is kept outside the clone, for all clones of this user. An
// entry is named after its versions and appears complete or not at all: it is made beside its place and renamed.
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { withLock } from "./lock.mjs";
import { Problem } from "./problem.mjs";
import { atEnd } from "./processes.mjs";

/** The kind of machine that binaries are for. */
export const platform = `${process.platform}-${process.arch}`;

export function cacheFolder(env = process.env, os = process.platform, home = homedir()) {
  if (env.VMWARE_TASKS_CACHE_DIR) return resolve(env.VMWARE_TASKS_CACHE_DIR);
  const caches =
    env.XDG_CACHE_HOME || (os === "darwin" ? join(home, "Library", "Caches") : join(home, ".cache"));
  return join(caches, "pulumi-vmware-tasks");
}

/** The path of an entry that is there already. */
export function findCached(name) {
  const entry = join(cacheFolder(), name);
  return existsSync(entry) ? entry : undefined;
}

/**
 * The path of an entry, made first if it is not there.
 *
 * @param {string} name
 * @param {(folder: string) => Promise<void>} make fills an empty folder; when it throws, nothing is kept
 * @param {(text: string) => void} note told when another process is making it
 * @returns {Promise<string>}
 */
export async function cached(name, make, note) {
  const found = findCached(name);
  if (found) return found;
  const entry = join(cacheFolder(), name);
  return withCacheLock(
    name,
    async () => {
      if (existsSync(entry)) return entry;
      for (const left of readdirSync(cacheFolder())) {
        if (left.startsWith(`${name}.part-`)) remove(join(cacheFolder(), left));
      }
      const part = `${entry}.part-${process.pid}`;
      mkdirSync(part);
      const discard = () => remove(part);
      const forget = atEnd(discard);
      try {
        await make(part);
        renameSync(part, entry);
      } finally {
        forget();
        discard();
      }
      return entry;
    },
    note,
  );
}

/** A lock that all runs of this user see. */
export function withCacheLock(name, work, note) {
  try {
    mkdirSync(cacheFolder(), { recursive: true });
  } catch (error) {
    throw new Problem(
      `The cache folder ${cacheFolder()} cannot be made (${error.message}).\n` +
        "Set VMWARE_TASKS_CACHE_DIR to a folder that can be written.",
    );
  }
  return withLock(join(cacheFolder(), `${name}.lock`), work, (owner) =>
    note(`another run (process ${owner}) is at it, waiting`),
  );
}

function remove(folder) {
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  } catch {
    // A child of a killed run may still be writing there. The next run finds and removes it.
  }
}
