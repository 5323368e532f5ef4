import * as pulumi from "@pulumi/pulumi";

let operations = 0;
let isTold = false;

/** Warns once when more operations wait than the engine runs steps at a time: each waiting task holds a step. */
export function countOperation(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): void {
  operations += 1;
  const parallel = Number(environment.PULUMI_NODEJS_PARALLEL);
  if (isTold || !Number.isInteger(parallel) || parallel <= 0 || operations <= parallel) return;
  isTold = true;
  void pulumi.log.warn(
    `There are more operations than the ${parallel} steps that the engine runs at a time, and each one that waits for its task ` +
      "holds a step: set PULUMI_PARALLEL, or `--parallel`, to at least twice the number of operations.",
  );
}
