// A task as `GET /v1/tasks/{id}` shows it.
import { isString } from "../../json";
import type { Task } from "../../task-engine";
import { endOf, lifeOf, pendingMsOf, type Attempt, type Life } from "../../task-life";
import type { TaskPlan } from "../../task-script";
import { sddcError, toSddcError, type SddcError } from "./sddc-errors";
import type { Sight } from "./sight";
import { finishedCount, hasErrors, hasFailure, renderSubTasks, type Course, type Step } from "./sub-tasks";
import { isAtLeast } from "./sddc-version";

/** SDDC Manager has no word for a task that is blocked; it is simply in progress. */
const words = {
  PENDING: "PENDING",
  RUNNING: "IN_PROGRESS",
  BLOCKED: "IN_PROGRESS",
  SUCCEEDED: "SUCCESSFUL",
  FAILED: "FAILED",
  CANCELLED: "CANCELLED",
} as const;

export function renderTask(sight: Sight): Record<string, unknown> {
  const { task, life, version, statusWords } = sight;
  const { plan } = task.attempt;
  return {
    id: task.id,
    name: task.name,
    localizableDescriptionPack: {
      component: "com.vmware.vcf.simulator",
      messageKey: `${task.type}_TASK`,
      arguments: [],
      message: task.name,
    },
    type: task.type,
    status: statusWord(sight),
    creationTimestamp: iso(task.createdAt),
    ...(life.endedAt === undefined ? {} : { completionTimestamp: iso(life.endedAt) }),
    subTasks: renderSteps(sight, (status) => {
      // Sub-tasks are skipped by that word from 9.0 on.
      const word = status === "SKIPPED" && !isAtLeast(version, "9.0") ? "NOT_APPLICABLE" : status;
      return statusWords === "title" ? titleCase(word) : word;
    }),
    errors: errorsOf(plan, life),
    resources: resourcesOf(task, life),
    // The real server says so of every task, finished or not: it is no outcome.
    resolutionStatus: "UNRESOLVED",
    isCancellable: life.endedAt === undefined && plan.cancellable !== false,
    ...(isAtLeast(version, "5.1") ? { isRetryable: isRetryable(task, life) } : {}),
  };
}

/** Credentials tasks have a retry of their own, elsewhere. */
export function isRetryable(task: Task, { status }: Life): boolean {
  return (
    status === "FAILED" && task.attempt.plan.retryable !== false && !task.type.startsWith("CREDENTIALS_")
  );
}

/** The word of a Task, and of other models that share its words. */
export function statusWord({ task, life: { status }, version, statusWords }: Sight): string {
  const { nativeStatus, warnings } = task.attempt.plan;
  const own = isString(nativeStatus) ? nativeStatus : nativeStatus?.[status];
  if (own !== undefined) return own;
  if (status === "SUCCEEDED" && warnings !== undefined && isAtLeast(version, "5.1"))
    return "COMPLETED_WITH_WARNING";
  // "Pending" came later than the other words in title case.
  const upper = statusWords === "upper" || (status === "PENDING" && version === "5.1");
  return upper ? words[status] : titleCase(words[status]);
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

/** Sub-tasks with their stages, where they stand now; a retry goes on with the first that was not finished. */
export function renderSteps({ task, now }: Sight, word: Course["word"]): Step[] {
  const { plan } = task.attempt;
  const steps = plan.subTasks ?? [];
  const course = courseOf(task, task.attempt, now, word);
  const { previous } = task;
  const before = previous?.plan.subTasks ?? [];
  const goesOn =
    before.length === steps.length && before.every(({ name }, index) => name === steps[index]?.name);
  if (previous === undefined || !goesOn) return renderSubTasks(steps, course);
  const earlier = courseOf(task, previous, now, word);
  const done = finishedCount(before, earlier);
  return [...renderSubTasks(before, earlier).slice(0, done), ...renderSubTasks(steps.slice(done), course)];
}

function courseOf(task: Task, attempt: Attempt, now: number, word: Course["word"]): Course {
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
    word,
  };
}

/** A failure before its time must still be somewhere: where the plan names it, else in the first sub-task. */
function failedWindow(window: Course["window"], endedAt: number, named: boolean): Course["window"] {
  if (endedAt >= window.to) return window;
  if (named) return { from: Math.min(window.from, endedAt), to: endedAt };
  return endedAt < window.from ? { from: endedAt, to: endedAt + 1 } : window;
}

function defaultFailure(task: Task): SddcError {
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
