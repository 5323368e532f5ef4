import type * as z from "../zod";
import { hasCode, TaskNotFoundError } from "../tasks";
import type { Context, OpenEndpoint } from "./context";
import type { RequestKind } from "./journal";
import { inSlot } from "./in-slot";
import { idAdvice } from "./look-up";
import { patiently } from "./patiently";
import { reach } from "./reach";
import { toApiRequest } from "./arguments";
import type { request, RetryPolicyArguments } from "./arguments";
import { sendOnce } from "./send-once";
import { taskKind } from "./task-kind";

/** A request as the program writes it. */
export type RequestArguments = z.infer<typeof request>;

/** What is started, and for which resource. */
export interface StartArguments {
  readonly resourceUrn: string;
  readonly endpoint: string;
  readonly request?: RequestArguments | undefined;
  readonly kind?: string | undefined;
  readonly site?: string | undefined;
  readonly taskIdFrom?: string | undefined;
  readonly adoptTaskId?: string | undefined;
  readonly triggers?: unknown;
  /** The program observes an object afterwards, so a reply that names no task is good enough. */
  readonly isObserved?: boolean | undefined;
  readonly retry?: string | RetryPolicyArguments | undefined;
  /** Values that must not be shown, whatever the names of their fields. */
  readonly secretValues?: readonly string[] | undefined;
}

/** What was started. */
export interface Started {
  /** The task's id; a made-up one when the server answered at once. */
  readonly taskId: string;
  /** The body of a server that answered at once. */
  readonly immediateResult?: unknown;
}

/** Starts an operation, or adopts the task that already runs. Returns as soon as the task's id is known. */
export async function start(context: Context, given: StartArguments): Promise<Started> {
  const { configuration, deployment, skipsCheckpoints } = context;
  const endpoint = context.open(given.endpoint);
  const kind = taskKind(endpoint, given);
  if (given.adoptTaskId !== undefined)
    return adopt(context, endpoint, { ...given, kind, adoptTaskId: given.adoptTaskId });
  if (given.request === undefined) throw new Error("An operation needs `request` or `adoptTaskId`.");
  if (skipsCheckpoints) {
    deployment.warn(
      given.resourceUrn,
      "PULUMI_SKIP_CHECKPOINTS is set: a deployment that is killed now leaves no task id in the state; " +
        "only the journal of this machine remembers it.",
    );
  }
  const { product } = endpoint.settings;
  const { request, resourceUrn } = given;
  const redactor = context.redactor(request, [...(given.secretValues ?? [])]);
  const reply = await inSlot(context, { endpoint, resourceUrn }, () =>
    sendOnce(context, {
      resourceUrn,
      requestKind: "start",
      endpoint,
      request: toApiRequest(request),
      taskKind: kind,
      site: given.site,
      taskIdFrom: given.taskIdFrom,
      isObserved: given.isObserved,
      identity: given.triggers,
      policy: configuration.policy(given.retry, { product, ...request }),
      redactor,
    }),
  ).catch(tellOfEarlierTask);
  if (reply.kind === "task") return { taskId: reply.ref.id };
  if (reply.note !== undefined) deployment.warn(resourceUrn, redactor.text(reply.note));
  return { taskId: reply.id, immediateResult: reply.body };
}

/** What a start would make may be there already, as after a state was lost that knew of it: tells how to take its task. */
function tellOfEarlierTask(error: unknown): never {
  if (hasCode(error, "VMWARE_REQUEST_REFUSED")) {
    const isThere = error.refusal.causes.some(({ code = "" }) => /ALREADY_?EXISTS/i.test(code));
    if (isThere)
      error.message +=
        "\nNothing was started by that. If an earlier task has made it: `adoptTaskId` takes that one, while the server still knows it.";
  }
  throw error;
}

async function adopt(
  context: Context,
  endpoint: OpenEndpoint,
  { resourceUrn, kind, site, adoptTaskId }: StartArguments & { kind: string; adoptTaskId: string },
): Promise<Started> {
  await reach(context, endpoint, resourceUrn);
  const asking = { endpoint, resourceUrn, forMs: endpoint.settings.outageToleranceMs };
  const task = await patiently(context, asking, () =>
    endpoint.client.get({ id: adoptTaskId, kind, site }, {}, context.deployment.signal),
  );
  if (task === undefined) {
    throw new TaskNotFoundError(
      `Endpoint "${endpoint.settings.name}" knows no task "${adoptTaskId}" (adoptTaskId). ` +
        `Servers forget finished tasks, usually after a day; nothing was started.${idAdvice(endpoint.settings.product, kind, adoptTaskId)}`,
    );
  }
  context.memoryOf(endpoint.settings.name).knownTasks.add(adoptTaskId);
  // The program has answered what an earlier start without a reply had left open.
  context.journal.remove(resourceUrn, "start");
  return { taskId: adoptTaskId };
}

/** Called when the engine is known to have saved a started task's id: its record has done its work. */
export function forgetStart({ journal }: Context, taskId: string, resourceUrn: string): void {
  if (journal.read(resourceUrn, "start")?.taskId === taskId) journal.remove(resourceUrn, "start");
}

/** Called when the resource of a start goes: what cannot be read must not be taken for a start of a later one. */
export function setAsideUnreadable(
  { deployment, journal }: Context,
  resourceUrn: string,
  kind: RequestKind,
): void {
  if (journal.unreadableSince(resourceUrn, kind) === undefined) return;
  const aside = journal.setAside(resourceUrn, kind);
  deployment.warn(
    resourceUrn,
    `A record of the journal could not be read and is kept as ${aside}. An operation that it tells of may still run: look at the server.`,
  );
}
