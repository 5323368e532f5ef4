// A task as `GET /sdk/vim25/{release}/Task/{moId}/info` shows it.
import { isRecord, isString, without } from "../../json";
import type { Task } from "../../task-engine";
import type { Life } from "../../task-life";
import type { TaskStatus } from "../../task-script";
import { toVcenterOperation } from "./operation-name";

const words: Readonly<Record<TaskStatus, string>> = {
  PENDING: "queued",
  RUNNING: "running",
  // This API has no state for a task that waits.
  BLOCKED: "running",
  SUCCEEDED: "success",
  FAILED: "error",
  CANCELLED: "error",
};

/** @internal A fault of this API, as a body and as the error of a task. */
export function methodFault(type: string, text: string): Record<string, unknown> {
  return { _typeName: type, faultMessage: [{ key: `com.vmware.simulator.${type}`, message: text }] };
}

export function renderVimInfo(moId: string, task: Task, life: Life): Record<string, unknown> {
  const { plan } = task.attempt;
  const { status, runningSince, endedAt, done } = life;
  const entity = entityOf(task);
  const error = errorOf(task, status);
  const info: Record<string, unknown> = {
    key: moId,
    task: { type: "Task", value: moId },
    ...(plan.messages === undefined ? {} : { description: messageOf(plan.messages, done) }),
    name: task.type.replace("$task", ""),
    descriptionId:
      task.service === undefined ? descriptionOf(task) : `${task.service}.${task.type.replace("$task", "")}`,
    ...(entity === undefined ? {} : { entity, entityName: `name of ${entity.value}` }),
    state: stateOf(task, status),
    cancelled: status === "CANCELLED",
    cancelable: endedAt === undefined && plan.cancellable !== false,
    ...(error === undefined ? {} : { error }),
    ...(status === "SUCCEEDED" && plan.result !== undefined ? { result: plan.result } : {}),
    ...(status === "RUNNING" && plan.progress !== "none" ? { progress: Math.floor(done * 100) } : {}),
    reason: { _typeName: "TaskReasonUser", userName: task.user },
    queueTime: iso(task.createdAt),
    ...(runningSince === undefined ? {} : { startTime: iso(runningSince) }),
    ...(endedAt === undefined ? {} : { completeTime: iso(endedAt) }),
    eventChainId: task.number,
    ...plan.fields,
  };
  return plan.omitFields === undefined ? info : without(info, ...plan.omitFields);
}

function stateOf(task: Task, status: TaskStatus): string {
  const { nativeStatus } = task.attempt.plan;
  return (isString(nativeStatus) ? nativeStatus : nativeStatus?.[status]) ?? words[status];
}

function errorOf(task: Task, status: TaskStatus): unknown {
  if (status === "CANCELLED") return methodFault("RequestCanceled", "The task was canceled by a user.");
  if (status !== "FAILED") return undefined;
  const { error } = task.attempt.plan;
  if (error === null) return undefined;
  if (isRecord(error)) return error;
  return methodFault("SystemError", isString(error) ? error : "A general system error occurred.");
}

/** `/sdk/vim25/8.0.2.0/VirtualMachine/vm-1/PowerOnVM_Task`, or the target that the other API would name. */
function entityOf(task: Task): { type: string; value: string } | undefined {
  if (task.service === undefined) {
    const [type, value] = task.path.split("/").slice(4);
    return type === undefined || value === undefined ? undefined : { type, value };
  }
  const { target = toVcenterOperation(task.method, task.path, null).target } = task.attempt.plan;
  return target === undefined || target === null ? undefined : { type: target.type, value: target.id };
}

function descriptionOf(task: Task): string {
  return `${task.path.split("/")[4] ?? ""}.${task.type.replace(/_Task$/, "")}`;
}

function messageOf(messages: readonly string[], done: number): object {
  const index = Math.min(messages.length - 1, Math.floor(done * messages.length));
  return { key: "com.vmware.simulator.progress", message: messages[index] ?? "" };
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
