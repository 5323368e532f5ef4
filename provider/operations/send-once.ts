import { setMaxListeners } from "node:events";

import { EndpointFaultError, hasCode, type TaskSnapshot } from "../tasks";
import { formatDuration, pauseMs } from "./arguments";
import { canBeOurs, findCandidates, mayHaveStarted } from "./candidates";
import type { Context } from "./context";
import type { JournalRecord } from "./journal";
import { reach } from "./reach";
import { hashed, isImmediate, received, writeRecord, type Sent, type StartingRequest } from "./sending";
import { waitUntil } from "./wait-until";

// A server that took a request and lost the reply may need a moment until its list shows the task.
const looksForLostStart = [1_000, 3_000, 8_000];

// A busy server is not asked faster than this, whatever a policy says.
const shortestPauseMs = 1_000;

// In flight when the engine ends, so that the reply can still be journaled.
const never = new AbortController().signal;
setMaxListeners(0, never);

/** Sends a request that starts work: never twice, whatever happened to this process or an earlier one. */
export async function sendOnce(context: Context, sending: StartingRequest): Promise<Sent> {
  const sent = (await earlierReply(context, sending)) ?? (await send(context, sending));
  const { knownTasks, startedBy } = context.memory;
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
  const busyUntil = clock.now() + policy.busyTimeoutMs;
  for (let tries = 1; ; tries += 1) {
    await reach(context, endpoint, resourceUrn);
    await deployment.confirmAlive();
    const sentAt = unclearSince ?? clock.now() + client.clockOffsetMs();
    writeRecord(context, sending, sentAt, {
      isSecondTime: unclearSince !== undefined,
      lastSentAt: clock.now() + client.clockOffsetMs(),
    });
    endpoint.unanswered.add(sending);
    try {
      const { taskKind, site, taskIdFrom, isObserved } = sending;
      return await deployment.finish(
        client
          .start(request, { kind: taskKind, site, taskIdFrom, isObserved }, never)
          .then((reply) => received(context, sending, sentAt, reply))
          .finally(() => endpoint.unanswered.delete(sending)),
      );
    } catch (error) {
      const isFault = hasCode(error, "VMWARE_ENDPOINT_FAULT");
      if (isFault && error.fault.sent === "maybe")
        return afterSilence(context, sending, sentAt, error, {
          isSecondTime: unclearSince !== undefined,
          lastSentAt: clock.now() + client.clockOffsetMs(),
        });
      // Anything but a clear no, such as a reply without a usable id, leaves the intent behind: the operation may run.
      const isRefused = hasCode(error, "VMWARE_REQUEST_REFUSED");
      if (!isFault && !isRefused) throw error;
      if (unclearSince === undefined) journal.remove(resourceUrn, requestKind);
      const isBusy = isRefused && error.refusal.isBusy;
      if (unclearSince !== undefined && isRefused) {
        // What stands in the way may be the first sending itself.
        const late = await findCandidates(context, sending, unclearSince);
        if (late?.length === 1 && late[0] !== undefined)
          return received(context, sending, sentAt, { kind: "task", ref: late[0].ref });
      }
      const isAway = isFault && ["network", "throttled"].includes(error.fault.faultClass);
      if (!isBusy && !isAway) throw error;
      const left = busyUntil - clock.now();
      if (left <= 0) {
        error.message += ` It was waited for ${formatDuration(policy.busyTimeoutMs)} (retry.busyTimeout); nothing was started.`;
        throw error;
      }
      const { retryAfterMs: wished } = isRefused ? error.refusal : error.fault;
      const pause = Math.min(Math.max(wished ?? pauseMs(policy, tries), shortestPauseMs), left);
      if (isBusy) {
        deployment.warn(
          resourceUrn,
          redactor.text(`${error.message}\nThe server is busy and nothing was started: waiting.`),
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

/** What became of a request that got no clear reply: asks the server, and sends again only when it shows no trace. */
async function afterSilence(
  context: Context,
  sending: StartingRequest,
  sentAt: number,
  cause: Error,
  { isSecondTime, lastSentAt }: { readonly isSecondTime: boolean; readonly lastSentAt: number },
): Promise<Sent> {
  const { clock, deployment } = context;
  deployment.status(sending.resourceUrn, "the reply to the start was lost: asking the server for its task");
  let candidates: TaskSnapshot[] | undefined = [];
  for (const pause of looksForLostStart) {
    await clock.sleep(pause, deployment.signal);
    await untilOthersAreAnswered(context, sending);
    candidates = await findCandidates(context, sending, sentAt);
    if (candidates === undefined || candidates.length > 0) break;
  }
  // A task that began long after, or of another user, is hardly ours; but while there is one, nothing is sent again.
  const ours = candidates?.filter((task) => canBeOurs(sending, task, lastSentAt)) ?? [];
  if (ours.length === 1 && ours[0] !== undefined)
    return received(context, sending, sentAt, { kind: "task", ref: ours[0].ref });
  // A second delete of what is gone already does no harm, whatever became of the first.
  const isHarmless = sending.requestKind === "delete";
  if ((candidates?.length === 0 || isHarmless) && !isSecondTime) return send(context, sending, sentAt);
  throw mayHaveStarted(sending, cause.message, candidates);
}

/** A sibling whose reply is still to come has a task that nobody knows yet to be its own. */
async function untilOthersAreAnswered(
  { clock, deployment }: Context,
  sending: StartingRequest,
): Promise<void> {
  const { unanswered, settings } = sending.endpoint;
  await waitUntil(() => [...unanswered].every((other) => other === sending), {
    clock,
    signal: deployment.signal,
    intervalMs: 200,
    timeoutMs: settings.requestTimeoutMs,
  });
}

/** What an earlier process that was killed has left in the journal. */
async function earlierReply(context: Context, sending: StartingRequest): Promise<Sent | undefined> {
  const { configuration, deployment, journal } = context;
  const { resourceUrn, requestKind, endpoint } = sending;
  const record = await settledRecord(context, sending);
  if (record === undefined || record.of !== sending.of || record.attempt !== sending.attempt)
    return undefined;
  // A replacement has the URN of what it replaces: a task of this very deployment is not an earlier one's. Without a task
  // the engine was told of a failure and repeats the step, as its error hooks wish.
  const hasTask = record.taskId !== undefined;
  if (requestKind === "start" && hasTask && journal.isOfThisProcess(record)) return undefined;
  const isSameEndpoint = configuration.currentName(record.endpoint) === endpoint.settings.name;
  if (!isSameEndpoint || !journal.isForRequest(record, hashed(sending))) {
    deployment.warn(
      resourceUrn,
      `An earlier deployment was ended while it sent another request of this resource` +
        `${record.taskId === undefined ? "" : `; its task ${record.taskId} at endpoint "${record.endpoint}"`} is left alone.`,
    );
    journal.remove(resourceUrn, requestKind);
    return undefined;
  }
  const { taskId, sentAt } = record;
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
    return { kind: "task", ref: { id: taskId, kind: sending.taskKind, site: sending.site } };
  }
  await reach(context, endpoint, resourceUrn);
  return afterSilence(
    context,
    sending,
    sentAt,
    new EndpointFaultError("It was sent earlier, and no clear reply came.", {
      faultClass: "network",
      sent: "maybe",
    }),
    { isSecondTime: record.isSecondTime === true, lastSentAt: record.lastSentAt ?? sentAt },
  );
}

/** The record, once the process that wrote it has its reply or has ended. */
async function settledRecord(
  { clock, deployment, journal }: Context,
  { resourceUrn, requestKind, endpoint }: StartingRequest,
): Promise<JournalRecord | undefined> {
  const read = (): JournalRecord | undefined => journal.read(resourceUrn, requestKind);
  const isSettled = (): boolean => {
    const record = read();
    return (
      record === undefined ||
      record.taskId !== undefined ||
      journal.isOfThisProcess(record) ||
      !journal.isWriterAlive(record)
    );
  };
  const timeoutMs = endpoint.settings.requestTimeoutMs + 5_000;
  await waitUntil(isSettled, { clock, signal: deployment.signal, intervalMs: 200, timeoutMs });
  return read();
}
