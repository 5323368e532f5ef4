import {
  createRedactor,
  meansSuccessWithWarning,
  secretsIn,
  toTaskStatus,
  UnexpectedReplyError,
  withoutSecretFields,
  type FailureCause,
  type TaskResource,
  type TaskSnapshot,
  type TaskStatus,
} from "../../tasks";
import { causesOf, type Severity } from "./errors";
import { at, firstText, flagOf, isFields, listOf, stampOf, type Fields } from "./fields";
import { kindNamed } from "./kind-of";
import type { SddcKind } from "./kinds";
import { errorsBelow, errorsIn, hasEnded, hasFailed, leavesOf, stepsOf, type Leaf } from "./steps";

/** A task's parts, read once. */
interface Parts {
  readonly fields: Fields;
  readonly steps: ReturnType<typeof stepsOf>;
  readonly leaves: readonly Leaf[];
}

function odd({ title }: SddcKind, field: string): UnexpectedReplyError {
  return new UnexpectedReplyError(`the field "${field}" of ${title} is not what the API documents`);
}

function wordAt(row: SddcKind, fields: Fields, field: string): string {
  const value = at(fields, field);
  if (typeof value !== "string" || value === "") throw odd(row, field);
  return value;
}

/** The status, and the server's own word for it; a flag has the words that other kinds use. */
function statusOf(row: SddcKind, { fields, leaves }: Parts): { status: TaskStatus; nativeStatus: string } {
  if ("flag" in row.status) {
    const isOver = at(fields, row.status.flag);
    if (typeof isOver !== "boolean") throw odd(row, row.status.flag);
    const { failure } = row.status;
    const isBad = (failure !== undefined && at(fields, failure) === true) || leaves.some(hasFailed);
    if (!isOver && !isBad) return { status: "RUNNING", nativeStatus: "IN_PROGRESS" };
    return isBad
      ? { status: "FAILED", nativeStatus: "FAILED" }
      : { status: "SUCCEEDED", nativeStatus: "COMPLETED" };
  }
  const word = wordAt(row, fields, row.status.word);
  const status = toTaskStatus(word);
  if (row.status.then === undefined || status !== "SUCCEEDED") return { status, nativeStatus: word };
  // Executed to its end: what came out is another word.
  const outcome = wordAt(row, fields, row.status.then);
  return { status: toTaskStatus(outcome), nativeStatus: outcome };
}

function errorsOf({ fields, steps }: Parts, severity?: Severity): FailureCause[] {
  const inner = isFields(fields.queryInfo) ? errorsIn(fields.queryInfo) : [];
  return [...errorsBelow(steps, severity), ...causesOf([...errorsIn(fields), ...inner], [], severity)];
}

/** Whether a cause says only what another one says already, further down or as a former one of the same step. */
function passesOn(cause: FailureCause, other: FailureCause, isFormer: boolean): boolean {
  const isSame = cause.code === other.code && cause.message === other.message;
  const isOnTheWay = cause.path.every((name, depth) => other.path[depth] === name);
  // Hosts that fail alike are told each.
  return isSame && isOnTheWay && (isFormer || other.path.length > cause.path.length);
}

function causes(parts: Parts): FailureCause[] {
  const isExplained = errorsBelow(parts.steps, "error").length > 0;
  const unexplained: FailureCause[] = isExplained
    ? []
    : parts.leaves
        .filter(hasFailed)
        .map(({ path }) => ({ path, message: "failed; the server gives no reason" }));
  // A warning of a step that went well is not what the task failed for.
  const all = [...errorsOf(parts, "error"), ...unexplained, ...errorsOf(parts, "warning")];
  return all.filter((cause, index) => !all.some((other, place) => passesOn(cause, other, place < index)));
}

/** What a task that succeeded warns of. Errors are told only if it says that there were some: a retry keeps old ones. */
function warningsOf(parts: Parts, nativeStatus: string): string[] {
  const isWarned = meansSuccessWithWarning(nativeStatus);
  const told = errorsOf(parts, isWarned ? undefined : "warning");
  const silent = parts.leaves.filter(
    ({ step }) =>
      isWarned &&
      step.errors.length === 0 &&
      (toTaskStatus(step.status) === "FAILED" || /WARNING/i.test(step.status)),
  );
  return [
    ...(isWarned ? [`The server ended the task as "${nativeStatus}".`] : []),
    ...new Set([
      ...told.map(({ message }) => message),
      ...silent.map(({ path }) => `${path.join(" › ")}: warned; the server gives no reason`),
    ]),
  ];
}

function resourcesOf(values: readonly unknown[]): TaskResource[] {
  return values.filter(isFields).flatMap(({ resourceId, type, fqdn, name }) => {
    if (typeof resourceId !== "string" || typeof type !== "string") return [];
    const shown = [fqdn, name].find((one) => typeof one === "string");
    return [{ type, id: resourceId, name: shown }];
  });
}

/** The id in a body, the first of the fields that can have it. */
export function idIn(row: SddcKind, fields: Fields): string | undefined {
  return row.id.map((path) => at(fields, path)).find((id) => typeof id === "string" && id !== "") as
    string | undefined;
}

/** Passwords that a body tells in clear, taken out of it and of every text made of it. */
function withoutSecrets(task: TaskSnapshot): TaskSnapshot {
  const secrets = secretsIn(task.native);
  if (secrets.length === 0) return task;
  const { texts, value } = createRedactor(secrets);
  const { name, progress, warnings, causes: told } = task;
  return {
    ...task,
    ...texts({ name, progress, warnings, causes: told }),
    ...(task.result === undefined ? {} : { result: value(withoutSecretFields(task.result)) }),
    native: value(withoutSecretFields(task.native)) as Fields,
  };
}

const startStamps = ["creationTimestamp", "startTimestamp", "createTime", "startTime", "timestamp"];
const endStamps = ["completionTimestamp", "endTimestamp", "endTime"];
const taskNames = ["name", "description", "operationType", "type", "bundleName"];

function firstStamp(fields: Fields, names: readonly string[]): number | undefined {
  return names.map((name) => stampOf(fields[name])).find((stamp) => stamp !== undefined);
}

/**
 * What one body says of a task of any kind (SDDC Manager API, versions 4.5 to 9.1). Only id and status are read
 * strictly. Without `id`, the body's own is taken.
 */
export function toSnapshot(kind: string, body: unknown, id?: string): TaskSnapshot {
  const row = kindNamed(kind);
  if (!isFields(body)) throw odd(row, "(the whole reply)");
  const ownId = idIn(row, body) ?? (row.id.length === 0 && typeof body.id === "string" ? body.id : undefined);
  if (ownId === undefined && (row.isNamed === true || id === undefined))
    throw odd(row, row.id.at(-1) ?? "id");
  const steps = stepsOf(body);
  const parts: Parts = { fields: body, steps, leaves: leavesOf(steps) };
  const { status, nativeStatus } = statusOf(row, parts);
  const { leaves } = parts;
  const done = leaves.filter(hasEnded).length;
  const current = leaves.find(({ step }) => toTaskStatus(step.status) === "RUNNING");
  return withoutSecrets({
    ref: { id: id ?? ownId ?? "", kind },
    status,
    nativeStatus,
    name: firstText(body, taskNames) ?? row.title.replace(/^an? /, ""),
    progress: {
      fraction: leaves.length > 0 ? done / leaves.length : undefined,
      message:
        current === undefined ? undefined : `${current.path.at(-1) ?? ""} (${done + 1}/${leaves.length})`,
    },
    startedAt: firstStamp(body, startStamps),
    finishedAt: firstStamp(body, endStamps),
    ...(row.result === undefined || status !== "SUCCEEDED" ? {} : { result: at(body, row.result) }),
    resources: resourcesOf(listOf(body.resources)),
    warnings: status === "SUCCEEDED" ? warningsOf(parts, nativeStatus) : [],
    causes: status === "FAILED" || status === "CANCELLED" ? causes(parts) : [],
    isRetryable: flagOf(body.isRetryable) ?? flagOf(body.retriable),
    isCancellable: flagOf(body.isCancellable) ?? flagOf(body.cancellable),
    native: body,
  });
}
