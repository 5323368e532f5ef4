// Imports and synchronizations of what was not made by SDDC Manager. The id is in another field, and stamps are numbers.
import { isRecord, without } from "../../../json";
import { failureOf } from "../failure";
import { sddcError } from "../sddc-errors";
import { wordOf, type Sight } from "../sight";
import type { Kind } from "./kind";

/** The specification does not say which words there are. */
const words = {
  PENDING: "PENDING",
  RUNNING: "IN_PROGRESS",
  BLOCKED: "IN_PROGRESS",
  SUCCEEDED: "COMPLETED",
  FAILED: "FAILED",
  CANCELLED: "CANCELLED",
};

/** @internal */
export function brownfield(operationType: string): Kind {
  return {
    isTask: false,
    render: (sight) => ({
      taskId: sight.task.id,
      operationType,
      status: wordOf(sight, words),
      startTimestamp: sight.task.createdAt,
      ...(sight.life.endedAt === undefined ? {} : { endTimestamp: sight.life.endedAt }),
      ...reasonOf(sight),
    }),
  };
}

function reasonOf(sight: Sight): Record<string, unknown> {
  const failure = failureOf(sight);
  const { warnings = [] } = sight.task.attempt.plan;
  const found = sight.life.endedAt === undefined ? [] : warnings;
  return {
    ...(failure === undefined ? {} : { error: toErrorResponse(failure) }),
    ...(found.length === 0
      ? {}
      : {
          validationResult: {
            errorCode: "BROWNFIELD_VALIDATION_WARNINGS",
            message: "Look at the nested errors.",
            nestedErrors: found.map((warning) =>
              toErrorResponse(isRecord(warning) ? warning : sddcError("BROWNFIELD_WARNING", String(warning))),
            ),
          },
        }),
  };
}

/** Another model of errors: `cause` in place of `causes`, and no type. */
function toErrorResponse(error: unknown): unknown {
  if (!isRecord(error)) return error;
  const nested = Array.isArray(error["nestedErrors"]) ? (error["nestedErrors"] as unknown[]) : [];
  const { causes = [] } = error;
  return {
    ...without(error, "errorType", "causes"),
    cause: causes,
    nestedErrors: nested.map(toErrorResponse),
  };
}
