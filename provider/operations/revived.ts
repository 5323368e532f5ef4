import { productTraits, traitsOfKind } from "../clients/traits";
import type { TaskRef, TaskSnapshot } from "../tasks";
import type { Context, OpenEndpoint } from "./context";
import { patiently } from "./patiently";
import { isImmediate } from "./sending";

/** A task that has failed, whose it is, and how long to bear it that the endpoint is away. */
interface FailedTask {
  readonly endpoint: OpenEndpoint;
  readonly resourceUrn: string;
  readonly ref: TaskRef;
  readonly forMs: number;
}

/** How long that is borne where the endpoint has just been reached, in milliseconds. */
export const revivalLookMs = 60_000;

/** Whether a failed task of a kind may run again under its id. */
export function canBeRetried({ settings }: OpenEndpoint, kind: string): boolean {
  return (traitsOfKind(productTraits[settings.product], kind)?.retries ?? "no") !== "no";
}

/**
 * A failed task that does not count as failed any more: where the server retries tasks of its kind, somebody may have
 * had it do so, and it must not be started beside itself.
 *
 * @throws VmwareTasksError when it cannot be looked at
 */
export async function revived(
  context: Context,
  { ref, ...asking }: FailedTask,
): Promise<TaskSnapshot | undefined> {
  const { endpoint } = asking;
  if (!canBeRetried(endpoint, ref.kind) || isImmediate(ref.id)) return undefined;
  const look = (): Promise<TaskSnapshot | undefined> =>
    endpoint.client.get(ref, {}, context.deployment.signal);
  const seen = await patiently(context, asking, look);
  return seen === undefined || ["FAILED", "CANCELLED"].includes(seen.status) ? undefined : seen;
}
