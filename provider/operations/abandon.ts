import { hasCode, isTerminal, messageOf, type Redactor, type TaskSnapshot } from "../tasks";
import type { Context } from "./context";
import { askToCancel } from "./ask-to-cancel";
import { patiently } from "./patiently";
import { isImmediate } from "./sending";
import type { RequestArguments } from "./start";
import { taskKind, traitsOfTask } from "./task-kind";

/** A started task whose resource is deleted. */
export interface AbandonedTask {
  readonly resourceUrn: string;
  readonly endpoint: string;
  readonly taskId: string;
  readonly kind?: string | undefined;
  /** What started it, which says its kind where the program does not. */
  readonly request?: RequestArguments | undefined;
  readonly site?: string | undefined;
  readonly onDelete?: "leave" | "cancel" | undefined;
  readonly redactor: Redactor;
  /** It has failed, so there is only something to do where failed tasks are cancelled, or somebody may have retried it. */
  readonly hasFailed?: boolean;
}

const cancelGraceMs = 5 * 60_000;
// A task that is to be cancelled would run on for good; a longer outage must not hold up a destroy.
const patienceMs = 60_000;

// What the program calls sensitive is not known here, and an object of the inventory is all that one looks for.
const inventoryId = /^[a-z]+-[a-z]?\d+$/i;

function leftBehind({ resources, result }: TaskSnapshot): string {
  const named = resources.map(({ type, id, name }) => `${type} ${name ?? id}`);
  if (named.length > 0) return ` It worked on: ${named.slice(0, 5).join(", ")}.`;
  return typeof result === "string" && inventoryId.test(result) ? ` Its result is ${result}.` : "";
}

/** Lets go of a task: cancels it when that is wished, else says what is left behind. Never stuck: what cannot be asked is left. */
export async function abandon(context: Context, task: AbandonedTask): Promise<void> {
  const { deployment, clock } = context;
  const { resourceUrn, taskId, onDelete = "leave", redactor } = task;
  const warn = (text: string): void => deployment.warn(resourceUrn, redactor.text(text));
  if (isImmediate(taskId)) return;
  try {
    const endpoint = context.open(task.endpoint);
    const { client, watcher } = endpoint;
    const ref = { id: taskId, kind: taskKind(endpoint, task), site: task.site };
    const { cancels = "none", retries = "no" } = traitsOfTask(endpoint, task) ?? {};
    const isOver = task.hasFailed === true && retries === "no";
    if (isOver && !(cancels === "failed" && onDelete === "cancel")) return;
    const isWished = onDelete === "cancel";
    const asking = { endpoint, resourceUrn, forMs: isWished ? patienceMs : 0 };
    const seen = await patiently(context, asking, () => client.get(ref, {}, deployment.signal));
    if (seen === undefined) return;
    if (isWished && cancels === "failed" && seen.status === "FAILED") {
      const { refusal } = await askToCancel(context, { ...asking, ref });
      const word = refusal === undefined ? "was cancelled" : `could not be cancelled: ${refusal}`;
      warn(`Task ${taskId} (${seen.name}) had failed and ${word} (onDelete: "cancel").`);
      return;
    }
    if (task.hasFailed === true && seen.status === "FAILED") return;
    if (isTerminal(seen.status)) {
      warn(
        `Task ${taskId} (${seen.name}) ended as ${seen.nativeStatus} and is not undone.${leftBehind(seen)}`,
      );
      return;
    }
    if (onDelete === "leave") {
      warn(
        `Task ${taskId} (${seen.name}) still runs and is left alone (onDelete: "leave").${leftBehind(seen)}`,
      );
      return;
    }
    if (cancels !== "running" || seen.isCancellable === false) {
      const why = {
        failed: "the server cancels tasks of this kind only when they have failed",
        none: "the server cancels no tasks of this kind",
        running: "the server says that it cannot be cancelled (isCancellable is false)",
      }[cancels];
      warn(`Task ${taskId} (${seen.name}) still runs and is left alone: ${why}.${leftBehind(seen)}`);
      return;
    }
    const { isAsked, refusal = "" } = await askToCancel(context, { ...asking, ref });
    if (!isAsked) {
      warn(`Task ${taskId} is left alone: ${refusal}`);
      return;
    }
    const end = await watcher.watch({
      ref,
      signal: deployment.signal,
      deadlineAt: clock.now() + cancelGraceMs,
    });
    const word = end.kind === "ended" ? `ended as ${end.snapshot.nativeStatus}` : "has not ended yet";
    warn(`Task ${taskId} (${seen.name}) was asked to cancel and ${word}.`);
  } catch (error) {
    if (hasCode(error, "VMWARE_ENGINE_GONE") || deployment.signal.aborted) throw error;
    warn(`Task ${taskId} is left alone: ${messageOf(error)}`);
  }
}
