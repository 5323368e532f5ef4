// Waits ten thousand times, half of them to the end, and tells how much memory is held afterwards that was not held before.
import { getEventListeners } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getHeapSpaceStatistics } from "node:v8";

import { products } from "../../../provider/tasks";
import { createFastClock } from "../fast-clock";
import { deployTo, startable, type Deployed } from "../follow-bench";
import { endpointsOf } from "../endpoints";

/** What the test hands over. */
export interface LeakArguments {
  readonly url: string;
  readonly username: string;
  readonly password: string;
  /** Holds one small object for each wait on purpose, to see that it is noticed. */
  readonly isLeaky: boolean;
}

/** What the test is told. */
export interface Leaks {
  readonly waits: number;
  /** Bytes. */
  readonly grownBy: number;
  readonly listeners: number;
}

const { isLeaky, ...access } = JSON.parse(process.argv[2] ?? "{}") as LeakArguments;
const left: object[] = [];
const each = 50;
// Before the first count, so that what is made once is there.
const warmUpRounds = 30;
// Of 400 waits each.
const rounds = 25;

// Where objects are; compiled code is elsewhere, and grows and shrinks as the engine likes.
const objectSpaces = new Set(["new_space", "old_space", "large_object_space", "new_large_object_space"]);

function heap(): number {
  globalThis.gc?.();
  return getHeapSpaceStatistics()
    .filter(({ space_name }) => objectSpaces.has(space_name))
    .reduce((sum, { space_used_size }) => sum + space_used_size, 0);
}

/** Bytes of all objects that are still held: the least of some counts, for what a socket or a timer has just let go is free only a turn later. */
async function held(): Promise<number> {
  let least = heap();
  for (let time = 0; time < 10; time += 1) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    least = Math.min(least, heap());
  }
  return least;
}

async function round(
  { context, follow }: Deployed,
  tasks: Readonly<Record<string, string>>,
): Promise<number> {
  const waits = products.map(async (product) => {
    const { endpoint, request } = startable(product, "x");
    const startedTaskId = tasks[product] ?? "";
    const { watcher } = context.open(endpoint);
    const leaving = new AbortController();
    const { signal } = leaving;
    const aborted = Array.from({ length: each }, () =>
      watcher.watch({ ref: { id: "gone", kind: "task" }, signal }),
    );
    const all = Promise.allSettled(aborted);
    // Some leave in the middle of a look, some between two.
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 3));
    leaving.abort();
    const ended = Array.from({ length: each }, (_one, index) => {
      const resourceUrn = `urn:pulumi:dev::p::t::${product}-${index}`;
      return follow({ resourceUrn, endpoint, request, startedTaskId });
    });
    for (const { outcome } of await Promise.all(ended))
      if (outcome.status !== "SUCCEEDED") throw new Error(`${product} ended as ${outcome.status}`);
    const waits = (await all).length + ended.length;
    if (isLeaky) for (let wait = 0; wait < waits; wait += 1) left.push({ at: Math.random() });
    return waits;
  });
  return (await Promise.all(waits)).reduce((sum, count) => sum + count, 0);
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "leaks-"));
  const deployed = deployTo({ endpoints: endpointsOf(access), clock: createFastClock(200), folder });
  const { context, deployment } = deployed;
  try {
    const started = products.map(async (product) => {
      const [one] = await deployed.start(product, 1);
      return [product, one?.startedTaskId ?? ""] as const;
    });
    const tasks = Object.fromEntries(await Promise.all(started));
    for (let time = 0; time < warmUpRounds; time += 1) await round(deployed, tasks);
    // What a deployment was shown is the test's own memory.
    deployment.statuses.length = 0;
    const before = await held();
    let waits = 0;
    for (let time = 0; time < rounds; time += 1) {
      waits += await round(deployed, tasks);
      deployment.statuses.length = 0;
    }
    const grownBy = (await held()) - before;
    const listeners = getEventListeners(deployment.signal, "abort").length;
    process.stdout.write(JSON.stringify({ waits, grownBy, listeners } satisfies Leaks));
  } finally {
    await context.close(AbortSignal.timeout(1_000));
    rmSync(folder, { recursive: true, force: true });
  }
}

void main();
