// A task as `GET /v1/tasks/{id}` shows it.
import { isString, without } from "../../json";
import type { Task } from "../../task-engine";
import { endOf, lifeOf, pendingMsOf, type Attempt, type Life } from "../../task-life";
import type { TaskPlan } from "../../task-script";
import { sddcError, toSddcError } from "./sddc-errors";
import { finishedCount, hasErrors, hasFailure, renderSubTasks, type Course } from "./sub-tasks";

/** @internal */
export type StatusWords = "mixed" | "title" | "upper";

/** SDDC Manager has no word for a task that is blocked; it is simply in progress. */
const words = {
  PENDING: "PENDING",
  RUNNING: "IN_PROGRESS",
  BLOCKED: "IN_PROGRESS",
  SUCCEEDED: "SUCCESSFUL",
  FAILED: "FAILED",
  CANCELLED: "CANCELLED",
} as const;

export function renderTask(task: Task, now: number, statusWords: StatusWords): Record<string, unknown> {
  const { plan } = task.attempt;
  const life = lifeOf(task.attempt, now);
  const model: Record<string, unknown> = {
    id: task.id,
    name: task.name,
    localizableDescriptionPack: {
      component: "com.vmware.vcf.simulator",
      messageKey: `${task.type}_TASK`,
      arguments: [],
      message: task.name,
    },
    type: task.type,
    status: statusWord(plan, life, statusWords),
    creationTimestamp: iso(task.createdAt),
    ...(life.endedAt === undefined ? {} : { completionTimestamp: iso(life.endedAt) }),
    subTasks: subTasksOf(task, now, statusWords),
    errors: errorsOf(plan, life),
    resources: resourcesOf(task, life),
    // The real server says so of every task, finished or not: it is no outcome.
    resolutionStatus: "UNRESOLVED",
    isCancellable: life.endedAt === undefined && plan.cancellable !== false,
    isRetryable: isRetryable(task, life),
    ...plan.fields,
  };
  return plan.omitFields === undefined ? model : without(model, ...plan.omitFields);
}

export function isRetryable(task: Task, { status }: Life): boolean {
  return status === "FAILED" && task.attempt.plan.retryable !== false;
}

function statusWord(plan: TaskPlan, { status }: Life, statusWords: StatusWords): string {
  const own = isString(plan.nativeStatus) ? plan.nativeStatus : plan.nativeStatus?.[status];
  if (own !== undefined) return own;
  if (status === "SUCCEEDED" && plan.warnings !== undefined) return "COMPLETED_WITH_WARNING";
  return statusWords === "upper" ? words[status] : titleCase(words[status]);
}

/** `IN_PROGRESS` becomes `In Progress`. */
export function titleCase(word: string): string {
  return word
    .split("_")
    .map((part) => part.charAt(0) + part.slice(1).toLowerCase())
    .join(" ");
}

function errorsOf(plan: TaskPlan, { status }: Life): unknown[] {
  const over = status === "SUCCEEDED" || status === "FAILED" || status === "CANCELLED";
  const warnings = over ? (plan.warnings ?? []).map(toWarning) : [];
  const { error } = plan;
  if (status !== "FAILED" || error === undefined || error === null) return warnings;
  const errors = Array.isArray(error) ? (error as unknown[]) : [error];
  return [...errors.map((one) => toSddcError(one, "TASK_FAILED")), ...warnings];
}

function toWarning(warning: unknown): unknown {
  return isString(warning) ? sddcError("TASK_WARNING", warning, { errorType: "WARNING" }) : warning;
}

/** What the task makes is known by its id only when it is there; what it works on from the start. */
function resourcesOf(task: Task, { status }: Life): unknown[] {
  const { resources } = task.attempt.plan;
  if (resources !== undefined) return resources;
  return status === "SUCCEEDED" && Array.isArray(task.yields) ? task.yields : [];
}

function subTasksOf(task: Task, now: number, statusWords: StatusWords): unknown[] {
  const { plan } = task.attempt;
  const steps = plan.subTasks ?? [];
  const course = courseOf(task, task.attempt, now, statusWords);
  const { previous } = task;
  const before = previous?.plan.subTasks ?? [];
  // A retry goes on with the first sub-task that was not finished.
  const goesOn =
    before.length === steps.length && before.every(({ name }, index) => name === steps[index]?.name);
  if (previous === undefined || !goesOn) return renderSubTasks(steps, course);
  const earlier = courseOf(task, previous, now, statusWords);
  const done = finishedCount(before, earlier);
  return [...renderSubTasks(before, earlier).slice(0, done), ...renderSubTasks(steps.slice(done), course)];
}

function courseOf(task: Task, attempt: Attempt, now: number, statusWords: StatusWords): Course {
  const { plan } = attempt;
  const life = lifeOf(attempt, now);
  const end = endOf(attempt);
  const stuck = plan.outcome === "RUNNING" || plan.outcome === "BLOCKED";
  const from = attempt.startedAt + pendingMsOf(plan);
  const planned = attempt.startedAt + plan.durationMs + (plan.blockedMs ?? 0);
  // A task that never ends stops in the middle of its sub-tasks.
  const window = { from, to: stuck ? planned + (planned - from) : planned };
  const named = (plan.subTasks ?? []).some(hasFailure);
  const verdicts = { SUCCEEDED: "SUCCESSFUL", FAILED: "FAILED", CANCELLED: "SKIPPED" } as const;
  const ended = life.endedAt === undefined ? undefined : verdicts[life.status as keyof typeof verdicts];
  const explained = plan.error !== undefined || (plan.subTasks ?? []).some(hasErrors);
  return {
    time: Math.min(now, end.at, stuck ? planned : Infinity),
    createdAt: task.createdAt,
    window: life.status === "FAILED" ? failedWindow(window, end.at, named) : window,
    verdict:
      plan.outcome === "FAILED" || plan.outcome === "CANCELLED" ? verdicts[plan.outcome] : "SUCCESSFUL",
    ...(ended === undefined ? {} : { ended }),
    failure: explained ? undefined : defaultFailure(task),
    word: (status) => (statusWords === "title" ? titleCase(status) : status),
  };
}

/** A failure before its time must still be somewhere: where the plan names it, else in the first sub-task. */
function failedWindow(window: Course["window"], endedAt: number, named: boolean): Course["window"] {
  if (endedAt >= window.to) return window;
  if (named) return { from: Math.min(window.from, endedAt), to: endedAt };
  return endedAt < window.from ? { from: endedAt, to: endedAt + 1 } : window;
}

function defaultFailure(task: Task): unknown {
  const code = `${task.type}_FAILED`;
  return sddcError(code, `${task.name} failed.`, {
    nestedErrors: [sddcError("SIMULATED_FAULT", "The simulator was told to let this task fail.")],
    causes: [
      { type: "com.vmware.evo.sddc.common.core.error.InternalServerError", message: "Simulated failure" },
    ],
  });
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
