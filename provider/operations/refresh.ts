import { hasCode, isTerminal, isVmwareTasksError, messageOf, type TaskStatus } from "../tasks";
import type { CompletionArguments } from "./completion";
import type { Context } from "./context";
import { isJudgedFailed } from "./judgement";
import type { Outcome } from "./outcome";
import { isImmediate } from "./sending";
import { taskKind } from "./task-kind";
import { defined, durationSeconds, toIso } from "./task-data";

/** What the state has of a task. */
type Saved = Pick<Outcome, "taskId" | "status" | "nativeStatus">;

/** Whether a task has ended without anybody having judged that, or told why: an update does, for a refresh cannot fail. */
function isToBeJudged(saved: Saved, seen: TaskStatus): boolean {
  return isTerminal(seen) && (seen === "SUCCEEDED" || !isTerminal(saved.status));
}

/** What a refresh may say of an operation that has not succeeded: what the server says of its task now. */
export async function refreshed(
  context: Context,
  { resourceUrn, endpoint, kind, request, site }: CompletionArguments,
  saved: Saved,
): Promise<Partial<Outcome>> {
  const { taskId } = saved;
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
    // A success that the program does not take for one is no news.
    if (seen.status === "SUCCEEDED" && isJudgedFailed(saved)) return {};
    const isOpen = isToBeJudged(saved, seen.status);
    const { status, nativeStatus, startedAt, finishedAt } = seen;
    // Only what holds no words of the server's: the request's secrets, which it may echo, are not known here.
    return defined({
      status: isOpen ? "RUNNING" : status,
      nativeStatus: isOpen ? "" : nativeStatus,
      startedAt: toIso(startedAt),
      finishedAt: toIso(finishedAt),
      durationSeconds: durationSeconds(startedAt, finishedAt),
    }) as Partial<Outcome>;
  } catch (error) {
    if (!isVmwareTasksError(error) || hasCode(error, "VMWARE_ENGINE_GONE")) throw error;
    const why = context.redactor().text(messageOf(error));
    context.deployment.warn(resourceUrn, `Task ${taskId} cannot be looked at now: ${why}`);
    return {};
  }
}
