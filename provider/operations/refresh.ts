import { hasCode, messageOf } from "../tasks";
import type { CompletionArguments } from "./completion";
import type { Context } from "./context";
import type { Outcome } from "./outcome";
import { isImmediate } from "./sending";
import { taskKind } from "./task-kind";
import { defined, durationSeconds, toIso } from "./task-data";

/**
 * What a refresh may say of an operation that has not succeeded: what the server says of its task now.
 * A task that has succeeded since keeps its old status here, for its end is still to be judged by an update.
 */
export async function refreshed(
  context: Context,
  { resourceUrn, endpoint, kind, request, site }: CompletionArguments,
  taskId: string,
): Promise<Partial<Outcome>> {
  // It stands for no task of the server's.
  if (isImmediate(taskId)) return {};
  try {
    const opened = context.open(endpoint);
    const seen = await opened.client.get(
      { id: taskId, kind: taskKind(opened, { kind, request }), site },
      {},
      context.deployment.signal,
    );
    if (seen === undefined) return {};
    const { status, nativeStatus, startedAt, finishedAt } = seen;
    // Only what holds no words of the server's: the request's secrets, which it may echo, are not known here.
    return defined({
      status: status === "SUCCEEDED" ? "RUNNING" : status,
      nativeStatus: status === "SUCCEEDED" ? "" : nativeStatus,
      startedAt: toIso(startedAt),
      finishedAt: toIso(finishedAt),
      durationSeconds: durationSeconds(startedAt, finishedAt),
    }) as Partial<Outcome>;
  } catch (error) {
    if (!hasCode(error, "VMWARE_ENDPOINT_FAULT") && !hasCode(error, "VMWARE_CONFIGURATION")) throw error;
    context.deployment.warn(resourceUrn, `Task ${taskId} cannot be looked at now: ${messageOf(error)}`);
    return {};
  }
}
