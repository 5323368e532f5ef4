// Where a task stands at a moment: worked out from the clock, so that no task needs a timer.
import type { TaskOutcome, TaskPlan, TaskStatus } from "./task-script";

/** @internal One run of a task; a retry begins another. */
export interface Attempt {
  readonly plan: TaskPlan & { readonly durationMs: number };
  readonly startedAt: number;
  /** An end from outside, by cancel or by the test; it counts if it comes before the planned end. */
  readonly ending?: { readonly at: number; readonly outcome: "SUCCEEDED" | "FAILED" | "CANCELLED" };
  /** Progress that has been shown and must not be taken back when the plan is changed. */
  readonly shown: number;
}

/** @internal */
export interface Life {
  readonly status: TaskStatus;
  /** Absent while PENDING. */
  readonly runningSince?: number;
  /** Absent until the task has ended. */
  readonly endedAt?: number;
  /** 0 to 1. */
  readonly done: number;
}

/** Failed and stuck tasks stop well before the end, as real ones do. */
const reachWithoutSuccess = 0.6;

export function lifeOf(attempt: Attempt, now: number): Life {
  const { plan, startedAt } = attempt;
  const runFrom = startedAt + pendingMsOf(plan);
  const { at: endAt, outcome } = endOf(attempt);
  const ended = now >= endAt;
  const time = Math.min(now, endAt);
  if (!ended && time < runFrom) return { status: "PENDING", done: 0 };

  const since = { runningSince: Math.min(runFrom, endAt) };
  const reach = outcomeOf(plan) === "SUCCEEDED" ? 1 : reachWithoutSuccess;
  const done = Math.max(attempt.shown, workedShare(attempt, time) * reach);
  if (ended) {
    const status = outcome === "SUCCEEDED" || outcome === "FAILED" ? outcome : "CANCELLED";
    return { status, ...since, endedAt: endAt, done: status === "SUCCEEDED" ? 1 : done };
  }
  return { status: isBlocked(attempt, time) ? "BLOCKED" : "RUNNING", ...since, done };
}

/** When the attempt ends, or would end if nobody intervenes; Infinity if it never does. */
export function endOf(attempt: Attempt): { at: number; outcome: TaskOutcome } {
  const outcome = outcomeOf(attempt.plan);
  const never = outcome === "BLOCKED" || outcome === "RUNNING";
  const planned = never
    ? Infinity
    : attempt.startedAt + attempt.plan.durationMs + (attempt.plan.blockedMs ?? 0);
  const { ending } = attempt;
  return ending !== undefined && ending.at < planned ? ending : { at: planned, outcome };
}

export function pendingMsOf(plan: Attempt["plan"]): number {
  return Math.min(plan.pendingMs ?? plan.durationMs / 10, plan.durationMs);
}

function outcomeOf(plan: TaskPlan): TaskOutcome {
  return plan.outcome ?? "SUCCEEDED";
}

/** The pause in the middle of the run, in milliseconds since the run began. */
function pauseOf({ plan }: Attempt): { from: number; to: number } {
  const from = (plan.durationMs - pendingMsOf(plan)) / 2;
  return { from, to: from + (plan.blockedMs ?? 0) };
}

function isBlocked(attempt: Attempt, time: number): boolean {
  const ran = time - attempt.startedAt - pendingMsOf(attempt.plan);
  const pause = pauseOf(attempt);
  if (ran >= pause.from && ran < pause.to) return true;
  return attempt.plan.outcome === "BLOCKED" && ran >= attempt.plan.durationMs - pendingMsOf(attempt.plan);
}

function workedShare(attempt: Attempt, time: number): number {
  const { plan } = attempt;
  const ran = time - attempt.startedAt - pendingMsOf(plan);
  const pause = pauseOf(attempt);
  const paused = Math.max(0, Math.min(ran, pause.to) - pause.from);
  const work = plan.durationMs - pendingMsOf(plan);
  return work <= 0 ? 1 : Math.min(1, Math.max(0, (ran - paused) / work));
}
