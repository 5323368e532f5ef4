import { hasCode, messageOf, renderFailure, TaskFailedError } from "../tasks";
import type { Context } from "./context";
import { formatDuration } from "./arguments";
import { inSlot } from "./in-slot";
import { settleEarlierUpdate } from "./earlier-update";
import { sendOnce } from "./send-once";
import { canBeRetried } from "./revived";
import { isImmediate, writeRecord, type StartingRequest } from "./sending";
import { statusLine } from "./status-line";

/** A request that is sent and followed to its end, with nothing to judge but that. */
export interface FollowedRequest extends StartingRequest {
  /** How long it may take: until then, or for so long from when there is a slot for it. */
  readonly limit: { readonly until: number } | { readonly forMs: number };
  /** What it is, at the head of an error: `The delete request of "vm"`. */
  readonly subject: string;
  /** "Not found", in the product's own words, is as good as done. */
  readonly acceptsNotFound?: boolean;
  /** What to do when what it is about is not there any more; told where "not found" is no good end. */
  readonly whenNotFound?: string;
}

/** How a followed request ended well. */
export interface Finished {
  /** Absent when the server answered at once. */
  readonly taskId?: string;
  readonly result?: unknown;
}

/** Writes down that a request has succeeded; where that cannot be written, the id of its task is there already. */
function writeDone(context: Context, followed: FollowedRequest, taskId: string): void {
  const { sentAt } = context.journal.read(followed.resourceUrn, followed.requestKind) ?? {};
  try {
    writeRecord(context, followed, sentAt ?? context.clock.now(), { taskId, isDone: true });
  } catch (error) {
    context.deployment.warn(followed.resourceUrn, messageOf(error));
  }
}

/**
 * Sends a request once, follows its task, and clears its record.
 *
 * @throws TaskFailedError when it did not end well; its record stays while the task may run
 */
export async function runToEnd(context: Context, followed: FollowedRequest): Promise<Finished> {
  const { journal, deployment, clock } = context;
  const {
    endpoint,
    resourceUrn,
    requestKind,
    subject,
    redactor,
    acceptsNotFound = false,
    whenNotFound,
  } = followed;
  const beganAt = clock.now();
  const forget = (): void => journal.remove(resourceUrn, requestKind);
  // An update that did not end well may have changed something, which the state cannot tell; and a delete that the server
  // can retry may go on.
  const canGoOn = requestKind === "delete" && canBeRetried(endpoint, followed.taskKind);
  const giveUp = (): void =>
    requestKind === "update" || canGoOn ? journal.markOver(resourceUrn, requestKind) : forget();
  // A second delete finds nothing to delete; a second update would be another one, so the first is known until a state
  // on another base shows that it is saved. Of one without a task a state would not tell.
  const succeed = (id: string): void => {
    if (followed.base === undefined || isImmediate(id)) forget();
    else writeDone(context, followed, id);
  };
  const { limit } = followed;
  const until = (): number => ("until" in limit ? limit.until : clock.now() + limit.forMs);
  let deadlineAt = until();
  const isCorrection =
    requestKind === "update" && (await settleEarlierUpdate(context, { ...followed, deadlineAt }));
  let reply;
  try {
    const slot = { endpoint, resourceUrn, deadlineAt: "until" in limit ? limit.until : undefined };
    reply = await inSlot(context, slot, () => {
      deadlineAt = until();
      return sendOnce(context, { ...followed, isCorrection, deadlineAt });
    });
  } catch (error) {
    const isRefused = hasCode(error, "VMWARE_REQUEST_REFUSED");
    if (acceptsNotFound && isRefused && error.refusal.isNotFound) {
      forget();
      return {};
    }
    if (isRefused) {
      const advice = whenNotFound !== undefined && error.refusal.isNotFound ? `\n${whenNotFound}` : "";
      error.message = redactor.text(`${subject} was refused. ${error.message}${advice}`);
    }
    throw error;
  }
  // Its note is not told: most deletions are answered so, and a warning at each would be none.
  if (reply.kind === "done") {
    succeed(reply.id);
    return { ...(isImmediate(reply.id) ? {} : { taskId: reply.id }), result: reply.body };
  }
  const end = await endpoint.watcher.watch({
    ref: reply.ref,
    signal: deployment.signal,
    deadlineAt,
    onLook: (snapshot, remaining) =>
      deployment.status(resourceUrn, () => redactor.text(statusLine(snapshot, remaining))),
  });
  const taskId = reply.ref.id;
  if (end.kind === "ended") {
    const { snapshot } = end;
    // The task's own first cause: what a sub-task did not find may be anything.
    const [first] = snapshot.causes;
    const isGone = first?.path.length === 0 && /(^|_)NOT_FOUND$/.test(first.code ?? "");
    if (snapshot.status === "SUCCEEDED") succeed(taskId);
    else if (acceptsNotFound && isGone) forget();
    else giveUp();
    for (const warning of snapshot.warnings) deployment.warn(resourceUrn, redactor.text(warning));
    if (snapshot.status === "SUCCEEDED") return { taskId, result: snapshot.result };
    if (acceptsNotFound && isGone) return { taskId };
    throw new TaskFailedError(
      renderFailure(
        {
          headline: `${subject} failed after ${formatDuration(clock.now() - beganAt)}: ${snapshot.name}, task ${taskId} at endpoint "${endpoint.settings.name}" (${snapshot.nativeStatus})`,
          causes: snapshot.causes,
          next: [
            "The next `pulumi up` or `pulumi destroy` sends it again.",
            ...(isGone && whenNotFound !== undefined ? [whenNotFound] : []),
          ],
        },
        redactor.text,
      ),
    );
  }
  const why =
    end.kind === "outage"
      ? end.fault.message
      : end.kind === "missing"
        ? "the server does not know it any more"
        : "its time is up";
  const isLost = end.kind === "missing";
  if (isLost) giveUp();
  throw new TaskFailedError(
    redactor.text(
      `${subject} did not end: task ${taskId} at endpoint "${endpoint.settings.name}" may still be running; ${why}. ` +
        `It was last seen ${end.snapshot === undefined ? "never" : `as ${end.snapshot.nativeStatus}`}. The next \`pulumi up\` or \`pulumi destroy\` ${isLost ? "sends it again" : "goes on with it"}.`,
    ),
  );
}
