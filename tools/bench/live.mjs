// Many tasks at once on one simulated vCenter, followed by this package, by other packages and by a plain loop.
//
//   BENCH_SIZES=1,10,100 BENCH_RUNS=1 npm run bench -- live
import { quantile } from "../figures.mjs";
import { runAtOnce } from "./live/at-once.mjs";
import { lengths } from "./live/lengths.mjs";
import { installPeers } from "./live/peers.mjs";
import { prepareRun, run } from "./live/run.mjs";
import { printGrowth, printRuns } from "./live/tables.mjs";

const contenders = ["ours", "core-lro", "util-waiter", "google-gax", "p-wait-for"];
const sizes = (process.env.BENCH_SIZES ?? "1,10,100,1000,5000").split(",").map(Number);
const runs = Number(process.env.BENCH_RUNS ?? 5);
// Each contender is two processes, with its simulator. More tasks side by side keep two cores so busy that a late end says
// nothing of the one that was late.
const mostTasksAtOnce = 2_000;
const leastWeight = 100;

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

function tell(set, contender, { statusRequests, lagSeconds, failed, failure }) {
  const late = quantile(lagSeconds, 0.95)?.toFixed(2) ?? "–";
  const failures = failed === 0 ? "" : `, ${failed} failed: ${failure ?? "no end in time"}`;
  console.error(
    `  ${nameOf(set)}, ${contender}: ${statusRequests} status requests, lag p95 ${late} s${failures}`,
  );
}

/** How many contenders run at the same time. */
function sideBySide({ tasks }) {
  return Math.max(1, Math.floor(mostTasksAtOnce / Math.max(tasks, leastWeight)));
}

/** One run of a contender; all contenders of a run have tasks of the same lengths. */
function jobOf(set, contender, index, peers) {
  return {
    weight: Math.max(set.tasks, leastWeight),
    async run() {
      const prepared = await prepareRun(contender, peers);
      try {
        const result = await run(prepared, lengths(set, (index + 0.5) / runs));
        tell(set, contender, result);
        return { set, contender, result };
      } finally {
        prepared.stop();
      }
    },
  };
}

const peers = await installPeers();
const indexes = Array.from({ length: runs }, (_, index) => index);
const jobs = sets.flatMap((set) =>
  indexes.flatMap((index) => contenders.map((contender) => jobOf(set, contender, index, peers))),
);
const ended = await runAtOnce(jobs, mostTasksAtOnce);

/** Runs by contender. */
function resultsOf(set) {
  const of = (contender) => ended.filter((one) => one.set === set && one.contender === contender);
  return Object.fromEntries(
    contenders.map((contender) => [contender, of(contender).map(({ result }) => result)]),
  );
}

for (const set of sets)
  printRuns(
    `${nameOf(set)}, ${sideBySide(set)} side by side; runs: ${runs}, told as min / median / max`,
    resultsOf(set),
  );
const spreadSet = (tasks) => sets.find((set) => set.tasks === tasks && set.toMs === spread.toMs);
const [few, many] = [spreadSet(100), spreadSet(1_000)];
if (few !== undefined && many !== undefined)
  printGrowth(
    "From 100 to 1000 tasks, ten times as many; medians, and how they grow.",
    resultsOf(few),
    resultsOf(many),
    10,
  );
process.exit(0);
