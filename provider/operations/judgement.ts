import { renderFailure, toTaskStatus, type TaskSnapshot } from "../tasks";
import type { Completing, Completion, Standing } from "./completion";
import { unmet, type Showing } from "./conditions";
import { observe, type Observation, type Observed } from "./observe";
import { causesOf, outcomeOf, toImmediateOutcome, toOutcome, toUnseenOutcome, type Outcome } from "./outcome";
import { isImmediate } from "./sending";
import { toTaskData } from "./task-data";
import { taskKind } from "./task-kind";
import * as texts from "./texts";

function showingOf({ given, redactor }: Completing): Showing {
  return { redactor, isSensitive: given.sensitiveResult };
}

/** What the program does not accept of warnings. */
function warned({ given }: Completing, warnings: readonly string[]): string[] {
  return given.acceptWarnings === false ? warnings.map((warning) => `warning: ${warning}`) : [];
}

/** What speaks against counting an ended task as done. */
export function judge(completing: Completing, snapshot: TaskSnapshot): string[] {
  const { given, endpoint } = completing;
  if (snapshot.status !== "SUCCEEDED") return [`the task ended as ${snapshot.nativeStatus}`];
  const { name, product } = endpoint.settings;
  const subject = toTaskData(snapshot, name, product);
  return [
    ...warned(completing, snapshot.warnings),
    ...unmet(given.expect ?? [], subject, showingOf(completing)),
  ];
}

/** The same of a task that the server has forgotten, by what the state has of it. */
export function judgeSaved(completing: Completing, saved: Outcome): string[] {
  const { status, nativeStatus, taskId, task, warnings } = saved;
  if (!isJudgedFailed(saved) && !isImmediate(taskId)) return [`the task ended as ${nativeStatus || status}`];
  const subject = { ...task, ...saved, id: taskId, status: "SUCCEEDED" };
  return [
    ...warned(completing, warnings),
    ...unmet(completing.given.expect ?? [], subject, showingOf(completing)),
  ];
}

export async function succeeded(completing: Completing, { attempts, last }: Standing): Promise<Completion> {
  const { context, endpoint, given, redactor } = completing;
  if (last === undefined) throw new Error("A task that succeeded was never seen.");
  for (const warning of last.warnings) context.deployment.warn(given.resourceUrn, redactor.text(warning));
  const parts = { endpoint, redactor, attempts };
  if (given.observe === undefined) return { outcome: toOutcome(last, parts) };
  const observed = await observeAfter(completing, given.observe);
  if (observed.isMet) return { outcome: toOutcome(last, { ...parts, observed: observed.body }) };
  return {
    // Not SUCCEEDED yet, so that the next deployment observes again; nothing is started again.
    outcome: toOutcome(last, { ...parts, status: "RUNNING" }),
    failure: redactor.text(texts.unobserved(completing, last, observed.reasons)),
  };
}

/** What the server answered at once, without a task. */
interface Answer {
  readonly id: string;
  readonly body: unknown;
  readonly attempts: number;
}

export async function completeAtOnce(
  completing: Completing,
  { id, body, attempts }: Answer,
): Promise<Completion> {
  const { given, endpoint, redactor } = completing;
  const warnings = endpoint.client.warningsOf(taskKind(endpoint, given), body);
  const problems = [
    ...warned(completing, warnings),
    ...unmet(given.expect ?? [], { result: body, warnings }, showingOf(completing)),
  ];
  const outcome = {
    ...toImmediateOutcome(id, body),
    warnings: redactor.value(warnings) as readonly string[],
    attempts,
  };
  if (problems.length > 0) {
    return {
      outcome: { ...outcome, status: "FAILED" },
      failure: redactor.text(texts.unexpectedAnswer(completing, problems)),
    };
  }
  if (given.observe === undefined) return { outcome };
  const observed = await observeAfter(completing, given.observe);
  if (observed.isMet) return { outcome: { ...outcome, observed: observed.body } };
  return {
    outcome: { ...outcome, status: "RUNNING" },
    failure: redactor.text(texts.unobserved(completing, undefined, observed.reasons)),
  };
}

/** Whether a task succeeded at the server, and failed by the program's own judgement alone. */
export function isJudgedFailed({ status, nativeStatus }: Pick<Outcome, "status" | "nativeStatus">): boolean {
  return status === "FAILED" && toTaskStatus(nativeStatus) === "SUCCEEDED";
}

/** Whether an operation is done but for what `observe` waits for: its task needs no look any more. */
export function isOnlyUnobserved({ status, nativeStatus, taskId }: Outcome): boolean {
  return status === "RUNNING" && (toTaskStatus(nativeStatus) === "SUCCEEDED" || isImmediate(taskId));
}

/** Observes again, at a later deployment; the server may have forgotten the task meanwhile. */
export async function observeOnly(completing: Completing, previous: Outcome): Promise<Completion> {
  const { given, redactor } = completing;
  const done: Outcome = { ...outcomeOf({ ...previous, observed: undefined }), status: "SUCCEEDED" };
  if (given.observe === undefined) return { outcome: done };
  const observed = await observeAfter(completing, given.observe);
  if (observed.isMet) return { outcome: { ...done, observed: observed.body } };
  return {
    outcome: { ...done, status: "RUNNING" },
    failure: redactor.text(texts.unobserved(completing, undefined, observed.reasons)),
  };
}

function observeAfter(completing: Completing, wanted: Observation): Promise<Observed> {
  const { context, endpoint, given, redactor } = completing;
  return observe(context, endpoint, wanted, {
    ...showingOf(completing),
    show: (text) => context.deployment.status(given.resourceUrn, redactor.text(text)),
  });
}

/** A task that ended, but not well. */
export function unsuccessful(completing: Completing, standing: Standing, why?: string): Completion {
  const { last, saved } = standing;
  if (last === undefined) {
    const report = {
      headline: texts.failedHeadline(completing, standing),
      causes: saved === undefined ? [] : causesOf(saved),
      next: texts.afterFailure(completing, why),
    };
    return failed(completing, standing, report, saved?.status ?? "FAILED");
  }
  const problems = judge(completing, last);
  const causes =
    last.causes.length > 0
      ? last.causes
      : last.status === "SUCCEEDED"
        ? problems.map((message) => ({ path: [], message }))
        : [];
  const status = last.status === "SUCCEEDED" ? "FAILED" : last.status;
  return failed(
    completing,
    standing,
    {
      headline: texts.failedHeadline(completing, standing),
      causes,
      next: texts.afterFailure(completing, why),
    },
    status,
  );
}

interface Report {
  readonly headline: string;
  readonly causes?: TaskSnapshot["causes"];
  readonly next: readonly string[];
}

export function failed(
  completing: Completing,
  standing: Standing,
  report: Report,
  status: Outcome["status"],
): Completion {
  const { endpoint, redactor } = completing;
  const { last, attempts, ref, saved } = standing;
  const failure = renderFailure({ causes: [], ...report }, redactor.text);
  if (last === undefined && saved !== undefined)
    return { outcome: { ...outcomeOf(saved), status, attempts }, failure };
  if (last === undefined) return { outcome: toUnseenOutcome(ref.id, status, attempts), failure };
  return { outcome: toOutcome(last, { endpoint, redactor, attempts, status }), failure };
}
