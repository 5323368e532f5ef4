// One at a time, across processes. The lock is a folder that names its owner; it appears by being renamed
// into place, which fails while another stands there, so that it is never seen half made.
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { statSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { atEnd } from "./processes.mjs";

const LOOK_MS = 300;
const HEARTBEAT_MS = 5_000;
// An owner that cannot be asked (another machine, or its process id was given away) is believed for so long.
const SILENCE_MS = 120_000;

/**
 * @template T
 * @param {string} path where the lock stands while it is held
 * @param {(lock: { alsoHeldBy: (pid: number) => void }) => Promise<T>} work
 * @param {(owner: number) => void} [waiting] called once when somebody else holds it
 * @returns {Promise<T>}
 */
export async function withLock(path, work, waiting) {
  const key = uniqueName();
  let told = false;
  while (!take(path, key)) {
    const owner = ownerOf(path);
    if (owner && isGone(path, owner)) {
      setAside(path, owner.key);
      continue;
    }
    if (owner && !told) {
      told = true;
      waiting?.(owner.pids[0]);
    }
    await sleep(LOOK_MS + Math.random() * LOOK_MS);
  }
  const heartbeat = setInterval(() => beat(path), HEARTBEAT_MS).unref();
  const release = () => {
    clearInterval(heartbeat);
    setAside(path, key);
  };
  const forget = atEnd(release);
  try {
    // A child that goes on when we are killed must be waited for as well.
    return await work({ alsoHeldBy: (pid) => writeOwner(path, key, [process.pid, pid]) });
  } finally {
    forget();
    release();
  }
}

function take(path, key) {
  if (existsSync(path)) return false;
  const prepared = `${path}.${key}`;
  mkdirSync(prepared);
  writeOwner(prepared, key, [process.pid]);
  try {
    renameSync(prepared, path);
    return true;
  } catch (error) {
    rmSync(prepared, { recursive: true });
    if (error.code === "ENOTEMPTY" || error.code === "EEXIST") return false;
    throw error;
  }
}

/** Takes away the lock with that key, in one piece: while a folder is being emptied, another's can be renamed over it. */
function setAside(path, key) {
  const aside = `${path}.${uniqueName()}`;
  try {
    renameSync(path, aside);
    if (ownerOf(aside)?.key === key) rmSync(aside, { recursive: true, force: true });
    else renameSync(aside, path);
  } catch (error) {
    if (error.code !== "ENOENT" && error.code !== "ENOTEMPTY" && error.code !== "EEXIST") throw error;
  }
}

function isGone(path, { host, pids }) {
  try {
    if (Date.now() - statSync(path).mtimeMs > SILENCE_MS) return true;
  } catch {
    return false;
  }
  return host === hostname() && !pids.some(isAlive);
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

function beat(path) {
  try {
    utimesSync(path, new Date(), new Date());
  } catch {
    // Somebody took the lock for abandoned, after a machine's sleep for example; the work goes on.
  }
}

function ownerOf(path) {
  try {
    return JSON.parse(readFileSync(join(path, "owner.json"), "utf8"));
  } catch {
    return undefined;
  }
}

function writeOwner(folder, key, pids) {
  const file = join(folder, "owner.json");
  writeFileSync(`${file}.new`, JSON.stringify({ key, host: hostname(), pids }));
  renameSync(`${file}.new`, file);
}

function uniqueName() {
  return `${process.pid}-${Math.random().toString(36).slice(2)}`;
}
