import { isTerminal, toTaskStatus, type FailureCause } from "../../tasks";
import { causesOf, type Severity } from "./errors";
import { at, firstText, isFields, listOf, textOf, type Fields } from "./fields";

/** A part of a task: sub-task, stage, check; the same whatever the API calls it. */
interface Step {
  readonly name: string;
  readonly status: string;
  /** Its failure is only a warning. */
  readonly isMinor: boolean;
  readonly errors: readonly unknown[];
  readonly steps: readonly Step[];
}

/** A step without steps of its own, with the names that lead to it. */
export interface Leaf {
  readonly path: readonly string[];
  readonly step: Step;
}

/** Every name that an API has for a list of steps. */
const stepFields = [
  "subTasks",
  "stages",
  "dependentSubTasks",
  "sddcSubTasks",
  "validationChecks",
  "nestedValidationChecks",
  "validations",
  "hostPrechecks",
  "prechecks",
] as const;

const names = ["description", "name", "resourceName", "resourceFqdn", "fqdn", "resourceId"];
const statuses = ["status", "resultStatus", "validationStatus", "result"];

/** The errors that an object names, whatever its API calls them. */
export function errorsIn(fields: Fields): unknown[] {
  const messages = listOf(fields.messages).filter(isFields);
  return [
    ...listOf(fields.errors),
    ...listOf(fields.inputValidationErrors),
    // A check of expirations has them with each password.
    ...listOf(fields.elements)
      .filter(isFields)
      .flatMap(({ errors }) => listOf(errors)),
    ...[fields.error, fields.errorResponse, fields.validationResult].filter(isFields),
    ...[fields.validationMessage, fields.error, fields.errorResponse]
      .filter((text) => typeof text === "string")
      .map((message) => ({ message })),
    ...messages
      .filter(({ level }) => level === "ERROR" || level === "WARN")
      .map(({ level, message }) => ({
        errorType: level === "WARN" ? "WARNING" : "ERROR",
        message: textOf(message),
      })),
  ];
}

/** The steps of a task; of a bring-up that tells no sub-tasks yet, its milestones. */
export function stepsOf(fields: Fields): Step[] {
  const told = stepFields.flatMap((name) => listOf(fields[name]));
  return (told.length > 0 ? told : listOf(fields.milestones)).filter(isFields).map(toStep);
}

function toStep(fields: Fields): Step {
  return {
    // A precheck of a host has its name in the host's details only.
    name: firstText(fields, names) ?? textOf(at(fields, "hostPrecheckDetails.fqdn")) ?? "sub-task",
    status: firstText(fields, statuses) ?? "",
    isMinor: fields.severity === "WARNING" || fields.severity === "INFO",
    errors: errorsIn(fields),
    steps: stepsOf(fields),
  };
}

/** The steps that have none of their own. */
export function leavesOf(steps: readonly Step[], path: readonly string[] = []): Leaf[] {
  return steps.flatMap((step) => {
    const inner = [...path, step.name];
    return step.steps.length > 0 ? leavesOf(step.steps, inner) : [{ path: inner, step }];
  });
}

/** What the steps tell of errors, the deepest first: what stands above it only passes it on. */
export function errorsBelow(
  steps: readonly Step[],
  severity?: Severity,
  path: readonly string[] = [],
): FailureCause[] {
  return steps.flatMap((step) => {
    const inner = [...path, step.name];
    const own = step.isMinor
      ? severity === "error"
        ? []
        : causesOf(step.errors, inner)
      : causesOf(step.errors, inner, severity);
    return [...errorsBelow(step.steps, severity, inner), ...own];
  });
}

/** Whether a step has failed, and not only warned. */
export const hasFailed = ({ step }: Leaf): boolean => toTaskStatus(step.status) === "FAILED" && !step.isMinor;

/** Whether a step has come to its end. */
export const hasEnded = ({ step }: Leaf): boolean => isTerminal(toTaskStatus(step.status));

/** The task's own fields, its steps cut down to those that failed or warn, and counts by status. */
export function condense(native: Fields): Record<string, unknown> {
  const isQuery = isFields(native.queryInfo);
  const short = Object.entries(native).flatMap(([name, value]): [string, unknown][] => {
    // The objects that a query has found are an output of their own.
    if (isQuery && name === "result") return [];
    const steps = stepFields.some((field) => field === name) ? listOf(value).filter(isFields) : [];
    if (steps.length === 0) return [[name, value]];
    const counts = new Map<string, number>();
    for (const { status } of steps.map(toStep)) counts.set(status, (counts.get(status) ?? 0) + 1);
    const wanted = steps.filter((step) =>
      ["FAILED", "CANCELLED"].includes(toTaskStatus(toStep(step).status)),
    );
    return [
      [name, wanted],
      [`${name.replace(/s$/, "")}Counts`, Object.fromEntries(counts)],
    ];
  });
  return Object.fromEntries(short);
}
