import { hasCode, isTerminal } from "../tasks";
import type { Context } from "./context";
import { received, type Sent, type StartingRequest } from "./sending";
import { isAboutTheSame, neighboursOf } from "./whose-task";

// What a deployment that was ended may have started, and a server still shows.
const lookBackMs = 24 * 3_600_000;

const isOfServer = (error: unknown): boolean =>
  hasCode(error, "VMWARE_ENDPOINT_FAULT") ||
  hasCode(error, "VMWARE_REQUEST_REFUSED") ||
  hasCode(error, "VMWARE_UNEXPECTED_REPLY");

/**
 * The task of a start that an ended deployment of another machine could not save any more: the journal is not there to tell.
 * Looked for only where the journal has not seen the stack lately, and taken only while it runs and tells that it does the very
 * same. A server that cannot be asked stands in the way of nothing: that it was asked is no more than a precaution.
 */
export async function startedElsewhere(
  context: Context,
  sending: StartingRequest,
): Promise<Sent | undefined> {
  const { clock, deployment, journal } = context;
  const { endpoint, request, taskKind, site, resourceUrn, requestKind } = sending;
  if (journal.knowsStackOf(resourceUrn) || journal.read(resourceUrn, requestKind) !== undefined)
    return undefined;
  const now = clock.now() + endpoint.client.clockOffsetMs();
  const times = { sentAt: now - lookBackMs, lastSentAt: now };
  const trace = { request, kind: taskKind, site, sentAt: times.sentAt };
  const found = await endpoint.client.findStarted(trace, deployment.signal).catch((error: unknown) => {
    if (deployment.signal.aborted || !isOfServer(error)) throw error;
    return undefined;
  });
  const { claimed, taken } = neighboursOf(context, sending, times);
  const [only, ...more] = (found ?? []).filter(
    (task) =>
      !isTerminal(task.status) &&
      !claimed.has(task.ref.id) &&
      !taken.has(task.ref.id) &&
      isAboutTheSame(sending, task, now),
  );
  if (only === undefined || more.length > 0) return undefined;
  deployment.warn(
    resourceUrn,
    `Task ${only.ref.id} (${only.name}) does the same and runs already: it is followed, and nothing was started. ` +
      "A deployment on another machine may have started it, and was ended before it could save that.",
  );
  context.memory.startedBy.set(only.ref.id, resourceUrn);
  return received(context, sending, now, { kind: "task", ref: only.ref });
}
