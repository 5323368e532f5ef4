import { isTerminal, messageOf, TaskFailedError, type TaskRef } from "../tasks";
import { search } from "./candidates";
import type { Context } from "./context";
import type { JournalRecord } from "./journal";
import { reach } from "./reach";
import { canBeRetried, revivalLookMs, revived } from "./revived";
import { hashed, isImmediate, type StartingRequest } from "./sending";
import { settledRecord } from "./settled-record";
import { canBeOurs } from "./whose-task";

/** An update that is to be sent and followed to its end. */
interface Update extends StartingRequest {
  readonly deadlineAt: number;
  /** What it is, at the head of an error. */
  readonly subject: string;
}

/** What the state has of an update. */
export interface SavedUpdate {
  /** The task that made the object. */
  readonly of: string;
  readonly request?: unknown;
  /** The task of the last update. */
  readonly taskId?: string | null | undefined;
}

/** What tells one state of an update from the next. */
export function baseOf({ request = null, taskId = null }: SavedUpdate): unknown {
  return { request, taskId };
}

/** Forgets an update that succeeded and that the state has, or had before others deployed; answers whether it was one. */
function forgetSaved({ journal }: Context, record: JournalRecord, base: unknown): boolean {
  if (record.isDone !== true || record.isOver === true || journal.isOnBase(record, base)) return false;
  journal.remove(record.resourceUrn, "update");
  return true;
}

/**
 * Whether an update of this object has left that never ended well, or that no deployment has saved, so that the object may
 * not be as the state says. A record of one that has been saved, here or by others since, is forgotten.
 */
export function isUpdateOpen(context: Context, resourceUrn: string, saved: SavedUpdate): boolean {
  const { journal } = context;
  const record = journal.read(resourceUrn, "update");
  if (record?.of === saved.of && forgetSaved(context, record, baseOf(saved))) return false;
  return record?.of === saved.of || journal.unreadableSince(resourceUrn, "update") !== undefined;
}

/** Called when the resource of an update goes. */
export function forgetUpdate({ journal }: Context, resourceUrn: string, of: string): void {
  if (journal.read(resourceUrn, "update")?.of === of) journal.remove(resourceUrn, "update");
}

/**
 * Waits until an earlier update with another request has ended, so that it cannot win over the one to be sent.
 * Answers whether there was one: the object may show its effect until another update has ended well.
 *
 * @throws TaskFailedError when it goes on
 */
export async function settleEarlierUpdate(context: Context, update: Update): Promise<boolean> {
  const { deployment, journal } = context;
  const { resourceUrn, endpoint } = update;
  const record = await settledRecord(context, update);
  if (record === undefined || record.of !== update.of || forgetSaved(context, record, update.base))
    return false;
  if (record.isOver === true && !(await runsAgain(context, update, record))) return true;
  // One that was followed by others' deployments is not what the state has: the object may be as those made it.
  if (journal.isForRequest(record, hashed(update)) && journal.isOnBase(record, update.base)) return false;
  if (record.isDone === true) {
    journal.markOver(resourceUrn, "update");
    return true;
  }
  await reach(context, endpoint, resourceUrn, "an earlier update may still be running");
  const { taskId, sentAt, lastSentAt = sentAt } = record;
  const tasks =
    taskId === undefined
      ? await running(context, update, sentAt, lastSentAt)
      : isImmediate(taskId)
        ? []
        : [{ id: taskId, kind: update.taskKind, site: update.site }];
  const named = tasks.map(({ id }) => id).join(", ");
  const what =
    record.isOver === true
      ? "Another update had failed, was retried at the server and runs again"
      : "An earlier deployment was ended while it sent another update";
  deployment.warn(
    resourceUrn,
    `${what}${named === "" ? "" : ` (task ${named})`}. ` +
      "When that has ended, the one that the program wants now is sent.",
  );
  for (const ref of tasks) {
    deployment.status(resourceUrn, `waiting for the earlier update, task ${ref.id}`);
    const { deadlineAt } = update;
    const end = await endpoint.watcher.watch({ ref, signal: deployment.signal, deadlineAt });
    // One that the server has forgotten runs no more.
    if (end.kind === "ended" || end.kind === "missing") continue;
    throw heldBack(context, update, { earlier: `task ${ref.id} of an earlier one` });
  }
  journal.markOver(resourceUrn, "update");
  return true;
}

/** Whether an update that has failed is at work again, for somebody had the server retry it. */
async function runsAgain(context: Context, update: Update, { taskId }: JournalRecord): Promise<boolean> {
  if (taskId === undefined) return false;
  const { endpoint, resourceUrn, taskKind: kind, site } = update;
  if (!canBeRetried(endpoint, kind)) return false;
  await reach(context, endpoint, resourceUrn, "an earlier update may run again");
  const ref = { id: taskId, kind, site };
  const seen = await revived(context, { endpoint, resourceUrn, ref, forMs: revivalLookMs });
  return seen !== undefined && !isTerminal(seen.status);
}

/** The error that says that an earlier update keeps the present one back, and the ways out. */
function heldBack(
  { journal }: Context,
  { subject, endpoint, resourceUrn, redactor }: Update,
  { earlier, why }: { readonly earlier: string; readonly why?: string },
): TaskFailedError {
  const reason = why === undefined ? "" : `: ${why.replace(/\.$/, "")}`;
  return new TaskFailedError(
    redactor.text(
      `${subject} was not sent: ${earlier} at endpoint "${endpoint.settings.name}" may still be running${reason}.\n` +
        "The next `pulumi up` waits for it again. If that does not help, look at the server yourself: cancel there what still runs of it; " +
        `when nothing does, remove ${journal.fileOf(resourceUrn, "update")} to have this one sent.`,
    ),
  );
}

/** Tasks that an update without a reply may have started, for there is nothing to choose: all of them are waited for. */
async function running(
  context: Context,
  update: Update,
  sentAt: number,
  lastSentAt: number,
): Promise<TaskRef[]> {
  // The journal keeps no request, so it is looked for by the present one, which is about the same object.
  const { candidates } = await search(context, update, { sentAt, lastSentAt });
  if (candidates === undefined || candidates instanceof Error) {
    const why = candidates === undefined ? "the server cannot be asked for its task" : messageOf(candidates);
    throw heldBack(context, update, { earlier: "an earlier one, whose reply was lost,", why });
  }
  return candidates
    .filter((task) => !isTerminal(task.status) && canBeOurs(update, task, lastSentAt))
    .map(({ ref }) => ref);
}
