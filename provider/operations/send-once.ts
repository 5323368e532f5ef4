import pWaitFor from "p-wait-for";

import {
  EndpointFaultError,
  hasCode,
  MayHaveStartedError,
  type ApiRequest,
  type StartReply,
  type TaskSnapshot,
} from "../tasks";
import type { Context, OpenEndpoint } from "./context";
import { formatDuration } from "./arguments";
import type { JournalRecord, RequestKind } from "./journal";
import { reach } from "./reach";
import { pauseMs, type RetryPolicy } from "./arguments";

/** A request that starts work, and for whom. */
export interface StartingRequest {
  readonly resourceUrn: string;
  readonly requestKind: RequestKind;
  readonly endpoint: OpenEndpoint;
  readonly request: ApiRequest;
  readonly taskKind: string;
  readonly site?: string | undefined;
  readonly taskIdFrom?: string | undefined;
  readonly policy: RetryPolicy;
  /** Which task the request belongs to, when it is not the first of its resource. */
  readonly of?: string | undefined;
  readonly attempt?: number | undefined;
  /** What else must be the same for an earlier sending to count as this one. */
  readonly identity?: unknown;
}

/** Ids that stand for operations which the server answered at once, without a task. */
export const immediatePrefix = "immediate:";

// A server that took a request and lost the reply may need a moment until its list shows the task.
const looksForLostStart = [1_000, 3_000, 8_000];

// In flight when the engine ends, so that the reply can still be journaled.
const never = new AbortController().signal;

const hashed = ({ endpoint, request, taskKind, site, identity }: StartingRequest): unknown => ({
  endpoint: endpoint.settings.name,
  request,
  taskKind,
  site,
  identity,
});

/** Sends a request that starts work: never twice, whatever happened to this process or an earlier one. */
export async function sendOnce(context: Context, sending: StartingRequest): Promise<StartReply> {
  const earlier = await earlierReply(context, sending);
  if (earlier !== undefined) return remember(context, sending, earlier);
  return remember(context, sending, await send(context, sending));
}

function remember(context: Context, { resourceUrn }: StartingRequest, reply: StartReply): StartReply {
  if (reply.kind === "task") {
    context.memory.knownTasks.add(reply.ref.id);
    context.memory.startedBy.set(reply.ref.id, resourceUrn);
  }
  return reply;
}

function write(context: Context, sending: StartingRequest, sentAt: number, taskId?: string): void {
  context.journal.write({
    resourceUrn: sending.resourceUrn,
    kind: sending.requestKind,
    endpoint: sending.endpoint.settings.name,
    request: hashed(sending),
    sentAt,
    ...(sending.of === undefined ? {} : { of: sending.of }),
    ...(sending.attempt === undefined ? {} : { attempt: sending.attempt }),
    ...(taskId === undefined ? {} : { taskId }),
  });
}

/** Sends, waiting while the server is away or busy, for then nothing was started. */
async function send(context: Context, sending: StartingRequest, isSecondTime = false): Promise<StartReply> {
  const { clock, deployment, journal } = context;
  const { endpoint, request, policy, resourceUrn, requestKind } = sending;
  const { client, settings } = endpoint;
  const busyUntil = clock.now() + policy.busyTimeoutMs;
  for (let tries = 1; ; tries += 1) {
    await reach(context, endpoint, resourceUrn);
    await deployment.confirmAlive();
    const sentAt = clock.now() + client.clockOffsetMs();
    write(context, sending, sentAt);
    try {
      const { taskKind, site, taskIdFrom } = sending;
      return await deployment.finish(
        client.start(request, { kind: taskKind, site, taskIdFrom }, never).then((reply) => {
          write(
            context,
            sending,
            sentAt,
            reply.kind === "task" ? reply.ref.id : `${immediatePrefix}${sentAt}`,
          );
          return reply;
        }),
      );
    } catch (error) {
      const isFault = hasCode(error, "VMWARE_ENDPOINT_FAULT");
      if (isFault && error.fault.sent === "maybe")
        return afterSilence(context, sending, sentAt, error, isSecondTime);
      // A reply without a usable id leaves the intent behind: the operation may run.
      if (hasCode(error, "VMWARE_UNEXPECTED_REPLY")) throw error;
      journal.remove(resourceUrn, requestKind);
      const isBusy = hasCode(error, "VMWARE_REQUEST_REFUSED") && error.refusal.isBusy;
      const isAway = isFault && ["network", "throttled"].includes(error.fault.faultClass);
      const left = busyUntil - clock.now();
      if ((!isBusy && !isAway) || left <= 0) throw error;
      const wished = isFault ? error.fault.retryAfterMs : isBusy ? error.refusal.retryAfterMs : undefined;
      const pause = Math.min(wished ?? pauseMs(policy, tries), left);
      if (isBusy)
        deployment.warn(
          resourceUrn,
          `${error.message}\nThe server is busy and nothing was started: waiting.`,
        );
      deployment.status(
        resourceUrn,
        `endpoint ${settings.name} is busy, next try in ${formatDuration(pause)}`,
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
  isSecondTime: boolean,
): Promise<StartReply> {
  const { clock, deployment } = context;
  deployment.status(sending.resourceUrn, "the reply to the start was lost: asking the server for its task");
  let candidates: TaskSnapshot[] | undefined = [];
  for (const pause of looksForLostStart) {
    await clock.sleep(pause, deployment.signal);
    candidates = await findCandidates(context, sending, sentAt);
    if (candidates === undefined || candidates.length > 0) break;
  }
  if (candidates?.length === 1 && candidates[0] !== undefined) {
    const [{ ref }] = candidates as [TaskSnapshot];
    write(context, sending, sentAt, ref.id);
    return { kind: "task", ref };
  }
  if (candidates?.length === 0 && !isSecondTime) {
    await deployment.confirmAlive();
    return send(context, sending, true);
  }
  throw mayHaveStarted(sending, cause.message, candidates);
}

async function findCandidates(
  context: Context,
  { endpoint, request, taskKind, site, resourceUrn }: StartingRequest,
  sentAt: number,
): Promise<TaskSnapshot[] | undefined> {
  const { clock, deployment, memory } = context;
  const until = clock.now() + endpoint.settings.outageToleranceMs;
  for (let pause = 1_000; ; pause = Math.min(pause * 2, 30_000)) {
    try {
      const found = await endpoint.client.findStarted(
        { request, kind: taskKind, site, sentAt },
        deployment.signal,
      );
      return found?.filter(({ ref }) => !memory.knownTasks.has(ref.id));
    } catch (error) {
      if (!hasCode(error, "VMWARE_ENDPOINT_FAULT") || clock.now() >= until) throw error;
      deployment.status(
        resourceUrn,
        `waiting for endpoint ${endpoint.settings.name}: did the operation start?`,
      );
      await clock.sleep(error.fault.retryAfterMs ?? pause, deployment.signal);
    }
  }
}

function mayHaveStarted(
  { endpoint, request }: StartingRequest,
  why: string,
  candidates: readonly TaskSnapshot[] | undefined,
): MayHaveStartedError {
  const choice =
    candidates === undefined || candidates.length === 0
      ? "The server cannot be asked for it: look there yourself, then"
      : `These tasks may be the one:\n${candidates.map(({ ref, name, nativeStatus }) => `  ${ref.id} (${name}, ${nativeStatus})`).join("\n")}\nTo choose,`;
  return new MayHaveStartedError(
    `${request.method} ${request.path} at endpoint "${endpoint.settings.name}" may have started, and was not sent again. ${why}\n` +
      `${choice} set \`adoptTaskId\` to the id of its task; or change \`triggers\` to start it once more.`,
    (candidates ?? []).map(({ ref }) => ref.id),
  );
}

/** What an earlier process that was killed has left in the journal. */
async function earlierReply(context: Context, sending: StartingRequest): Promise<StartReply | undefined> {
  const { deployment, journal } = context;
  const { resourceUrn, requestKind, endpoint } = sending;
  const record = await settledRecord(context, sending);
  if (record === undefined || record.of !== sending.of || record.attempt !== sending.attempt)
    return undefined;
  // A replacement has the URN of what it replaces: a start of this very deployment is not an earlier one.
  if (requestKind === "start" && journal.isOfThisProcess(record)) return undefined;
  if (!journal.isForRequest(record, hashed(sending))) {
    deployment.warn(
      resourceUrn,
      `An earlier deployment was ended while it sent another request of this resource` +
        `${record.taskId === undefined ? "" : `; its task ${record.taskId} at endpoint "${record.endpoint}"`} is left alone.`,
    );
    journal.remove(resourceUrn, requestKind);
    return undefined;
  }
  const { taskId, sentAt } = record;
  if (taskId?.startsWith(immediatePrefix) === true) {
    return {
      kind: "done",
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
    new EndpointFaultError("An earlier deployment was ended before the reply came.", {
      faultClass: "network",
      sent: "maybe",
    }),
    false,
  );
}

/** The record, once the process that wrote it has its reply or has ended. */
async function settledRecord(
  { journal }: Context,
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
  if (!isSettled()) {
    const milliseconds = endpoint.settings.requestTimeoutMs + 5_000;
    await pWaitFor(isSettled, { interval: 200, timeout: { milliseconds, fallback: () => undefined } });
  }
  return read();
}
