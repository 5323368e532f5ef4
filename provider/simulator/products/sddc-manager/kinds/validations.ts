// Validations: whether one has run, and what it has found, are two things.
import type { Reply } from "../../../exchange";
import { isRecord } from "../../../json";
import { asOne, messageOf } from "../failure";
import { sddcError, sddcReply, toSddcError } from "../sddc-errors";
import { isAtLeast } from "../sddc-version";
import { wordOf, type Sight } from "../sight";
import { hasErrors, type Step } from "../sub-tasks";
import { renderSteps } from "../task-model";
import type { ActionContext, Kind } from "./kind";

const checks = ["Input specification", "Connectivity of resources", "Configuration of resources"];

/** A validation that has found something wrong is completed all the same. */
const executionWords = {
  PENDING: "IN_PROGRESS",
  RUNNING: "IN_PROGRESS",
  BLOCKED: "IN_PROGRESS",
  SUCCEEDED: "COMPLETED",
  FAILED: "COMPLETED",
  CANCELLED: "CANCELLED",
};

/** @internal */
export const validation: Kind = {
  isTask: false,
  render,
  problem: (body) =>
    isRecord(body) || Array.isArray(body) ? undefined : "The body must be what is to be validated.",
  plan: () => ({ subTasks: checks.map((name) => ({ name, description: name })) }),
};

/** @internal Ends before it is answered: there is nothing to look at later. */
export const validationAtOnce: Kind = {
  ...validation,
  plan: (body) => ({ ...validation.plan?.(body), durationMs: 0 }),
};

/** @internal With what is needed and what there is. */
export const capacityValidation: Kind = {
  ...validation,
  render: (sight) => ({ ...render(sight), requiredCapacity: capacity, availableCapacity: capacity }),
};

const capacity = {
  numberOfCores: 64,
  memory: { value: 1024, unit: "GB" },
  storage: { value: 20, unit: "TB" },
};

/** As Cloud Builder has it, which runs a failed one again with another body. */
export const repeatableValidation: Kind = {
  ...validation,
  actions: { PATCH: { operation: "retry", act: repeat } },
};

function render(sight: Sight): Record<string, unknown> {
  const { task, version } = sight;
  const resultStatus = resultOf(sight);
  return {
    id: task.id,
    description: `Validating ${(task.path.split("/")[2] ?? "").replaceAll("-", " ")}`,
    executionStatus: wordOf(sight, executionWords),
    // What has no result yet has no such field before 5.2, though the model requires it.
    ...(resultStatus === "UNKNOWN" && !isAtLeast(version, "5.2") ? {} : { resultStatus }),
    validationChecks: [...checksOf(sight), ...warningsOf(sight)],
  };
}

function resultOf({ task, life: { status }, version }: Sight): string {
  if (status === "FAILED") return "FAILED";
  if (status !== "SUCCEEDED") return "UNKNOWN";
  if (task.attempt.plan.warnings === undefined) return "SUCCEEDED";
  return isAtLeast(version, "9.0") ? "WARNING" : "FAILED_WITH_WARNINGS";
}

function checksOf(sight: Sight): Record<string, unknown>[] {
  const { version, task } = sight;
  const { error, subTasks = [] } = task.attempt.plan;
  const pending = version === "9.1" ? "PENDING" : "IN_PROGRESS";
  const steps = renderSteps(sight, (status) =>
    status === "SUCCESSFUL" || status === "NOT_APPLICABLE"
      ? "SUCCEEDED"
      : status === "PENDING"
        ? pending
        : status,
  );
  const named = subTasks.some(hasErrors);
  const given = Array.isArray(error)
    ? (error as unknown[])
    : error === undefined || error === null
      ? []
      : [error];
  const cause = named ? [] : given.map((one) => toSddcError(one, "VALIDATION_FAILED"));
  return steps.map((step) => toCheck(step, cause, version === "9.1"));
}

/** Checks within checks came with 9.1; before, their errors are nested in that of the check. */
function toCheck(step: Step, cause: readonly unknown[], nests: boolean): Record<string, unknown> {
  const parts = [...(step.stages ?? []), ...(step.subTasks ?? [])];
  const below = nests ? [] : parts.flatMap((part) => part.errors);
  const errors = [
    ...step.errors,
    ...below,
    ...(step.status === "FAILED" && (!nests || parts.length === 0) ? cause : []),
  ];
  const errorResponse = asOne(errors);
  return {
    description: step.description,
    severity: step.status === "FAILED" ? "ERROR" : "INFO",
    resultStatus: step.status,
    ...(errorResponse === undefined ? {} : { errorResponse }),
    ...(nests && parts.length > 0
      ? { nestedValidationChecks: parts.map((part) => toCheck(part, cause, nests)) }
      : {}),
  };
}

function warningsOf({ task, life }: Sight): Record<string, unknown>[] {
  if (life.endedAt === undefined) return [];
  return (task.attempt.plan.warnings ?? []).map((warning) => {
    const errorResponse = isRecord(warning)
      ? warning
      : sddcError("VALIDATION_WARNING", String(warning), { errorType: "WARNING" });
    return {
      description: messageOf(errorResponse),
      severity: "WARNING",
      resultStatus: "FAILED",
      errorResponse,
    };
  });
}

function repeat({ sight: { task, life }, request, retry, show }: ActionContext): Reply {
  if (!isRecord(request.body)) return sddcReply(400, "INVALID_REQUEST_BODY", "The body must be an SddcSpec.");
  if (life.status !== "FAILED") {
    return sddcReply(405, "VALIDATION_CAN_NOT_BE_RETRIED", `Validation ${task.id} has not failed.`);
  }
  task.body = request.body;
  retry();
  return { status: 200, body: show() };
}
