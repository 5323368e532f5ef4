import { MayHaveStartedError, messageOf, type TaskSnapshot } from "../tasks";
import type { Context } from "./context";
import { isOfLook, patiently } from "./patiently";
import type { StartingRequest } from "./sending";
import { hadEnded, neighboursOf, ownTask, type SendingTimes } from "./whose-task";

const mostListed = 10;

/** Tasks that a request may have started; `undefined` when its task cannot be looked for, an error when that failed. */
export type Candidates = readonly TaskSnapshot[] | Error | undefined;

/** Asks for tasks that a request may have started, waiting while the endpoint is away. */
async function findCandidates(
  context: Context,
  sending: StartingRequest,
  sentAt: number,
): Promise<Candidates> {
  const { endpoint, request, taskKind, site, resourceUrn } = sending;
  const { client, settings } = endpoint;
  const asking = {
    endpoint,
    resourceUrn,
    forMs: settings.outageToleranceMs,
    status: () => `waiting for endpoint ${settings.name}: did the operation start?`,
  };
  try {
    return await patiently(context, asking, () =>
      client.findStarted({ request, kind: taskKind, site, sentAt }, context.deployment.signal),
    );
  } catch (error) {
    if (isOfLook(error)) return error;
    throw error;
  }
}

/** What a search for the task of a request without a reply has brought. */
export interface Found {
  readonly candidates: Candidates;
  /** The one among them that is the request's own. */
  readonly own: TaskSnapshot | undefined;
  /** Whether others wait for a task of theirs, so that a later look may tell more. */
  readonly isContested: boolean;
}

/** Whether the server shows no task that the request may have started. */
export function isNone(candidates: Candidates): boolean {
  return Array.isArray(candidates) && candidates.length === 0;
}

/** Searches for the task of a request without a reply. */
export async function search(
  context: Context,
  sending: StartingRequest,
  times: SendingTimes,
): Promise<Found> {
  const found = await findCandidates(context, sending, times.sentAt);
  if (found === undefined || found instanceof Error)
    return { candidates: found, own: undefined, isContested: false };
  const neighbours = neighboursOf(context, sending, times);
  const candidates = found.filter(
    (task) => !neighbours.taken.has(task.ref.id) && !hadEnded(task, times.sentAt),
  );
  return {
    candidates,
    own: ownTask(sending, candidates, times, neighbours),
    isContested: candidates.length > 0 && neighbours.isContested,
  };
}

/** Why it is not known whether a request started something, and what the server shows of it. */
export interface Doubt {
  readonly why: string;
  readonly candidates: Candidates;
  /** The server may have had such a task and forgotten it. */
  readonly isLongAgo: boolean;
  /** The journal's record of it cannot be read. */
  readonly isUnreadable: boolean;
}

/** The error that says that a request may have started, and how to go on. */
export function mayHaveStarted(
  { journal }: Context,
  { endpoint, request, requestKind, resourceUrn, redactor }: StartingRequest,
  doubt: Doubt,
): MayHaveStartedError {
  const { method, path } = request;
  const isStart = requestKind === "start" || requestKind === "attempt";
  const removing = `remove ${journal.fileOf(resourceUrn, requestKind)}`;
  // Only a record that can be read tells that the triggers are other ones.
  const again = isStart && !doubt.isUnreadable ? "change `triggers`" : removing;
  const first = isStart
    ? "set `adoptTaskId` to the id of its task"
    : "wait until it has ended: the next `pulumi up` or `pulumi destroy` asks again";
  const text =
    `${method} ${path} at endpoint "${endpoint.settings.name}" may have started, and was not sent again. ${doubt.why}\n` +
    `${choice(doubt)} ${first}; or ${again} to ${isStart ? "start" : "send"} it once more.`;
  const { candidates } = doubt;
  return new MayHaveStartedError(
    redactor.text(text),
    Array.isArray(candidates) ? (candidates as readonly TaskSnapshot[]).map(({ ref }) => ref.id) : [],
  );
}

function choice({ candidates, isLongAgo }: Doubt): string {
  if (candidates instanceof Error)
    return (
      `The server could not be asked for its task: ${messageOf(candidates)}\n` +
      "The next `pulumi up` asks again. If that does not help, look at the server yourself, then"
    );
  if (candidates === undefined) return "The server cannot be asked for it: look there yourself, then";
  if (candidates.length === 0) {
    return isLongAgo
      ? "The server shows no task of it, but that was so long ago that it may have forgotten one: look there yourself, then"
      : "The server shows no task of it: look there yourself, then";
  }
  const listed = candidates
    .slice(0, mostListed)
    .map(({ ref, name, nativeStatus }) => `  ${ref.id} (${name}, ${nativeStatus})`);
  const more = candidates.length > mostListed ? [`  and ${candidates.length - mostListed} more`] : [];
  return ["These tasks may be the one:", ...listed, ...more, "To choose,"].join("\n");
}
