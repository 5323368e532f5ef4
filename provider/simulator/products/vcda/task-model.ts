// A task as `GET /tasks/{task}` shows it.
import { isRecord, isString, without } from "../../json";
import type { Task } from "../../task-engine";
import type { Life } from "../../task-life";
import type { TaskStatus } from "../../task-script";
import { apiError, toApiError } from "./api-errors";
import { toVcdaOperation } from "./operations";

/** There is no BLOCKED and no CANCELLED: the first is a pause within RUNNING, the second a failure. */
const words: Readonly<Record<TaskStatus, string>> = {
  PENDING: "QUEUED",
  RUNNING: "RUNNING",
  BLOCKED: "RUNNING",
  SUCCEEDED: "SUCCEEDED",
  FAILED: "FAILED",
  CANCELLED: "FAILED",
};

export function renderTask(task: Task, life: Life, now: number): Record<string, unknown> {
  const { plan } = task.attempt;
  const { endedAt, done } = life;
  const result = life.status === "SUCCEEDED" ? (plan.result ?? task.yields) : undefined;
  const error = errorOf(task, life);
  const model: Record<string, unknown> = {
    id: task.id,
    user: task.user,
    site: task.site,
    workflowInfo: workflowInfoOf(task),
    progress: Math.floor(done * 100),
    state: stateOf(task, life),
    lastUpdated: endedAt ?? now,
    startTime: task.createdAt,
    endTime: endedAt ?? -1,
    resultType: result === undefined ? null : resultTypeOf(task),
    result: result ?? null,
    error: error ?? null,
    warnings: (plan.warnings ?? []).map(toWarning),
    ...plan.fields,
  };
  return plan.omitFields === undefined ? model : without(model, ...plan.omitFields);
}

function stateOf(task: Task, { status }: Life): string {
  const { nativeStatus } = task.attempt.plan;
  const own = isString(nativeStatus) ? nativeStatus : nativeStatus?.[status];
  return own ?? words[status];
}

function workflowInfoOf(task: Task): Record<string, unknown> {
  const { resourceType, resourceId } = toVcdaOperation(task.method, task.path) ?? {};
  const made = isRecord(task.yields) ? task.yields["id"] : undefined;
  return {
    type: task.type,
    resourceType: resourceType ?? null,
    resourceId: resourceId ?? made ?? null,
    resourceName: nameOf(task) ?? null,
  };
}

/** The name that the request gives to what it works on. */
function nameOf({ body }: Task): unknown {
  return isRecord(body) ? (body["name"] ?? body["site"]) : undefined;
}

function resultTypeOf({ path }: Task): string {
  if (path.startsWith("/vapp-replications")) return "vappReplication";
  return path.startsWith("/vm-replications") ? "vmReplication" : "object";
}

function errorOf(task: Task, { status }: Life): unknown {
  if (status === "CANCELLED") return apiError("OperationAborted", "The operation was aborted.");
  const { error } = task.attempt.plan;
  if (status !== "FAILED" || error === null) return undefined;
  return toApiError(error ?? "An internal error ended the operation.", "GeneralServerFailure");
}

/** A warning is no plain error: it says when, and holds the error. */
function toWarning(warning: unknown): unknown {
  return isString(warning) ? { error: apiError("OperationWarning", warning) } : warning;
}
