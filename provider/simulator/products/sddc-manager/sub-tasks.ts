// Sub-tasks and stages of a task at a moment. Each has a window in the time of the task; the clock says where it stands.
import type { StageScript, SubTaskScript } from "../../task-script";
import { toSddcError } from "./sddc-errors";

type StepScript = SubTaskScript | StageScript;

/** @internal A sub-task or a stage, as the Task model has it. */
export interface Step {
  readonly name: string;
  readonly type: string;
  readonly description: string;
  readonly status: string;
  readonly creationTimestamp: string;
  readonly completionTimestamp?: string;
  readonly stages?: readonly Step[];
  readonly subTasks?: readonly Step[];
  readonly resources?: unknown;
  readonly errors: readonly unknown[];
}

/** @internal */
export type StepStatus = "PENDING" | "IN_PROGRESS" | "SUCCESSFUL" | "FAILED" | "SKIPPED" | "NOT_APPLICABLE";

interface Window {
  readonly from: number;
  readonly to: number;
}

/** @internal How the attempt goes that the sub-tasks belong to. */
export interface Course {
  /** The moment to show; never later than the end of the attempt. */
  readonly time: number;
  readonly createdAt: number;
  /** From the first sub-task to the planned end. */
  readonly window: Window;
  /** What becomes of the last step that runs, when nothing intervenes. */
  readonly verdict: "SUCCESSFUL" | "FAILED" | "SKIPPED";
  /** Set once the attempt has ended: what becomes of a step in the middle of its work. */
  readonly ended?: "SUCCESSFUL" | "FAILED" | "SKIPPED";
  /** The error of a step that fails without errors of its own. */
  readonly failure: unknown;
  /** The product's spelling of a status. */
  readonly word: (status: StepStatus) => string;
}

export function renderSubTasks(steps: readonly SubTaskScript[], course: Course): Step[] {
  return renderSteps(steps, course);
}

/** How many of the first sub-tasks are over and done with at the time of the course. */
export function finishedCount(steps: readonly SubTaskScript[], course: Course): number {
  const plain = renderSteps(steps, { ...course, word: (status) => status });
  const open = plain.findIndex(({ status }) => status !== "SUCCESSFUL" && status !== "NOT_APPLICABLE");
  return open < 0 ? plain.length : open;
}

export function hasFailure(step: StepScript): boolean {
  return step.outcome === "FAILED" || partsOf(step).some(hasFailure);
}

export function hasErrors(step: StepScript): boolean {
  return step.errors !== undefined || partsOf(step).some(hasErrors);
}

/** The same sub-tasks without their failures, for a retry. */
export function withoutFailures(steps: readonly SubTaskScript[]): SubTaskScript[] {
  return steps.map((step) => ({
    ...succeeding(step),
    ...(step.subTasks === undefined ? {} : { subTasks: withoutFailures(step.subTasks) }),
    ...(step.stages === undefined ? {} : { stages: step.stages.map(succeeding) }),
  }));
}

function succeeding<T extends StepScript>(step: T): T {
  return step.outcome === "FAILED" ? { ...step, outcome: "SUCCEEDED" } : step;
}

function renderSteps(steps: readonly StepScript[], course: Course): Step[] {
  const failing = steps.findIndex(hasFailure);
  // Steps behind the one that fails never start, so they have no share of the time.
  const last = failing < 0 ? steps.length - 1 : failing;
  return steps.map((step, index) => {
    if (index > last) return renderStep(step, { ...course, window: { from: Infinity, to: Infinity } });
    const window = slice(course.window, index, last + 1);
    const verdict = index === last ? (failing < 0 ? course.verdict : "FAILED") : "SUCCESSFUL";
    return renderStep(step, { ...course, window, verdict });
  });
}

function renderStep(step: StepScript, course: Course): Step {
  const status = statusOf(step, course);
  const over = status !== "PENDING" && status !== "IN_PROGRESS";
  const { stages, subTasks } = step as SubTaskScript;
  return {
    name: step.name,
    type: step.type ?? typeOf(step.name),
    description: step.description ?? describe(step.name),
    status: course.word(status),
    creationTimestamp: new Date(course.createdAt).toISOString(),
    ...(over ? { completionTimestamp: new Date(Math.min(course.window.to, course.time)).toISOString() } : {}),
    ...(stages === undefined ? {} : { stages: renderSteps(stages, course) }),
    ...(subTasks === undefined ? {} : { subTasks: renderSteps(subTasks, course) }),
    ...("resources" in step ? { resources: step.resources } : {}),
    errors: status === "FAILED" ? errorsOf(step, course.failure) : [],
  };
}

/** The cause stands where it happened: on the innermost step that failed. */
function errorsOf(step: StepScript, failure: unknown): unknown[] {
  if (step.errors !== undefined) return step.errors.map((error) => toSddcError(error, "SUBTASK_FAILED"));
  return partsOf(step).length > 0 || failure === undefined ? [] : [failure];
}

function statusOf(step: StepScript, { time, window, verdict, ended }: Course): StepStatus {
  const planned = step.outcome === undefined || step.outcome === "SUCCEEDED" ? verdict : step.outcome;
  if (ended === "SUCCESSFUL") return planned === "FAILED" ? "SUCCESSFUL" : planned;
  if (time >= window.to) return planned;
  if (time < window.from) return "PENDING";
  return ended ?? "IN_PROGRESS";
}

function slice({ from, to }: Window, index: number, count: number): Window {
  const share = (to - from) / count;
  // The last one ends exactly with the whole, whatever the rounding.
  return { from: from + share * index, to: index === count - 1 ? to : from + share * (index + 1) };
}

function partsOf(step: StepScript): readonly StepScript[] {
  const { stages = [], subTasks = [] } = step as SubTaskScript;
  return [...stages, ...subTasks];
}

/** `ValidateHostSpecAction` becomes `VALIDATE_HOST_SPEC_ACTION`. */
function typeOf(name: string): string {
  return name
    .replace(/([a-z])([A-Z])/g, "$1_$2")
    .replace(/[^A-Za-z0-9]+/g, "_")
    .toUpperCase();
}

/** `ValidateHostSpecAction` becomes `Validate host spec`. */
function describe(name: string): string {
  const words = name.replace(/Action$/, "").replace(/([a-z])([A-Z])/g, "$1 $2");
  return words.charAt(0).toUpperCase() + words.slice(1).toLowerCase();
}
