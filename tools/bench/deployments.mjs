// Whole deployments by the real CLI: operations of this package, beside a plain dynamic provider that waits in `create`,
// and beside resources that do nothing, which show what the engine takes by itself.
//
//   BENCH_SIZES=1,20,100,300   how many operations a deployment has
//   BENCH_RUNS=5               how often each is deployed
import { growth, quantile, summary, table } from "../figures.mjs";
import { command } from "../setup/command.mjs";
import { createCells, kinds, modes } from "./deployments/cells.mjs";
import { limitColumns, stateRows, timeRows } from "./deployments/limits.mjs";
import { startServer } from "./deployments/server.mjs";
import { openStack } from "./deployments/stack.mjs";
import { bytesOfSubTasks } from "./deployments/sub-tasks.mjs";

const sizes = (process.env.BENCH_SIZES ?? "1,20,100,300").split(",").map(Number);
const runs = Number(process.env.BENCH_RUNS ?? 5);
const taskSeconds = 5;

const keyOf = ({ kind, size, mode }) => [kind, size, mode].join(" ");

/**
 * Every cell once a run, so that a slow minute of the machine hits all of them alike.
 *
 * @returns what was measured of a cell, a value for each run
 */
async function measureAll(measure) {
  const measured = new Map();
  for (let run = 1; run <= runs; run += 1) {
    for (const size of sizes) {
      for (const mode of Object.keys(modes)) {
        for (const kind of Object.keys(kinds)) {
          const cell = { kind, size, mode };
          const values = await measure(cell);
          measured.set(keyOf(cell), [...(measured.get(keyOf(cell)) ?? []), values]);
          console.log(`run ${run}: ${keyOf(cell)}: ${values.seconds.toFixed(1)} s`);
        }
      }
    }
  }
  return (cell) => measured.get(keyOf(cell));
}

/** Tables with a row for each size and mode, and a column for each kind. */
function tellCells(valuesOf) {
  const tell = (title, value, digits, shown = Object.keys(kinds)) =>
    table(
      `${title}; minimum / median / maximum of ${runs} runs`,
      ["operations", "checkpoints", ...shown.map((kind) => kinds[kind].title)],
      sizes.flatMap((size) =>
        Object.keys(modes).map((mode) => [
          size,
          mode,
          ...shown.map((kind) => summary(valuesOf({ kind, size, mode }).map(value), digits)),
        ]),
      ),
    );
  tell("`pulumi up` in s", ({ seconds }) => seconds, 1);
  tell(
    `\`pulumi up\` in s, over the ${taskSeconds} s of the tasks`,
    ({ seconds }) => seconds - taskSeconds,
    1,
    ["ours", "naive"],
  );
  tell(
    "From the start of `pulumi up` to the first request at the server, or the first `create` that does nothing, in s",
    ({ secondsToFirst }) => secondsToFirst,
    1,
  );
  const storing = ["ours", "naive", "empty"];
  tell("State an operation, or a resource that does nothing, in bytes", ({ bytes }) => bytes, 0, storing);
  tell(
    "Of it, inputs and outputs; the rest is the engine's own, a record for each resource",
    ({ payloadBytes }) => payloadBytes,
    0,
    storing,
  );
}

/** What grows with the number of operations, and how. */
function tellGrowth(valuesOf) {
  const [few, many] = [Math.min(...sizes.filter((size) => size > 1)), Math.max(...sizes)];
  if (few === many || !Number.isFinite(few)) return;
  const quantities = [
    ["`pulumi up`, over the tasks, s", ({ seconds }) => seconds - taskSeconds, 1],
    ["until the first request, s", ({ secondsToFirst }) => secondsToFirst, 1],
    ["state an operation, bytes", ({ bytes }) => bytes, 0],
  ];
  table(
    `This package from ${few} to ${many} operations, ${many / few} times as many; medians, and how they grow`,
    ["", "with checkpoints", "without"],
    quantities.map(([what, value, digits]) => [
      what,
      ...Object.keys(modes).map((mode) => {
        const [from, to] = [few, many].map((size) =>
          quantile(valuesOf({ kind: "ours", size, mode }).map(value), 0.5),
        );
        return `${from.toFixed(digits)} → ${to.toFixed(digits)}: ${growth(from, to, many / few)}`;
      }),
    ]),
  );
}

await command(async () => {
  const server = await startServer(process.env);
  try {
    const stack = await openStack(process.env, server.endpoints);
    try {
      const valuesOf = await measureAll(await createCells({ stack, server, taskMs: taskSeconds * 1000 }));
      tellCells(valuesOf);
      tellGrowth(valuesOf);
      const many = { kind: "ours", size: Math.max(...sizes), mode: "yes" };
      table(`What was promised; minimum / median / maximum of ${runs} runs`, limitColumns, [
        ...timeRows({ sizes, modes: Object.keys(modes), taskSeconds, valuesOf }),
        ...stateRows(valuesOf(many), await bytesOfSubTasks(stack, server)),
      ]);
    } finally {
      stack.remove();
    }
  } finally {
    await server.stop();
  }
  return 0;
});
