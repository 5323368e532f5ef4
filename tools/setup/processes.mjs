// Child processes that never outlive us: each background child leads a process group of its own, and
// whatever ends this process (Ctrl-C, a signal, a crash) ends the groups and runs the clean-ups first.
import { spawn } from "node:child_process";
import { constants } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";

const KEPT_OUTPUT = 64 * 1024;
const GRACE_MS = 5_000;
// npm passes a Ctrl-C on to us although the terminal has sent it already: two within this time are one.
const SAME_SIGNAL_MS = 400;

const background = new Set();
const cleanUps = new Set();
let foreground;
let ending;
let lastSignalAt = -Infinity;
let watching = false;

/**
 * Runs a command to its end. Its output is kept (the last 64 kB) or, with `show`, goes where ours goes.
 * A command that cannot be started counts as one that failed with code 127.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, show?: boolean, timeoutMs?: number,
 *   started?: (pid: number) => void }} [options]
 * @returns {Promise<{ code: number, output: string, stdout: string }>}
 */
export function run(command, args, { cwd, env, show = false, timeoutMs, started } = {}) {
  watchForTheEnd();
  const stdio = show ? ["ignore", "inherit", "inherit"] : ["ignore", "pipe", "pipe"];
  const child = spawn(command, args, { cwd, env, stdio, detached: true });
  background.add(child);
  if (child.pid !== undefined) started?.(child.pid);
  let output = "";
  let stdout = "";
  const keep = (text) => (output = (output + text).slice(-KEPT_OUTPUT));
  child.stdout?.setEncoding("utf8").on("data", (text) => {
    stdout = (stdout + text).slice(-KEPT_OUTPUT);
    keep(text);
  });
  child.stderr?.setEncoding("utf8").on("data", keep);
  const timer =
    timeoutMs &&
    setTimeout(() => {
      keep(`\nstopped: no end after ${String(timeoutMs / 1000)} s\n`);
      signalGroup(child, "SIGKILL");
    }, timeoutMs);
  return new Promise((resolve) => {
    const end = (code) => {
      clearTimeout(timer);
      background.delete(child);
      // When we are ending ourselves, nobody shall report what we have stopped as a failure.
      if (!ending) resolve({ code, output, stdout });
    };
    child.on("error", (error) => {
      keep(error.message);
      end(127);
    });
    child.on("close", (code) => end(code ?? 1));
  });
}

/**
 * Runs a command that owns the terminal: it is in our process group, so that Ctrl-C reaches it directly and
 * it may end in its own way; we end after it.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} options
 * @returns {Promise<number>} its exit code
 */
export function runInForeground(command, args, { cwd, env }) {
  watchForTheEnd();
  const child = spawn(command, args, { cwd, env, stdio: "inherit" });
  return new Promise((resolve, reject) => {
    foreground = child;
    child.on("error", reject);
    child.on("close", (code) => {
      foreground = undefined;
      if (ending) void endWith(ending);
      else resolve(code ?? 1);
    });
  });
}

/**
 * Starts a command that serves until we end. Its standard input is a pipe that closes with us, whatever kills us.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} options
 */
export function serve(command, args, { cwd, env }) {
  watchForTheEnd();
  const child = spawn(command, args, { cwd, env, stdio: ["pipe", "pipe", "pipe"], detached: true });
  background.add(child);
  child.on("close", () => background.delete(child));
  return child;
}

/** Ends a child, by force if it does not listen. */
export async function stop(child) {
  if (!background.has(child)) return;
  const closed = new Promise((resolve) => child.once("close", () => resolve(true)));
  const patience = (ms) => sleep(ms, false, { ref: false });
  signalGroup(child, "SIGTERM");
  if (await Promise.race([closed, patience(GRACE_MS)])) return;
  signalGroup(child, "SIGKILL");
  // What the child has started may have left its group and hold its output open; that is no reason to stay.
  await Promise.race([closed, patience(1_000)]);
}

/**
 * Has `cleanUp` (which must be synchronous) run when this process ends in whatever way it can notice.
 * @returns {() => void} takes it off the list again
 */
export function atEnd(cleanUp) {
  watchForTheEnd();
  cleanUps.add(cleanUp);
  return () => cleanUps.delete(cleanUp);
}

function onSignal(signal) {
  const now = performance.now();
  if (now - lastSignalAt < SAME_SIGNAL_MS) return;
  lastSignalAt = now;
  const again = ending !== undefined;
  ending = signal;
  if (foreground) {
    const byTerminal = signal === "SIGINT" && process.stdin.isTTY;
    if (!byTerminal) foreground.kill("SIGINT");
  } else if (again) {
    process.exit(exitCode(signal));
  } else {
    void endWith(signal);
  }
}

async function endWith(signal) {
  await Promise.all([...background].map(stop));
  process.exit(exitCode(signal));
}

function exitCode(signal) {
  return 128 + constants.signals[signal];
}

function signalGroup(child, signal) {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, signal);
  } catch {
    // It has ended by itself.
  }
}

function watchForTheEnd() {
  if (watching) return;
  watching = true;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, onSignal);
  process.on("exit", () => {
    for (const child of background) signalGroup(child, "SIGKILL");
    for (const cleanUp of cleanUps) cleanUp();
  });
}
