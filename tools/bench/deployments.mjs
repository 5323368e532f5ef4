// Whole deployments by the real CLI: operations of this package, beside a plain dynamic provider that waits in `create`,
// and beside resources that do nothing, which show what the engine takes by itself.
//
//   BENCH_SIZES=1,20,100,300   how many operations a deployment has
//   BENCH_RUNS=5               how often each is deployed
import { quantile, summary, table } from "../figures.mjs";
import { command } from "../setup/command.mjs";
import { createCells, kinds, modes } from "./deployments/cells.mjs";
import { startServer } from "./deployments/server.mjs";
import { openStack } from "./deployments/stack.mjs";
import { bytesOfSubTasks, manySubTasks } from "./deployments/sub-tasks.mjs";

const sizes = (process.env.BENCH_SIZES ?? "1,20,100,300").split(",").map(Number);
const runs = Number(process.env.BENCH_RUNS ?? 5);
const taskSeconds = 5;

const keyOf = ({ kind, size, mode }) => [kind, size, mode].join(" ");

/** Every cell once a run, so that a slow minute of the machine hits all of them alike. */
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
  return measured;
}

/** Tables with a row for each size and mode, and a column for each kind. */
function tellCells(measured) {
  const tell = (title, value, digits, shown = Object.keys(kinds)) =>
    table(
      `${title}; minimum / median / maximum of ${runs} runs`,
      ["operations", "checkpoints", ...shown.map((kind) => kinds[kind].title)],
      sizes.flatMap((size) =>
        Object.keys(modes).map((mode) => [
          size,
          mode,
          ...shown.map((kind) => summary(measured.get(keyOf({ kind, size, mode })).map(value), digits)),
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

const limits = [
  { size: 1, beside: "empty", what: "one empty resource", seconds: 1 },
  { size: 100, beside: "twiceEmpty", what: "200 empty resources", seconds: 3 },
];

/** What was promised, and what came of it; runs are compared one by one. */
function tellVerdicts(measured, subTasks) {
  const row = (what, limit, unit, values, digits) => [
    what,
    `${limit} ${unit}`,
    summary(values, digits),
    quantile(values, 0.5) <= limit ? "yes" : "no",
  ];
  const times = limits
    .filter(({ size }) => sizes.includes(size))
    .flatMap(({ size, beside, what, seconds: limit }) =>
      Object.keys(modes).map((mode) => {
        const others = measured.get(keyOf({ kind: beside, size, mode }));
        const over = measured
          .get(keyOf({ kind: "ours", size, mode }))
          .map(({ seconds }, run) => seconds - taskSeconds - others[run].seconds);
        const checkpoints = mode === "yes" ? "with" : "without";
        return row(
          `\`up\` with ${size} over the task and an \`up\` with ${what}, ${checkpoints} checkpoints`,
          limit,
          "s",
          over,
          1,
        );
      }),
    );
  const largest = measured.get(keyOf({ kind: "ours", size: sizes.at(-1), mode: "yes" }));
  table(
    `Limits, and what was measured; minimum / median / maximum of ${runs} runs`,
    ["what", "at most", "measured", "median within"],
    [
      ...times,
      row(
        "state an operation over its request",
        4096,
        "B",
        largest.map(({ bytes, requestBytes }) => bytes - requestBytes),
        0,
      ),
      row(
        "of it, inputs and outputs",
        4096,
        "B",
        largest.map(({ payloadBytes, requestBytes }) => payloadBytes - requestBytes),
        0,
      ),
      row(
        `more state for a task with ${manySubTasks} sub-tasks than with one`,
        8192,
        "B",
        [subTasks.succeeded],
        0,
      ),
      row("the same, where the last sub-task fails", 8192, "B", [subTasks.failed], 0),
    ],
  );
}

await command(async () => {
  const server = await startServer(process.env);
  try {
    const stack = await openStack(process.env, server.endpoints);
    try {
      const measured = await measureAll(await createCells({ stack, server, taskMs: taskSeconds * 1000 }));
      tellCells(measured);
      tellVerdicts(measured, await bytesOfSubTasks(stack, server));
    } finally {
      stack.remove();
    }
  } finally {
    await server.stop();
  }
  return 0;
});
