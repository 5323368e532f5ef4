import { setMaxListeners } from "node:events";

import { hasCode, pauseAsWished } from "../tasks";
import { formatDuration, pauseMs } from "./arguments";
import { isNone, mayHaveStarted, search, type Found } from "./candidates";
import type { Context } from "./context";
import { reach } from "./reach";
import type { JournalRecord } from "./journal";
import {
  hashed,
  isImmediate,
  longestReplyMs,
  received,
  writeRecord,
  type Sent,
  type StartingRequest,
} from "./sending";
import { canBeRetried, revivalLookMs, revived } from "./revived";
import { settledRecord } from "./settled-record";
import { traitsOfTask } from "./task-kind";
import { waitUntil } from "./wait-until";
import type { SendingTimes } from "./whose-task";

// A server that took a request and lost the reply may need a moment until its list shows the task.
const looksForLostStart = [1_000, 3_000, 8_000];

// A service of vCenter may take 30 s to accept a task, also when the connection was cut long before.
const slowestAcceptMs = 40_000;

// vCenter keeps a finished task for a day: that a server shows none later proves nothing.
const serversRememberMs = 24 * 3_600_000;

const unclear = "an earlier sending got no clear reply and may have started it";

// In flight when the engine ends, so that the reply can still be journaled.
const never = new AbortController().signal;
setMaxListeners(0, never);

/** Sends a request that starts work: never twice, whatever happened to this process or an earlier one. */
export async function sendOnce(context: Context, sending: StartingRequest): Promise<Sent> {
  const sent = (await earlierReply(context, sending)) ?? (await send(context, sending));
  const { knownTasks, startedBy } = context.memoryOf(sending.endpoint.settings.name);
  if (sent.kind === "task") knownTasks.add(sent.ref.id);
  startedBy.set(sent.kind === "task" ? sent.ref.id : sent.id, sending.resourceUrn);
  return sent;
}

/**
 * Sends, waiting while the server is away or busy, for then nothing was started. `unclearSince` says since when
 * an earlier sending of the same request, of which the server shows no trace, may still turn up.
 */
async function send(context: Context, sending: StartingRequest, unclearSince?: number): Promise<Sent> {
  const { clock, deployment, journal } = context;
  const { endpoint, request, policy, resourceUrn, requestKind, redactor } = sending;
  const { client, settings } = endpoint;
  const forget = (): void =>
    sending.isCorrection === true
      ? journal.markOver(resourceUrn, requestKind)
      : journal.remove(resourceUrn, requestKind);
  const nothing =
    unclearSince === undefined ? "nothing was started" : `nothing was started by that, but ${unclear}`;
  const beganAt = clock.now();
  const { deadlineAt = Infinity } = sending;
  const busyUntil = Math.min(beganAt + policy.busyTimeoutMs, deadlineAt);
  let hasWarned = false;
  for (let tries = 1; ; tries += 1) {
    await reach(context, endpoint, resourceUrn, nothing);
    await deployment.confirmAlive();
    const lastSentAt = clock.now() + client.clockOffsetMs();
    const sentAt = unclearSince ?? lastSentAt;
    // The request may have been taken at any time until its reply was given up.
    const times = (): SendingTimes => ({ sentAt, lastSentAt: clock.now() + client.clockOffsetMs() });
    writeRecord(context, sending, sentAt, { isSecondTime: unclearSince !== undefined, lastSentAt });
    endpoint.unanswered.add(sending);
    try {
      const { taskKind, site, taskIdFrom, isObserved } = sending;
      return await deployment.finish(
        client
          .start({ ...request, sender: deployment }, { kind: taskKind, site, taskIdFrom, isObserved }, never)
          .then((reply) => received(context, sending, sentAt, reply))
          .finally(() => endpoint.unanswered.delete(sending)),
      );
    } catch (error) {
      const isFault = hasCode(error, "VMWARE_ENDPOINT_FAULT");
      if (isFault && error.fault.sent === "maybe")
        return afterSilence(context, sending, {
          why: error.message,
          ...times(),
          isSecondTime: unclearSince !== undefined,
        });
      // A good reply without a usable id leaves the intent behind: the operation runs, so it is not sent again.
      if (hasCode(error, "VMWARE_UNEXPECTED_REPLY") && !isHarmless(sending))
        writeRecord(context, sending, sentAt, { isSecondTime: true, lastSentAt });
      const isRefused = hasCode(error, "VMWARE_REQUEST_REFUSED");
      // Held back before it left, for nobody wants it any more.
      const isHeldBack = hasCode(error, "VMWARE_ENGINE_GONE");
      if (!isFault && !isRefused && !isHeldBack) throw error;
      if (unclearSince === undefined) forget();
      // The first one is as unclear as before, and another second one as good as this one would have been.
      else writeRecord(context, sending, sentAt, { lastSentAt });
      const isBusy = isRefused && error.refusal.isBusy;
      if (unclearSince !== undefined && isRefused) {
        // What stands in the way may be the first sending itself.
        const { candidates, own } = await search(context, sending, times());
        if (own !== undefined) return received(context, sending, sentAt, { kind: "task", ref: own.ref });
        if (!isNone(candidates) && !isHarmless(sending)) {
          const doubt = { why: error.message, candidates, isLongAgo: false, isUnreadable: false };
          throw mayHaveStarted(context, sending, doubt);
        }
      }
      const isAway = isFault && ["network", "throttled"].includes(error.fault.faultClass);
      if (!isBusy && !isAway) throw error;
      const left = busyUntil - clock.now();
      if (left <= 0) {
        const limit = busyUntil === deadlineAt ? "timeout" : "retry.busyTimeout";
        error.message += ` It was waited for ${formatDuration(Math.max(busyUntil - beganAt, 0))} (${limit}); ${nothing}.`;
        throw error;
      }
      const { retryAfterMs: wished } = isRefused ? error.refusal : error.fault;
      const pause = Math.min(pauseAsWished(wished, pauseMs(policy, tries)), left);
      // The server's words may have a new reference each time.
      if (isBusy && !hasWarned) {
        hasWarned = true;
        deployment.warn(
          resourceUrn,
          redactor.text(`${error.message}\nThe server is busy and ${nothing}: waiting.`),
        );
      }
      deployment.status(
        resourceUrn,
        `endpoint ${settings.name} is ${isBusy ? "busy" : "away"}, next try in ${formatDuration(pause)}`,
      );
      await clock.sleep(pause, deployment.signal);
    }
  }
}

/** A sending that got no clear reply. */
interface Silence {
  readonly why: string;
  /** By the server's clock; the second time it may be later than the first. */
  readonly sentAt: number;
  readonly lastSentAt: number;
  readonly isSecondTime: boolean;
  readonly isUnreadable?: boolean;
}

/** A second delete of what is gone already does no harm, whatever became of the first; nor does a second validation. */
function isHarmless({ requestKind, endpoint, taskKind }: StartingRequest): boolean {
  return requestKind === "delete" || traitsOfTask(endpoint, { kind: taskKind })?.isHarmless === true;
}

/** What became of a request that got no clear reply: asks the server, and sends again only when it shows no trace. */
async function afterSilence(
  context: Context,
  sending: StartingRequest,
  { why, sentAt, lastSentAt, isSecondTime, isUnreadable = false }: Silence,
): Promise<Sent> {
  const { clock, deployment } = context;
  const { client } = sending.endpoint;
  deployment.status(sending.resourceUrn, "the reply to the start was lost: asking the server for its task");
  const sinceSent = (): number => clock.now() + client.clockOffsetMs() - lastSentAt;
  const lookAfter = async (pauseMs: number): Promise<Found> => {
    await clock.sleep(pauseMs, deployment.signal);
    await untilOthersAreAnswered(context, sending);
    return search(context, sending, { sentAt, lastSentAt });
  };
  let found: Found = { candidates: [], own: undefined, isContested: false };
  const isOpen = (): boolean => found.own === undefined && (isNone(found.candidates) || found.isContested);
  for (const pause of looksForLostStart) if (isOpen()) found = await lookAfter(pause);
  // The server's clock may have been set since.
  const left = Math.min(slowestAcceptMs - sinceSent(), slowestAcceptMs);
  if (isOpen() && left > 0 && !isHarmless(sending)) found = await lookAfter(left);
  const { candidates, own } = found;
  if (own !== undefined) return received(context, sending, sentAt, { kind: "task", ref: own.ref });
  // A task that is hardly ours is not followed; but while there is one, nothing is sent again.
  const isLongAgo = sinceSent() > serversRememberMs;
  const hasNoTrace = isNone(candidates) && !isLongAgo;
  if ((hasNoTrace || isHarmless(sending)) && !isSecondTime) return send(context, sending, sentAt);
  throw mayHaveStarted(context, sending, { why, candidates, isLongAgo, isUnreadable });
}

/** A sibling whose reply is still to come has a task that nobody knows yet to be its own. */
export async function untilOthersAreAnswered(
  { clock, deployment }: Context,
  sending: StartingRequest,
): Promise<void> {
  const { endpoint } = sending;
  const { unanswered } = endpoint;
  await waitUntil(() => [...unanswered].every((other) => other === sending), {
    clock,
    signal: deployment.signal,
    intervalMs: 200,
    timeoutMs: Math.max(0, ...[...unanswered].map(({ request }) => longestReplyMs({ endpoint, request }))),
  });
}

/** Whether a record tells of the request that is to be sent, at the same endpoint, which may have another name by now. */
function isOfThisRequest(
  { configuration, journal }: Context,
  sending: StartingRequest,
  record: JournalRecord,
): boolean {
  const isSameEndpoint = configuration.currentName(record.endpoint) === sending.endpoint.settings.name;
  return isSameEndpoint && journal.isForRequest(record, hashed(sending));
}

/** What an earlier process that was killed has left in the journal. */
async function earlierReply(context: Context, sending: StartingRequest): Promise<Sent | undefined> {
  const { clock, deployment, journal } = context;
  const { resourceUrn, requestKind, endpoint } = sending;
  const record = await settledRecord(context, sending);
  const writtenAt = record === undefined ? journal.unreadableSince(resourceUrn, requestKind) : undefined;
  if (writtenAt !== undefined) return unreadableReply(context, sending, writtenAt);
  if (record === undefined || record.of !== sending.of || record.attempt !== sending.attempt)
    return undefined;
  if (record.isOver === true) return revivedTask(context, sending, record);
  // A replacement has the URN of what it replaces: a task of this very deployment is not an earlier one's. Without a task
  // the engine was told of a failure and repeats the step, as its error hooks wish.
  const hasTask = record.taskId !== undefined;
  if (requestKind === "start" && hasTask && journal.isOfThisProcess(record)) return undefined;
  if (!isOfThisRequest(context, sending, record)) {
    deployment.warn(
      resourceUrn,
      `An earlier deployment sent another request of this resource to endpoint "${record.endpoint}", and was ended before that ` +
        (record.taskId === undefined
          ? "was answered: it may have started. Look at the server for what it made."
          : `was saved: its task ${record.taskId} is left alone. Look at the server for what it made.`),
    );
    journal.remove(resourceUrn, requestKind);
    return undefined;
  }
  const { taskId, sentAt } = record;
  if (taskId !== undefined && record.isDone === true) return { kind: "done", id: taskId, body: undefined };
  if (taskId !== undefined && isImmediate(taskId)) {
    return {
      kind: "done",
      id: taskId,
      body: undefined,
      note: "An earlier deployment did this and was ended before it saved the answer.",
    };
  }
  if (taskId !== undefined) {
    deployment.status(resourceUrn, `going on with task ${taskId} of an earlier deployment`);
    const ageMs = clock.now() - sentAt;
    // The state does not tell whether others have replaced since what this record is about.
    if (requestKind === "start" && ageMs > serversRememberMs)
      deployment.warn(
        resourceUrn,
        `Nothing was started: it is gone on with task ${taskId}, which an earlier deployment on this machine started ` +
          `${formatDuration(ageMs)} ago and was ended before it saved that. To start it anew: change \`triggers\`.`,
      );
    return { kind: "task", ref: { id: taskId, kind: sending.taskKind, site: sending.site } };
  }
  await reach(context, endpoint, resourceUrn, unclear);
  return afterSilence(context, sending, {
    why: "It was sent earlier, and no clear reply came.",
    sentAt,
    lastSentAt: record.lastSentAt ?? sentAt,
    // A delete is sent anew by each deployment, or an object whose deletes are lost could never be deleted.
    isSecondTime: record.isSecondTime === true && !isHarmless(sending),
  });
}

/** The task of a request that has ended, and not well, where it goes on or has succeeded since. */
async function revivedTask(
  context: Context,
  sending: StartingRequest,
  record: JournalRecord,
): Promise<Sent | undefined> {
  const { deployment, journal } = context;
  const { endpoint, resourceUrn, site, taskKind } = sending;
  const { taskId } = record;
  const isThis =
    isOfThisRequest(context, sending, record) &&
    // Others have worked on the object since, or it is known that it succeeded before they did.
    (sending.base === undefined || journal.isOnBase(record, sending.base)) &&
    record.isDone !== true;
  if (!isThis || taskId === undefined || !canBeRetried(endpoint, taskKind)) return undefined;
  const ref = { id: taskId, kind: taskKind, site };
  await reach(context, endpoint, resourceUrn, "an earlier one may run again");
  try {
    const seen = await revived(context, { endpoint, resourceUrn, ref, forMs: revivalLookMs });
    if (seen === undefined) return undefined;
  } catch (error) {
    // What the server does not want to show must not keep an object from being deleted.
    if (isHarmless(sending) && hasCode(error, "VMWARE_REQUEST_REFUSED")) return undefined;
    throw error;
  }
  deployment.status(resourceUrn, `task ${taskId} of an earlier deployment was retried: going on with it`);
  return { kind: "task", ref };
}

/** A record that nobody can read stands for a request that left and whose reply is lost. */
async function unreadableReply(context: Context, sending: StartingRequest, writtenAt: number): Promise<Sent> {
  const { clock, deployment, journal } = context;
  const { endpoint, requestKind, resourceUrn } = sending;
  const why =
    `The journal's record ${journal.fileOf(resourceUrn, requestKind)} cannot be read: ` +
    "it is damaged, or of a newer version of this package.";
  deployment.warn(
    resourceUrn,
    `${why} This operation may have been started already; the server is asked for its task.`,
  );
  await reach(context, endpoint, resourceUrn, unclear);
  const lastSentAt = Math.min(writtenAt, clock.now()) + endpoint.client.clockOffsetMs();
  // Written last when the request left or when its reply came.
  const sentAt = lastSentAt - longestReplyMs(sending);
  return afterSilence(context, sending, { why, sentAt, lastSentAt, isSecondTime: false, isUnreadable: true });
}
