import { productTraits } from "../clients/traits";
import { hasCode, messageOf, trueStamp, type ApiRequest, type TaskRef, type TaskSnapshot } from "../tasks";
import { mayRetry, type Completing, type Standing } from "./completion";
import { inSlot } from "./in-slot";
import { isOfLook } from "./patiently";
import { runToEnd } from "./run-to-end";
import { toApiRequest } from "./arguments";
import { sendOnce, untilOthersAreAnswered } from "./send-once";
import { hashed, writeRecord, type Sent, type StartingRequest } from "./sending";
import { taskKind, traitsOfTask } from "./task-kind";
import { waitUntil } from "./wait-until";
import { isOfSameWork, neighboursOf } from "./whose-task";

/** Why another attempt is not possible, as a sentence. */
export type NoAttempt = { readonly kind: "none"; readonly why: string };

// After a retry the server may show the old failure for a while (SDDC Manager's samples sleep here).
const graceAfterRetryMs = 60_000;
const betweenGraceLooksMs = 1_000;

/** Whether the server is to continue the failed task, or the operation to start again. */
export function wayOf(
  { policy, endpoint, given }: Completing,
  last: TaskSnapshot | undefined,
): "retryTask" | "startAgain" | NoAttempt {
  const retries = traitsOfTask(endpoint, given)?.retries ?? "no";
  const { how } = policy;
  // A policy that applies to many requests may reach such a task; one by name is refused before anything starts.
  if (how === "retryTask" && retries === "no") {
    const { title } = productTraits[endpoint.settings.product];
    return { kind: "none", why: `${title} cannot continue such a task, and \`retry.how\` is retryTask.` };
  }
  const isInPlace = given.onRequestChange === "retryInPlace";
  // Kinds whose retry takes a request tell no `isRetryable`; to start them again is refused while one has failed.
  const isRetryable = last?.isRetryable ?? retries === "withBody";
  const canContinue = retries !== "no" && isRetryable && last?.status === "FAILED";
  const isOurs = mayRetry({ given, policy });
  if (isOurs && (how === "retryTask" || isInPlace) && last?.isRetryable === false) {
    const wish = how === "retryTask" ? "`retry.how` is retryTask" : "`onRequestChange` is retryInPlace";
    return {
      kind: "none",
      why: `The server says that this task cannot be retried (isRetryable is false), and ${wish}.`,
    };
  }
  if (how === "retryTask" && retries === "withBody" && given.request === undefined) {
    return {
      kind: "none",
      why: "It cannot be retried, for the retry of this kind of task takes the request, and the program gives none.",
    };
  }
  if (isOurs && (how === "retryTask" || (how === "auto" && canContinue))) return "retryTask";
  if (given.request === undefined) {
    return {
      kind: "none",
      why: "It cannot be started again, for the program gives no `request` (somebody else started the task).",
    };
  }
  return "startAgain";
}

/** Makes another attempt and answers with the task to follow, or with what the server answered at once. */
export async function attemptAgain(completing: Completing, standing: Standing): Promise<Sent | NoAttempt> {
  const way = wayOf(completing, standing.last);
  if (typeof way === "object") return way;
  if (way === "startAgain") return startAgain(completing, standing);
  const { context, endpoint, deadlineAt } = completing;
  const { resourceUrn } = completing.given;
  return inSlot(context, { endpoint, resourceUrn, deadlineAt }, () => continueTask(completing, standing));
}

async function continueTask(
  completing: Completing,
  { ref, attempts, last }: Standing,
): Promise<Sent | NoAttempt> {
  const { context, endpoint, given } = completing;
  const { deployment, journal } = context;
  await deployment.confirmAlive();
  const takesBody = traitsOfTask(endpoint, given)?.retries === "withBody";
  const request = takesBody && given.request !== undefined ? toApiRequest(given.request) : undefined;
  const writeAttempt = (attempt: number, taskId = ref.id): void =>
    journal.write({
      resourceUrn: given.resourceUrn,
      kind: "attempt",
      endpoint: endpoint.settings.name,
      request: retried(ref, request),
      of: given.startedTaskId,
      attempt,
      taskId,
      sentAt: context.clock.now(),
    });
  writeAttempt(attempts + 1);
  let now = ref;
  try {
    now = await deployment.finish(
      endpoint.client.retry(ref, request, new AbortController().signal, deployment),
    );
    if (now.id !== ref.id) writeAttempt(attempts + 1, now.id);
  } catch (error) {
    const isRefused = hasCode(error, "VMWARE_REQUEST_REFUSED") || hasCode(error, "VMWARE_TASK_NOT_FOUND");
    const isFault = hasCode(error, "VMWARE_ENDPOINT_FAULT");
    if (isRefused || (isFault && error.fault.sent === "no")) {
      // It was no attempt, so it must not count as one.
      writeAttempt(attempts);
      const what = isRefused ? "The server refused to retry the task" : "The task could not be retried";
      return { kind: "none", why: `${what}: ${messageOf(error)}` };
    }
    // Held back before it left, so it was no attempt either.
    if (hasCode(error, "VMWARE_ENGINE_GONE")) writeAttempt(attempts);
    // Without a clear reply the task itself tells whether it goes on.
    if (!isFault) throw error;
  }
  if (now.id === ref.id) await untilItMoves(completing, ref, last);
  context.memoryOf(given.endpoint).knownTasks.add(now.id);
  return { kind: "task", ref: now };
}

/** What tells one retry from another: the changed request, where it takes one. */
function retried({ kind, site }: TaskRef, request: ApiRequest | undefined): unknown {
  return request === undefined ? "retryTask" : ["retryTask", hashed({ request, taskKind: kind, site })];
}

/** Waits until a retried task shows something else than the failure that it was retried for. */
async function untilItMoves(
  { context, endpoint }: Completing,
  ref: TaskRef,
  failed: TaskSnapshot | undefined,
): Promise<void> {
  const { clock, deployment } = context;
  const { signal } = deployment;
  const hasMoved = async (): Promise<boolean> => {
    try {
      const task = await endpoint.client.get(ref, {}, signal);
      return task === undefined || task.status !== "FAILED" || task.finishedAt !== failed?.finishedAt;
    } catch (error) {
      // A look that fails says nothing of the retry, which the server has taken; later ones are judged by the watcher.
      if (isOfLook(error)) return false;
      throw error;
    }
  };
  await waitUntil(hasMoved, {
    clock,
    signal,
    intervalMs: betweenGraceLooksMs,
    timeoutMs: graceAfterRetryMs,
  });
}

async function startAgain(completing: Completing, { attempts, last }: Standing): Promise<Sent | NoAttempt> {
  const { context, endpoint, given, policy } = completing;
  const { clock, deployment } = context;
  if (given.request === undefined) return { kind: "none", why: "The program gives no `request`." };
  const sending: StartingRequest = {
    resourceUrn: given.resourceUrn,
    requestKind: "attempt",
    endpoint,
    request: toApiRequest(given.request),
    taskKind: taskKind(endpoint, given),
    isObserved: given.observe !== undefined,
    site: given.site,
    taskIdFrom: given.taskIdFrom,
    policy,
    redactor: completing.redactor,
    of: given.startedTaskId,
    attempt: attempts + 1,
    deadlineAt: completing.deadlineAt,
  };
  const somebodyElses = await startedSince(completing, sending, last);
  if (somebodyElses !== undefined && "why" in somebodyElses) return somebodyElses;
  if (somebodyElses !== undefined) {
    deployment.warn(
      given.resourceUrn,
      `Task ${somebodyElses.id} was started since by somebody else; it is followed instead of a new one.`,
    );
    context.memoryOf(given.endpoint).knownTasks.add(somebodyElses.id);
    writeRecord(context, sending, clock.now(), { taskId: somebodyElses.id });
    return { kind: "task", ref: somebodyElses };
  }
  const { journal } = context;
  const record = journal.read(given.resourceUrn, "attempt");
  // This attempt may have left already, so there may be something that is not to be cleaned away.
  const mayHaveLeft =
    (record !== undefined && record.of === sending.of && record.attempt === sending.attempt) ||
    journal.unreadableSince(given.resourceUrn, "attempt") !== undefined;
  if (policy.cleanup !== undefined && !mayHaveLeft) {
    deployment.status(given.resourceUrn, "cleaning up before the next attempt");
    await runToEnd(context, {
      ...sending,
      request: policy.cleanup,
      taskKind: taskKind(endpoint, { request: policy.cleanup }),
      requestKind: "cleanup",
      // These are about the operation's own reply.
      taskIdFrom: undefined,
      isObserved: undefined,
      limit: { until: completing.deadlineAt },
      subject: "The cleanup request",
      // What is to be cleaned away may never have been made.
      acceptsNotFound: policy.cleanup.method === "DELETE",
    });
  }
  return inSlot(context, sending, () => sendOnce(context, sending));
}

/** Whether two tasks work on the same object; of tasks that name none, nobody knows. */
function isOfSameObject(one: TaskSnapshot, other: TaskSnapshot): boolean {
  return one.resources.some(({ id }) => other.resources.some((resource) => resource.id === id));
}

/** A task of the same operation on the same object that runs now and began after the failed one had ended. */
async function startedSince(
  { context, endpoint }: Completing,
  sending: StartingRequest,
  last: TaskSnapshot | undefined,
): Promise<TaskRef | NoAttempt | undefined> {
  const { request, taskKind, site } = sending;
  const endedAt = trueStamp(last?.finishedAt);
  if (last === undefined || endedAt === undefined) return undefined;
  try {
    const found = await endpoint.client.findStarted(
      { request, kind: taskKind, site, sentAt: endedAt },
      context.deployment.signal,
    );
    const similar = (found ?? []).filter(
      (task) =>
        ["PENDING", "RUNNING", "BLOCKED"].includes(task.status) &&
        task.startedAt !== undefined &&
        task.startedAt >= endedAt &&
        isOfSameObject(task, last) &&
        isOfSameWork(request, task),
    );
    if (similar.length === 0) return undefined;
    // It may be a sibling's, whose reply is still to come.
    await untilOthersAreAnswered(context, sending);
    const lastSentAt = context.clock.now() + endpoint.client.clockOffsetMs();
    const { taken, claimed, isContested } = neighboursOf(context, sending, { sentAt: endedAt, lastSentAt });
    if (isContested) return undefined;
    const running = similar.filter(({ ref }) => !taken.has(ref.id) && !claimed.has(ref.id));
    if (running.length < 2) return running[0]?.ref;
    const ids = running.map(({ ref }) => ref.id).join(", ");
    return {
      kind: "none",
      why: `Several tasks on the same object run now (${ids}); \`adoptTaskId\` chooses one.`,
    };
  } catch (error) {
    // Nothing of ours was lost, so a list that cannot be had stops no attempt.
    if (isOfLook(error)) return undefined;
    throw error;
  }
}
