// Why a task has failed, for the models that have one place for it.
import { isRecord, isString } from "../../json";
import type { Sight } from "./sight";
import { sddcError, toSddcError } from "./sddc-errors";
import { renderSteps } from "./task-model";
import type { Step } from "./sub-tasks";

/** All errors of a failed task: those of the script, else those of its steps. */
export function errorsOf(sight: Sight): unknown[] {
  if (sight.life.status !== "FAILED") return [];
  const { error } = sight.task.attempt.plan;
  if (error === undefined || error === null)
    return renderSteps(sight, (status) => status).flatMap(errorsBelow);
  return (Array.isArray(error) ? (error as unknown[]) : [error]).map((one) =>
    toSddcError(one, "TASK_FAILED"),
  );
}

/** All errors of a failed task as one; undefined while it has not failed. */
export function failureOf(sight: Sight): unknown {
  if (sight.life.status !== "FAILED") return undefined;
  return asOne(errorsOf(sight)) ?? sddcError(`${sight.task.type}_FAILED`, `${sight.task.name} failed.`);
}

/** A list of errors where the model has room for one. */
export function asOne(errors: readonly unknown[]): unknown {
  const [first, ...more] = errors;
  if (more.length === 0 || !isRecord(first)) return first;
  const nested = Array.isArray(first["nestedErrors"]) ? (first["nestedErrors"] as unknown[]) : [];
  return { ...first, nestedErrors: [...nested, ...more] };
}

/** In a model that has room for text only. */
export function messageOf(error: unknown): string {
  const { message, errorCode } = isRecord(error) ? error : {};
  return [message, errorCode].find(isString) ?? "Failed.";
}

function errorsBelow(step: Step): unknown[] {
  return [...step.errors, ...[...(step.stages ?? []), ...(step.subTasks ?? [])].flatMap(errorsBelow)];
}
