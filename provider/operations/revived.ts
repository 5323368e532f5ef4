import { productTraits, traitsOfKind } from "../clients/traits";
import type { TaskRef, TaskSnapshot } from "../tasks";
import type { Context, OpenEndpoint } from "./context";
import { isOfLook, patiently } from "./patiently";
import { isImmediate } from "./sending";

/** A task that has failed, and whose it is. */
interface FailedTask {
  readonly endpoint: OpenEndpoint;
  readonly resourceUrn: string;
  readonly ref: TaskRef;
}

/** Whether a failed task of a kind may run again under its id. */
export function canBeRetried({ settings }: OpenEndpoint, kind: string): boolean {
  return (traitsOfKind(productTraits[settings.product], kind)?.retries ?? "no") !== "no";
}

/**
 * A failed task that does not count as failed any more: where the server retries tasks of its kind, somebody may have
 * had it do so, and it must not be started beside itself. `undefined` also when it cannot be looked at.
 */
export async function revived(
  context: Context,
  { endpoint, resourceUrn, ref }: FailedTask,
): Promise<TaskSnapshot | undefined> {
  const { client, settings } = endpoint;
  if (!canBeRetried(endpoint, ref.kind) || isImmediate(ref.id)) return undefined;
  const asking = { endpoint, resourceUrn, forMs: settings.outageToleranceMs };
  try {
    const seen = await patiently(context, asking, () => client.get(ref, {}, context.deployment.signal));
    return seen === undefined || ["FAILED", "CANCELLED"].includes(seen.status) ? undefined : seen;
  } catch (error) {
    if (isOfLook(error)) return undefined;
    throw error;
  }
}
