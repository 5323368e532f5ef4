import { isTerminal, TaskFailedError, type TaskRef } from "../tasks";
import { search } from "./candidates";
import type { Context } from "./context";
import { reach } from "./reach";
import { hashed, isImmediate, type StartingRequest } from "./sending";
import { settledRecord } from "./settled-record";
import { canBeOurs } from "./whose-task";

/** An update that is to be sent and followed to its end. */
interface Update extends StartingRequest {
  readonly deadlineAt: number;
  /** What it is, at the head of an error. */
  readonly subject: string;
}

/** Whether an update of this object has left that never ended well, so that the object may not be as the state says. */
export function isUpdateOpen({ journal }: Context, resourceUrn: string, of: string): boolean {
  const record = journal.read(resourceUrn, "update");
  return record?.of === of || journal.unreadableSince(resourceUrn, "update") !== undefined;
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
  const { resourceUrn, endpoint, redactor } = update;
  const record = await settledRecord(context, update);
  if (record === undefined || record.of !== update.of) return false;
  if (record.isOver === true) return true;
  if (journal.isForRequest(record, hashed(update))) return false;
  await reach(context, endpoint, resourceUrn);
  const { taskId, sentAt, lastSentAt = sentAt } = record;
  const tasks =
    taskId === undefined
      ? await running(context, update, sentAt, lastSentAt)
      : isImmediate(taskId)
        ? []
        : [{ id: taskId, kind: update.taskKind, site: update.site }];
  const named = tasks.map(({ id }) => id).join(", ");
  deployment.warn(
    resourceUrn,
    `An earlier deployment was ended while it sent another update${named === "" ? "" : ` (task ${named})`}. ` +
      "When that has ended, the one that the program wants now is sent.",
  );
  for (const ref of tasks) {
    deployment.status(resourceUrn, `waiting for the earlier update, task ${ref.id}`);
    const { deadlineAt } = update;
    const end = await endpoint.watcher.watch({ ref, signal: deployment.signal, deadlineAt });
    // One that the server has forgotten runs no more.
    if (end.kind === "ended" || end.kind === "missing") continue;
    throw new TaskFailedError(
      redactor.text(
        `${update.subject} was not sent: task ${ref.id} of an earlier one at endpoint "${endpoint.settings.name}" may still be running. ` +
          "The next `pulumi up` waits for it again.",
      ),
    );
  }
  journal.markOver(resourceUrn, "update");
  return true;
}

/** Tasks that an update without a reply may have started, for there is nothing to choose: all of them are waited for. */
async function running(
  context: Context,
  update: Update,
  sentAt: number,
  lastSentAt: number,
): Promise<TaskRef[]> {
  // The journal keeps no request, so it is looked for by the present one, which is about the same object.
  const { candidates = [] } = await search(context, update, { sentAt, lastSentAt });
  if (candidates instanceof Error) throw candidates;
  return candidates
    .filter((task) => !isTerminal(task.status) && canBeOurs(update, task, lastSentAt))
    .map(({ ref }) => ref);
}
