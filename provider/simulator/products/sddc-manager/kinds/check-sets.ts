// Runs of checks: the task tells whether they ran, the run what they found. A check that fails is no failed task.
import { asOne, errorsOf, messageOf } from "../failure";
import { isOver, stampsOf, wordOf, type Sight } from "../sight";
import type { Kind } from "./kind";

const words = {
  PENDING: "IN_PROGRESS",
  RUNNING: "IN_PROGRESS",
  BLOCKED: "IN_PROGRESS",
  SUCCEEDED: "COMPLETED_WITH_SUCCESS",
  FAILED: "COMPLETED_WITH_FAILURE",
  CANCELLED: "COMPLETED_WITH_FAILURE",
};

/** @internal The plan's `result` is what the checks found, as an Error. */
export const checkSetRun: Kind = {
  isTask: true,
  render: (sight) => ({
    status: wordOf(sight, words),
    ...stampsOf(sight, "timestamp"),
    discoveryProgress: {
      progressMessages: [],
      percentageComplete: Math.floor(sight.life.done * 100),
    },
    ...foundBy(sight),
  }),
};

const exportWords = {
  PENDING: "QUEUED",
  RUNNING: "IN_PROGRESS",
  BLOCKED: "IN_PROGRESS",
  SUCCEEDED: "COMPLETED",
  FAILED: "FAILED",
  CANCELLED: "FAILED",
};

/** @internal An export has no id: it is the run's latest. */
export const checkSetExport: Kind = {
  isTask: false,
  idOf: ({ path }) => path.split("/").at(-2) ?? "",
  render: (sight) => ({
    status: wordOf(sight, exportWords),
    progress: Math.floor(sight.life.done * 100),
    ...stampsOf(sight, "startTimestamp", "endTimestamp"),
  }),
};

/** @internal What is in the way of an isolation of a domain. */
export const isolationPrecheck: Kind = {
  isTask: true,
  render: (sight) => ({
    executionStatus: isOver(sight)
      ? sight.life.status === "CANCELLED"
        ? "CANCELLED"
        : "COMPLETED"
      : "IN_PROGRESS",
    precheckFailures: errorsOf(sight).map(messageOf),
    precheckWarnings: isOver(sight) ? (sight.task.attempt.plan.warnings ?? []).map(String) : [],
    implications: [],
  }),
};

function foundBy(sight: Sight): Record<string, unknown> {
  if (!isOver(sight)) return {};
  const found = sight.task.attempt.plan.result ?? asOne(errorsOf(sight));
  return found === undefined ? {} : { validationResult: found };
}
