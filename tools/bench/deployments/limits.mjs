// What the package promises of deployments, and whether it was kept. Runs are compared one by one.
import { quantile, summary } from "../../figures.mjs";
import { manySubTasks } from "./sub-tasks.mjs";

const times = [
  { size: 1, operations: "1 operation", beside: "empty", other: "one empty resource", seconds: 1 },
  { size: 100, operations: "100 operations", beside: "twiceEmpty", other: "200 empty resources", seconds: 3 },
];

export const limitColumns = ["what", "at most", "measured", "median within"];

function row(what, limit, unit, values, digits) {
  const isWithin = quantile(values, 0.5) <= limit;
  return [what, `${limit} ${unit}`, summary(values, digits), isWithin ? "yes" : "no"];
}

/** @param {{ taskSeconds: number, valuesOf: (cell: object) => object[] }} measured */
export function timeRows({ sizes, modes, taskSeconds, valuesOf }) {
  return times
    .filter(({ size }) => sizes.includes(size))
    .flatMap(({ size, operations, beside, other, seconds: limit }) =>
      modes.map((mode) => {
        const others = valuesOf({ kind: beside, size, mode });
        const over = valuesOf({ kind: "ours", size, mode }).map(
          ({ seconds }, run) => seconds - taskSeconds - others[run].seconds,
        );
        const checkpoints = mode === "yes" ? "with checkpoints" : "without checkpoints";
        const what = `\`up\` of ${operations}, over a task and an \`up\` of ${other}, ${checkpoints}`;
        return row(what, limit, "s", over, 1);
      }),
    );
}

/** @param {object[]} values - of a deployment with many operations, so that what a stack has once counts little */
export function stateRows(values, subTasks) {
  const over = (bytes) => values.map((run) => run[bytes] - run.requestBytes);
  return [
    row("state an operation, over its request", 4096, "B", over("bytes"), 0),
    row("the same without the engine's own records", 4096, "B", over("payloadBytes"), 0),
    row(`more state with ${manySubTasks} sub-tasks than with one`, 8192, "B", [subTasks.succeeded], 0),
    row("the same, where the last sub-task fails", 8192, "B", [subTasks.failed], 0),
  ];
}
