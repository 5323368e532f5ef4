import { isTerminal, stampToleranceMs, trueStamp, type ApiRequest, type TaskSnapshot } from "../tasks";
import type { Context } from "./context";
import type { JournalRecord } from "./journal";
import { longestReplyMs, type StartingRequest } from "./sending";

/** When a request left, and when it left for the last time, by the server's clock. */
export interface SendingTimes {
  readonly sentAt: number;
  readonly lastSentAt: number;
}

/** `VSPHERE.LOCAL\\Administrator` and `administrator@vsphere.local` are one user. */
function bareUser(user: string): string {
  return (user.split("\\").at(-1) ?? user).split("@")[0]?.toLowerCase() ?? user;
}

/** The user that a task names; vCenter's older API does so in the reason of the task. */
function userOf({ native }: TaskSnapshot): string | undefined {
  const { user, reason } = native as { user?: unknown; reason?: { userName?: unknown } | null };
  return [user, reason?.userName].find((one) => typeof one === "string");
}

function longestMs(sending: StartingRequest): number {
  return longestReplyMs(sending) + stampToleranceMs;
}

/** Whether a task began while the request was on its way, for the user of the endpoint. */
export function canBeOurs(sending: StartingRequest, task: TaskSnapshot, lastSentAt: number): boolean {
  const { username } = sending.endpoint.settings;
  const user = userOf(task);
  if (user !== undefined && username !== undefined && bareUser(user) !== bareUser(username)) return false;
  const startedAt = trueStamp(task.startedAt);
  // An ended task that does not say when may be of any time.
  if (startedAt === undefined) return !isTerminal(task.status);
  return startedAt <= lastSentAt + longestMs(sending);
}

/** Whether a task had ended before the request left; a stamp that cannot be true says nothing. */
export function hadEnded({ finishedAt }: TaskSnapshot, sentAt: number): boolean {
  return (trueStamp(finishedAt) ?? Infinity) < sentAt - stampToleranceMs;
}

// `name`, `domainName`, `fqdn`: what a request calls the thing that it makes or works on.
const nameField = /^(name|fqdn|\w+Name)$/;

/** The names that a request gives, in its body or in each part of a body that is a list. */
function ownNames({ body }: ApiRequest): string[] {
  const parts: readonly unknown[] = Array.isArray(body) ? body : [body];
  return parts.flatMap((part) =>
    Object.entries(typeof part === "object" && part !== null ? part : {}).flatMap(([field, value]) =>
      nameField.test(field) && typeof value === "string" && value !== "" ? [value] : [],
    ),
  );
}

/** Whether a text holds a name as a word of its own: `web` is not in `web-2`. */
function holdsName(text: string, name: string): boolean {
  const literal = name.replaceAll(/[.+*?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`(?<![\\w.-])${literal}(?![\\w-]|\\.\\w)`, "i").test(text);
}

/** Whether a task tells of everything that the request gives a name to. */
function tellsOf({ name, resources, native }: TaskSnapshot, names: readonly string[]): boolean {
  const { description } = native as { description?: unknown };
  const told = JSON.stringify([name, resources, description]);
  return names.length > 0 && names.every((one) => holdsName(told, one));
}

/** Whether a task works on an object whose id is in the request's path. */
function isOnObjectOf({ path }: ApiRequest, { resources }: TaskSnapshot): boolean {
  const segments = (path.split("?")[0] ?? "").split("/");
  return resources.some(
    ({ id }) => id !== "" && (segments.includes(id) || segments.includes(encodeURIComponent(id))),
  );
}

/** Whether a task tells that it does what a request asks for: of its names, or where it gives none, of the object in its path. */
export function isOfSameWork(request: ApiRequest, task: TaskSnapshot): boolean {
  const names = ownNames(request);
  return names.length === 0 ? isOnObjectOf(request, task) : tellsOf(task, names);
}

// Ids such as `task-17` are given by every vCenter anew, so only one with a UUID is the same task everywhere.
const uniqueId = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/i;

/** What is known of other requests, of this process and of others on this machine. */
export interface Neighbours {
  /** Tasks that certainly are of another request. */
  readonly taken: ReadonlySet<string>;
  /** Tasks that are of another request, if it was sent to the same server. */
  readonly claimed: ReadonlySet<string>;
  /** Whether a request that left at about the same time has no task yet, so that any can be its own. */
  readonly isContested: boolean;
}

function idsOf(records: readonly JournalRecord[]): string[] {
  return records.flatMap(({ taskId }) => taskId ?? []);
}

/** Reads from the journal what other requests are about. */
export function neighboursOf(
  context: Context,
  sending: StartingRequest,
  { sentAt, lastSentAt }: SendingTimes,
): Neighbours {
  const { configuration, journal } = context;
  const { endpoint, resourceUrn, requestKind } = sending;
  const { knownTasks } = context.memoryOf(endpoint.settings.name);
  const longest = longestMs(sending);
  // Another stack may have another name for the same server.
  const canBeEndpoint = (name: string): boolean =>
    configuration.server(name) === configuration.server(endpoint.settings.name) ||
    configuration.product(name) === undefined;
  const others = journal.others(resourceUrn, requestKind);
  return {
    taken: new Set([...knownTasks, ...idsOf(others).filter((id) => uniqueId.test(id))]),
    // This process knows of its own ones which server they are at.
    claimed: new Set(
      idsOf(others.filter((record) => !journal.isOfThisProcess(record) && canBeEndpoint(record.endpoint))),
    ),
    isContested: others.some(
      (record) =>
        record.taskId === undefined &&
        record.isOver !== true &&
        canBeEndpoint(record.endpoint) &&
        record.sentAt <= lastSentAt + longest &&
        (record.lastSentAt ?? record.sentAt) + longest >= sentAt,
    ),
  };
}

/**
 * Which of the tasks that a request may have started is its own; `undefined` when nobody can tell. A task that began
 * long after, or of another user, is none; of several, the one that tells of what the request names. While others wait
 * for a task of theirs, a task must tell that it is not one of these.
 */
export function ownTask(
  sending: StartingRequest,
  candidates: readonly TaskSnapshot[],
  { lastSentAt }: SendingTimes,
  { claimed, isContested }: Neighbours,
): TaskSnapshot | undefined {
  const possible = candidates.filter(
    (task) => !claimed.has(task.ref.id) && canBeOurs(sending, task, lastSentAt),
  );
  const names = ownNames(sending.request);
  const named = possible.filter((task) => tellsOf(task, names));
  const [only, ...more] = named.length === 1 ? named : possible;
  if (only === undefined || more.length > 0) return undefined;
  if (!isContested || named.includes(only)) return only;
  return names.length === 0 && isOnObjectOf(sending.request, only) ? only : undefined;
}
