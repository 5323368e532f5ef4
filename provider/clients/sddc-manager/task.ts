import { z } from "zod";

import {
  isTerminal,
  meansSuccessWithWarning,
  toTaskStatus,
  UnexpectedReplyError,
  type FailureCause,
  type TaskResource,
  type TaskSnapshot,
} from "../../tasks";
import { causesOf, type Severity } from "./errors";

const text = z.string().optional().catch(undefined);
const flag = z.boolean().optional().catch(undefined);
const list = z
  .array(z.unknown())
  .nullish()
  .catch([])
  .transform((values) => values ?? []);

const step = z.looseObject({
  name: text,
  description: text,
  status: text,
  errors: list,
  stages: list,
  subTasks: list,
});
type Step = z.infer<typeof step>;

// Only id and status are read strictly; any other odd field decorates and never fails a look.
const taskBody = z.looseObject({
  id: z.string().min(1),
  status: z.string().min(1),
  name: text,
  type: text,
  creationTimestamp: text,
  completionTimestamp: text,
  subTasks: list,
  errors: list,
  resources: list,
  isRetryable: flag,
  isCancellable: flag,
});

const resource = z.looseObject({ resourceId: z.string(), type: z.string(), fqdn: text, name: text });

function stepsOf(values: readonly unknown[]): Step[] {
  return values.flatMap((value) => {
    const parsed = step.safeParse(value);
    return parsed.success ? [parsed.data] : [];
  });
}

const nameOf = ({ description, name }: Step): string => description ?? name ?? "sub-task";

/** A step without steps of its own. */
interface Leaf {
  readonly path: readonly string[];
  readonly step: Step;
}

function leavesOf(steps: readonly Step[], path: readonly string[]): Leaf[] {
  return steps.flatMap((one) => {
    const inner = [...path, nameOf(one)];
    const below = stepsOf([...one.subTasks, ...one.stages]);
    return below.length > 0 ? leavesOf(below, inner) : [{ path: inner, step: one }];
  });
}

function errorsBelow(steps: readonly Step[], path: readonly string[], severity?: Severity): FailureCause[] {
  return steps.flatMap((one) => {
    const inner = [...path, nameOf(one)];
    const deeper = errorsBelow(stepsOf([...one.subTasks, ...one.stages]), inner, severity);
    // The deepest is the cause; what stands above it only passes it on.
    return [...deeper, ...causesOf(one.errors, inner, severity)];
  });
}

function errorsOf({ subTasks, errors }: z.infer<typeof taskBody>, severity?: Severity): FailureCause[] {
  return [...errorsBelow(stepsOf(subTasks), [], severity), ...causesOf(errors, [], severity)];
}

function causes(task: z.infer<typeof taskBody>, leaves: readonly Leaf[]): FailureCause[] {
  const failed = leaves.filter((leaf) => toTaskStatus(leaf.step.status ?? "") === "FAILED");
  const isExplained = errorsBelow(stepsOf(task.subTasks), [], "error").length > 0;
  const unexplained: FailureCause[] = isExplained
    ? []
    : failed.map(({ path }) => ({ path, message: "failed; the server gives no reason" }));
  // A warning of a step that went well is not what the task failed for.
  const all = [...errorsOf(task, "error"), ...unexplained, ...errorsOf(task, "warning")];
  const seen = new Set<string>();
  return all.filter(({ code, message }) => {
    const key = JSON.stringify([code, message]);
    return seen.has(key) ? false : (seen.add(key), true);
  });
}

/** What a task that succeeded warns of. Errors are told only if it says that there were some: a retry keeps old ones. */
function warningsOf(task: z.infer<typeof taskBody>): string[] {
  const isWarned = meansSuccessWithWarning(task.status);
  const told = errorsOf(task, isWarned ? undefined : "warning").map(({ message }) => message);
  return [...(isWarned ? [`The server ended the task as "${task.status}".`] : []), ...new Set(told)];
}

function stamp(value: string | undefined): number | undefined {
  const at = Date.parse(value ?? "");
  return Number.isNaN(at) ? undefined : at;
}

function resourcesOf(values: readonly unknown[]): TaskResource[] {
  return values.flatMap((value) => {
    const parsed = resource.safeParse(value);
    if (!parsed.success) return [];
    const { resourceId, type, fqdn, name } = parsed.data;
    return [{ type, id: resourceId, name: fqdn ?? name }];
  });
}

const ended = (leaf: Leaf): boolean => isTerminal(toTaskStatus(leaf.step.status ?? ""));

/** What one `Task` says (SDDC Manager API, versions 4.5 to 9.1). */
export function toSnapshot(kind: string, body: unknown): TaskSnapshot {
  const parsed = taskBody.safeParse(body);
  if (!parsed.success) {
    const field = parsed.error.issues[0]?.path.join(".") ?? "";
    throw new UnexpectedReplyError(
      `the field "${field === "" ? "(the whole reply)" : field}" of a task is not what the API documents`,
    );
  }
  const task = parsed.data;
  const status = toTaskStatus(task.status);
  const leaves = leavesOf(stepsOf(task.subTasks), []);
  const done = leaves.filter(ended).length;
  const current = leaves.find((leaf) => toTaskStatus(leaf.step.status ?? "") === "RUNNING");
  return {
    ref: { id: task.id, kind },
    status,
    nativeStatus: task.status,
    name: task.name ?? task.type ?? "task",
    progress: {
      fraction: leaves.length > 0 ? done / leaves.length : undefined,
      message:
        current === undefined ? undefined : `${current.path.at(-1) ?? ""} (${done + 1}/${leaves.length})`,
    },
    startedAt: stamp(task.creationTimestamp),
    finishedAt: stamp(task.completionTimestamp),
    resources: resourcesOf(task.resources),
    warnings: status === "SUCCEEDED" ? warningsOf(task) : [],
    causes: status === "FAILED" || status === "CANCELLED" ? causes(task, leaves) : [],
    isRetryable: task.isRetryable,
    isCancellable: task.isCancellable,
    native: body as Record<string, unknown>,
  };
}

/** The task's own fields, its sub-tasks cut down to the failed ones and counts by status. */
export function condense(native: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const steps = stepsOf(Array.isArray(native.subTasks) ? (native.subTasks as unknown[]) : []);
  if (steps.length === 0) return { ...native };
  const counts: Record<string, number> = {};
  for (const { status } of steps) counts[status ?? ""] = (counts[status ?? ""] ?? 0) + 1;
  const failed = steps.filter(({ status }) => toTaskStatus(status ?? "") === "FAILED");
  return { ...native, subTasks: failed, subTaskCounts: counts };
}
