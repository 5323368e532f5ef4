import { hasCode, messageOf } from "../tasks";
import type { CompletionArguments } from "./completion";
import type { Context } from "./context";
import { toOutcome, type Outcome } from "./outcome";

/**
 * What a refresh may say of an operation that has not succeeded: what the server says of its task now.
 * A task that has succeeded since keeps its old status here, for its end is still to be judged by an update.
 */
export async function refreshed(
  context: Context,
  { resourceUrn, endpoint, kind, site, attempts = 1 }: CompletionArguments & { readonly attempts?: number },
  taskId: string,
): Promise<Partial<Outcome>> {
  try {
    const opened = context.open(endpoint);
    const seen = await opened.client.get(
      { id: taskId, kind: kind ?? "task", site },
      {},
      context.deployment.signal,
    );
    if (seen === undefined) return {};
    const status = seen.status === "SUCCEEDED" ? "RUNNING" : seen.status;
    return toOutcome(seen, { endpoint: opened, redactor: context.redactor(), attempts, status });
  } catch (error) {
    if (!hasCode(error, "VMWARE_ENDPOINT_FAULT") && !hasCode(error, "VMWARE_CONFIGURATION")) throw error;
    context.deployment.warn(resourceUrn, `Task ${taskId} cannot be looked at now: ${messageOf(error)}`);
    return {};
  }
}
