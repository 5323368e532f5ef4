import pWaitFor from "p-wait-for";

import { hasCode, productTraits, type TaskRef, type TaskSnapshot } from "../tasks";
import type { Completing, Standing } from "./completion";
import { runToEnd } from "./run-to-end";
import { toApiRequest } from "./arguments";
import { sendOnce, type StartingRequest } from "./send-once";

/** Why another attempt is not possible, as a sentence. */
export type NoAttempt = { readonly why: string };

// After a retry the server may show the old failure for a while (SDDC Manager's samples sleep here).
const graceAfterRetryMs = 60_000;
const betweenGraceLooksMs = 1_000;

/** Whether the server is to continue the failed task, or the operation to start again. */
function wayOf(
  { policy, endpoint, given }: Completing,
  last: TaskSnapshot | undefined,
): "retryTask" | "startAgain" | NoAttempt {
  const traits = productTraits[endpoint.settings.product];
  const canContinue = traits.canRetry && last?.isRetryable === true && last.status === "FAILED";
  if (policy.how === "retryTask" && last?.isRetryable === false) {
    return {
      why: "The server says that this task cannot be retried (isRetryable is false), and `retry.how` is retryTask.",
    };
  }
  if (policy.how === "retryTask" || (policy.how === "auto" && canContinue)) return "retryTask";
  if (given.request === undefined) {
    return {
      why: "It cannot be started again, for the program gives no `request` (somebody else started the task).",
    };
  }
  return "startAgain";
}

/** Makes another attempt and answers with the task to follow. */
export async function attemptAgain(completing: Completing, standing: Standing): Promise<TaskRef | NoAttempt> {
  const way = wayOf(completing, standing.last);
  if (typeof way === "object") return way;
  return way === "retryTask" ? continueTask(completing, standing) : startAgain(completing, standing);
}

async function continueTask(
  completing: Completing,
  { ref, attempts, last }: Standing,
): Promise<TaskRef | NoAttempt> {
  const { context, endpoint, given } = completing;
  const { deployment, journal } = context;
  await deployment.confirmAlive();
  journal.write({
    resourceUrn: given.resourceUrn,
    kind: "attempt",
    endpoint: endpoint.settings.name,
    request: "retryTask",
    of: given.startedTaskId,
    attempt: attempts + 1,
    taskId: ref.id,
    sentAt: context.clock.now(),
  });
  try {
    await deployment.finish(endpoint.client.retry(ref, new AbortController().signal));
  } catch (error) {
    if (hasCode(error, "VMWARE_REQUEST_REFUSED"))
      return { why: `The server refused to retry the task: ${error.message}` };
    // Without a clear reply the task itself tells whether it goes on.
    if (!hasCode(error, "VMWARE_ENDPOINT_FAULT")) throw error;
  }
  await untilItMoves(completing, ref, last);
  return ref;
}

/** Waits until a retried task shows something else than the failure that it was retried for. */
async function untilItMoves(
  { context, endpoint }: Completing,
  ref: TaskRef,
  failed: TaskSnapshot | undefined,
): Promise<void> {
  const { signal } = context.deployment;
  const hasMoved = async (): Promise<boolean> => {
    signal.throwIfAborted();
    try {
      const task = await endpoint.client.get(ref, {}, signal);
      return task === undefined || task.status !== "FAILED" || task.finishedAt !== failed?.finishedAt;
    } catch (error) {
      if (hasCode(error, "VMWARE_ENDPOINT_FAULT")) return false;
      throw error;
    }
  };
  await pWaitFor(hasMoved, {
    interval: betweenGraceLooksMs,
    timeout: { milliseconds: graceAfterRetryMs, fallback: () => undefined },
  });
}

async function startAgain(
  completing: Completing,
  { attempts, last }: Standing,
): Promise<TaskRef | NoAttempt> {
  const { context, endpoint, given, policy } = completing;
  const { deployment, memory } = context;
  if (given.request === undefined) return { why: "The program gives no `request`." };
  const sending: StartingRequest = {
    resourceUrn: given.resourceUrn,
    requestKind: "attempt",
    endpoint,
    request: toApiRequest(given.request),
    taskKind: given.kind ?? "task",
    site: given.site,
    taskIdFrom: given.taskIdFrom,
    policy,
    of: given.startedTaskId,
    attempt: attempts + 1,
  };
  const somebodyElses = await startedSince(completing, sending, last);
  if (somebodyElses !== undefined) {
    deployment.warn(
      given.resourceUrn,
      `Task ${somebodyElses.id} was started since by somebody else; it is followed instead of a new one.`,
    );
    memory.knownTasks.add(somebodyElses.id);
    return somebodyElses;
  }
  if (policy.cleanup !== undefined) {
    deployment.status(given.resourceUrn, "cleaning up before the next attempt");
    await runToEnd(context, {
      ...sending,
      request: policy.cleanup,
      requestKind: "cleanup",
      deadlineAt: completing.deadlineAt,
      redactor: completing.redactor,
      subject: "The cleanup request",
    });
  }
  const reply = await sendOnce(context, sending);
  if (reply.kind === "task") return reply.ref;
  return {
    why: "The server answered the new start at once, without a task; the next `pulumi up` looks again.",
  };
}

/** A task of the same operation that runs now and began after the failed one had ended. */
async function startedSince(
  { context, endpoint }: Completing,
  { request, taskKind, site }: StartingRequest,
  last: TaskSnapshot | undefined,
): Promise<TaskRef | undefined> {
  if (last?.finishedAt === undefined) return undefined;
  try {
    const found = await endpoint.client.findStarted(
      { request, kind: taskKind, site, sentAt: last.finishedAt },
      context.deployment.signal,
    );
    const running = (found ?? []).filter(
      ({ ref, status, startedAt }) =>
        ["PENDING", "RUNNING", "BLOCKED"].includes(status) &&
        startedAt !== undefined &&
        !context.memory.knownTasks.has(ref.id),
    );
    return running.length === 1 ? running[0]?.ref : undefined;
  } catch (error) {
    if (hasCode(error, "VMWARE_ENDPOINT_FAULT")) return undefined;
    throw error;
  }
}
