import { hasCode, MayHaveStartedError, type TaskSnapshot } from "../tasks";
import type { Context } from "./context";
import type { StartingRequest } from "./sending";

const mostListed = 10;

/** Tasks that a request may have started, waiting while the endpoint is away; `undefined` when it cannot be asked. */
export async function findCandidates(
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
      await clock.sleep(Math.min(error.fault.retryAfterMs ?? pause, until - clock.now()), deployment.signal);
    }
  }
}

// Clocks inside one server differ a little.
const toleranceMs = 5_000;
const earliestTrueStamp = Date.UTC(2000, 0);

/** `VSPHERE.LOCAL\\Administrator` and `administrator@vsphere.local` are one user. */
function bareUser(user: string): string {
  return (user.split("\\").at(-1) ?? user).split("@")[0]?.toLowerCase() ?? user;
}

/** Whether a task began while the request was on its way, for the user of the endpoint. */
export function canBeOurs(
  { endpoint, request }: StartingRequest,
  { startedAt, native }: TaskSnapshot,
  lastSentAt: number,
): boolean {
  const { username, requestTimeoutMs } = endpoint.settings;
  const isOther =
    typeof native.user === "string" && username !== undefined && bareUser(native.user) !== bareUser(username);
  if (isOther) return false;
  if (startedAt === undefined || startedAt < earliestTrueStamp) return true;
  return startedAt <= lastSentAt + (request.timeoutMs ?? requestTimeoutMs) + toleranceMs;
}

/** Why it is not known whether a request started something, and what the server shows of it. */
export interface Doubt {
  readonly why: string;
  /** `undefined` when the server cannot be asked. */
  readonly candidates: readonly TaskSnapshot[] | undefined;
  /** The server may have had such a task and forgotten it. */
  readonly isLongAgo: boolean;
  /** The journal's record of it cannot be read. */
  readonly isUnreadable: boolean;
}

/** The error that says that a request may have started, and how to go on. */
export function mayHaveStarted(
  { journal }: Context,
  { endpoint, request, requestKind, resourceUrn }: StartingRequest,
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
  return new MayHaveStartedError(
    `${method} ${path} at endpoint "${endpoint.settings.name}" may have started, and was not sent again. ${doubt.why}\n` +
      `${choice(doubt)} ${first}; or ${again} to ${isStart ? "start" : "send"} it once more.`,
    (doubt.candidates ?? []).map(({ ref }) => ref.id),
  );
}

function choice({ candidates, isLongAgo }: Doubt): string {
  if (candidates === undefined) return "The server cannot be asked for it: look there yourself, then";
  if (candidates.length === 0) {
    return isLongAgo
      ? "The server shows no task of it, but that was so long ago that it may have forgotten one: look there yourself, then"
      : "It was sent twice, and the server shows no task of it: look there yourself, then";
  }
  const listed = candidates
    .slice(0, mostListed)
    .map(({ ref, name, nativeStatus }) => `  ${ref.id} (${name}, ${nativeStatus})`);
  const more = candidates.length > mostListed ? [`  and ${candidates.length - mostListed} more`] : [];
  return ["These tasks may be the one:", ...listed, ...more, "To choose,"].join("\n");
}
