// A task as `GET /api/cis/tasks/{task}` shows it.
import { isRecord, isString, without } from "../../json";
import type { Task } from "../../task-engine";
import type { Life } from "../../task-life";
import { message } from "./vapi-errors";
import { toVcenterOperation } from "./operation-name";

/** vSphere Lifecycle Manager adds fields of its own and sends `parent: ""` for "no parent". */
function isLifecycleManager(service: string): boolean {
  return service.startsWith("com.vmware.esx.settings.");
}

export function renderInfo(
  task: Task,
  life: Life,
  now: number,
  excludeResult = false,
): Record<string, unknown> {
  const { plan } = task.attempt;
  const service = task.service ?? "";
  const lifecycleManager = isLifecycleManager(service);
  const result = excludeResult ? undefined : resultOf(task, life);
  const error = errorOf(task, life);
  const target =
    plan.target === undefined ? toVcenterOperation(task.method, task.path, null).target : plan.target;
  const started = life.runningSince !== undefined;
  const info: Record<string, unknown> = {
    ...(lifecycleManager ? { parent: "" } : {}),
    cancelable: life.endedAt === undefined && plan.cancellable !== false,
    ...(life.endedAt === undefined ? {} : { end_time: iso(life.endedAt) }),
    description: descriptionOf(task, lifecycleManager),
    ...(target === undefined || target === null ? {} : { target }),
    ...(result === undefined ? {} : { result }),
    ...(error === undefined ? {} : { error }),
    ...(life.runningSince === undefined ? {} : { start_time: iso(life.runningSince) }),
    ...(lifecycleManager ? { last_update_time: iso(Math.min(now, life.endedAt ?? now)) } : {}),
    service,
    ...(started && plan.progress !== "none" ? { progress: progressOf(task, life) } : {}),
    operation: task.type,
    user: task.user,
    ...(lifecycleManager || plan.warnings !== undefined ? { notifications: notificationsOf(task, now) } : {}),
    status: statusWord(task, life),
    ...plan.fields,
  };
  return plan.omitFields === undefined ? info : without(info, ...plan.omitFields);
}

/** A cancelled task is FAILED with the error CANCELED: the API has no state of its own for it. */
function statusWord(task: Task, { status }: Life): string {
  const { nativeStatus } = task.attempt.plan;
  const own = isString(nativeStatus) ? nativeStatus : nativeStatus?.[status];
  return own ?? (status === "CANCELLED" ? "FAILED" : status);
}

function resultOf(task: Task, { status }: Life): unknown {
  const { plan } = task.attempt;
  if (status === "SUCCEEDED") return plan.result ?? task.yields;
  if (status === "FAILED" || status === "CANCELLED") return plan.result;
  return status === "PENDING" ? undefined : plan.partialResult;
}

function errorOf(task: Task, { status }: Life): unknown {
  if (status === "CANCELLED") {
    return {
      error_type: "CANCELED",
      messages: [message("com.vmware.cis.task.canceled", "The task was canceled.")],
    };
  }
  if (status !== "FAILED") return undefined;
  const { error } = task.attempt.plan;
  if (error === null) return undefined;
  if (isRecord(error)) return error;
  const text = isString(error) ? error : "An internal error ended the operation.";
  const type = isString(error) ? "ERROR" : "INTERNAL_SERVER_ERROR";
  return {
    "@class": `com.vmware.vapi.std.errors.${type.toLowerCase()}`,
    error_type: type,
    messages: [message("com.vmware.simulator.failed", text)],
  };
}

function descriptionOf(task: Task, lifecycleManager: boolean): object {
  if (!lifecycleManager) return message(`${task.service ?? ""}.${task.type.replace("$task", "")}`, task.name);
  const text = "Task created by VMware vSphere Lifecycle Manager";
  return { ...message("com.vmware.vcIntegrity.lifecycle.Task.Description", text), localized: text };
}

function progressOf(task: Task, { done }: Life): object {
  const { progress, messages = [] } = task.attempt.plan;
  const completed = progress === "coarse" ? Math.floor(done * 4) * 25 : Math.floor(done * 100);
  const index = Math.min(messages.length - 1, Math.floor(done * messages.length));
  const text = messages[index] ?? (done === 1 ? "Done." : "In progress.");
  return { total: 100, completed, message: message("com.vmware.simulator.progress", text) };
}

function notificationsOf(task: Task, now: number): object {
  const warnings = (task.attempt.plan.warnings ?? []).map((warning) =>
    isString(warning)
      ? {
          id: "com.vmware.simulator.warning",
          time: iso(now),
          message: message("warning", warning),
          type: "WARNING",
        }
      : warning,
  );
  return { info: [], warnings, errors: [] };
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
