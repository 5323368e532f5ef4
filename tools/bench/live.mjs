// Many tasks at once on one simulated vCenter, followed by this package, by other packages and by a plain loop.
//
//   BENCH_SIZES=1,10,100 BENCH_RUNS=1 npm run bench -- live
import { quantile } from "../figures.mjs";
import { lengths } from "./live/lengths.mjs";
import { installPeers } from "./live/peers.mjs";
import { prepareRun, run } from "./live/run.mjs";
import { printGrowth, printRuns } from "./live/tables.mjs";

const contenders = ["ours", "core-lro", "util-waiter", "google-gax", "p-wait-for"];
const sizes = (process.env.BENCH_SIZES ?? "1,10,100,1000,5000").split(",").map(Number);
const runs = Number(process.env.BENCH_RUNS ?? 5);
// More of them, side by side, keep two cores so busy that a late end says nothing of the one that was late.
const mostSideBySide = 100;

const spread = { fromMs: 500, toMs: 120_000 };
const sets = [
  { tasks: 1, ...spread },
  { tasks: 10, ...spread },
  { tasks: 100, ...spread },
  { tasks: 100, fromMs: 20_000, toMs: 40_000 },
  { tasks: 1_000, ...spread },
  { tasks: 5_000, ...spread },
].filter(({ tasks }) => sizes.includes(tasks));

function nameOf({ tasks, fromMs, toMs }) {
  return `${tasks} ${tasks === 1 ? "task" : "tasks"} of ${fromMs / 1000} to ${toMs / 1000} s at once`;
}

async function runSideBySide(group, lengthsMs, peers) {
  const prepared = await Promise.all(group.map((contender) => prepareRun(contender, peers)));
  try {
    return await Promise.all(prepared.map((one) => run(one, lengthsMs)));
  } finally {
    for (const one of prepared) one.stop();
  }
}

function tell(contender, { statusRequests, lagSeconds, failed, failure }) {
  const late = quantile(lagSeconds, 0.95)?.toFixed(2) ?? "–";
  const failures = failed === 0 ? "" : `, ${failed} failed: ${failure ?? "no end in time"}`;
  console.error(`  ${contender}: ${statusRequests} status requests, lag p95 ${late} s${failures}`);
}

/** @returns {Promise<Record<string, object[]>>} runs by contender */
async function measure(set, peers) {
  const results = Object.fromEntries(contenders.map((contender) => [contender, []]));
  const groups = set.tasks > mostSideBySide ? contenders.map((contender) => [contender]) : [contenders];
  for (let index = 0; index < runs; index += 1) {
    console.error(`${nameOf(set)}, run ${index + 1} of ${runs}`);
    const lengthsMs = lengths(set, (index + 0.5) / runs);
    for (const group of groups) {
      const ended = await runSideBySide(group, lengthsMs, peers);
      ended.forEach((result, place) => {
        results[group[place]].push(result);
        tell(group[place], result);
      });
    }
  }
  return results;
}

const peers = await installPeers();
const measured = new Map();
for (const set of sets) {
  const results = await measure(set, peers);
  const how = set.tasks > mostSideBySide ? "one contender after the other" : "side by side";
  printRuns(`${nameOf(set)}, ${how}; runs: ${runs}, told as min / median / max`, results);
  if (set.toMs === spread.toMs) measured.set(set.tasks, results);
}
const [few, many] = [measured.get(100), measured.get(1_000)];
if (few !== undefined && many !== undefined)
  printGrowth("From 100 to 1000 tasks, ten times as many; medians, and how they grow.", few, many, 10);
process.exit(0);
