// Queries: three flags say whether the answer is there.
import { isRecord } from "../../../json";
import { failureOf } from "../failure";
import { isOver, wordOf, type Sight } from "../sight";
import type { Kind } from "./kind";

/** The specification does not say which words there are: the flags count. */
const words = {
  PENDING: "IN_PROGRESS",
  RUNNING: "IN_PROGRESS",
  BLOCKED: "IN_PROGRESS",
  SUCCEEDED: "COMPLETED",
  FAILED: "FAILED",
  CANCELLED: "FAILED",
};

/** @internal A result is a page; the plan's `result` is the page, or the elements of it. */
export const query: Kind = {
  isTask: false,
  problem: (body) => (isRecord(body) ? undefined : "The body must be a criterion."),
  render: (sight) => ({ queryInfo: infoOf(sight), ...resultOf(sight) }),
};

/** @internal With the errors of single resources beside the result. */
export const queryWithErrors: Kind = {
  ...query,
  render: (sight) => ({ errors: [], ...query.render(sight) }),
};

function infoOf(sight: Sight): Record<string, unknown> {
  const errorResponse = failureOf(sight);
  return {
    queryId: sight.task.id,
    status: wordOf(sight, words),
    completed: isOver(sight),
    processing: !isOver(sight),
    failure: isOver(sight) && sight.life.status !== "SUCCEEDED",
    ...(errorResponse === undefined ? {} : { errorResponse }),
  };
}

function resultOf({ task, life }: Sight): Record<string, unknown> {
  if (life.status !== "SUCCEEDED") return {};
  const { result = [] } = task.attempt.plan;
  if (!Array.isArray(result)) return { result };
  const pageMetadata = {
    pageNumber: 0,
    pageSize: result.length,
    totalElements: result.length,
    totalPages: 1,
  };
  return { result: { elements: result, pageMetadata } };
}
