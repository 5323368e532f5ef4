// What following costs: one process waits for thousands of running tasks of one vCenter; the watcher alone, the real
// process of dynamic providers, and that process where as many resources do nothing.
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { summary, table } from "../figures.mjs";
import { startEmptyProcess, startProviderProcess } from "./follow/provider-process.mjs";
import { usageOf } from "./follow/usage-of.mjs";
import { startWatcherProcess } from "./follow/watcher-process.mjs";
import { startChild } from "./live/child.mjs";

const sizes = [1_000, 5_000];
const processes = {
  "watcher alone": startWatcherProcess,
  provider: startProviderProcess,
  "empty provider": startEmptyProcess,
};
const runs = Number(process.env.BENCH_RUNS ?? 5);
// All of them outlive the measurement.
const lengthMs = 600_000;
const settleSeconds = 5;
const seconds = 60;

/** @returns {Promise<Record<string, number | undefined>>} undefined is what this system does not tell */
async function measure(start, tasks) {
  const simulator = startChild(join(import.meta.dirname, "live/simulator.mjs"));
  const subject = await start(await simulator.ask("access"));
  try {
    const idle = usageOf(subject.pid);
    const ids = await simulator.ask("start", Array(tasks).fill(lengthMs));
    await subject.begin(ids);
    await sleep(settleSeconds * 1000);
    const early = await simulator.ask("statusRequests");
    const before = usageOf(subject.pid);
    await sleep(seconds * 1000);
    const late = await simulator.ask("statusRequests");
    const after = usageOf(subject.pid);
    return {
      "status requests a second": (late - early) / seconds,
      [`status requests of the first ${settleSeconds} s`]: early,
      "processor, % of a core": after && ((after.cpuSeconds - before.cpuSeconds) / seconds) * 100,
      "memory before, MB": idle?.megabytes,
      "memory at most, MB": after?.mostMegabytes,
      "memory at the end, MB": after?.megabytes,
      "live heap, MB": await subject.liveHeap(),
    };
  } finally {
    subject.stop();
    simulator.stop();
  }
}

function cell(values) {
  return values.includes(undefined) ? "–" : summary(values);
}

const rows = [];
let columns = [];
for (const tasks of sizes) {
  for (const [name, start] of Object.entries(processes)) {
    const measured = [];
    for (let index = 0; index < runs; index += 1) {
      console.error(`${name}, ${tasks} tasks, run ${index + 1} of ${runs}`);
      measured.push(await measure(start, tasks));
    }
    columns = Object.keys(measured[0]);
    rows.push([`${name}, ${tasks} tasks`, ...columns.map((what) => cell(measured.map((run) => run[what])))]);
  }
}
table(
  `Following tasks of ${lengthMs / 60_000} minutes for ${seconds} s; runs: ${runs}, told as min / median / max.`,
  ["", ...columns],
  rows,
);
process.exit(0);
