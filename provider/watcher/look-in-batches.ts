import { hasCode, EndpointFaultError, type Look, type TaskRef, type TaskSource } from "../tasks";
import type { Pacer } from "./pacer";

/**
 * Looks at tasks of one group; when the server refuses them together, halves them until the others go on.
 * A task that is refused alone is missing.
 *
 * @throws EndpointFaultError when the server could not be asked at all
 */
export async function lookInBatches(
  source: TaskSource,
  pacer: Pacer,
  refs: readonly TaskRef[],
  signal: AbortSignal,
): Promise<Look[]> {
  // Looks at halves are booked too; the debt is paid off before the next round.
  const [first] = refs;
  pacer.take(source.costOf(refs.length, first === undefined ? undefined : source.groupOf(first)));
  try {
    const looks = await source.look(refs, signal);
    if (looks.length !== refs.length)
      throw new Error(`A look at ${refs.length} tasks answered for ${looks.length}.`);
    return looks;
  } catch (error) {
    if (refs.length === 1 && hasCode(error, "VMWARE_REQUEST_REFUSED")) {
      // A matter of this task alone: others of the endpoint go on.
      const fault = new EndpointFaultError(error.message, { faultClass: "shape", sent: "maybe" });
      return [{ kind: "fault", fault }];
    }
    if (!hasCode(error, "VMWARE_BATCH_REFUSED")) throw error;
    if (refs.length === 1) return [{ kind: "missing" }];
  }
  const middle = Math.ceil(refs.length / 2);
  const halves: Look[][] = [];
  // One after the other: a refusal must not become a burst.
  for (const half of [refs.slice(0, middle), refs.slice(middle)]) {
    halves.push(
      await lookInBatches(source, pacer, half, signal).catch((error: unknown) => {
        if (!hasCode(error, "VMWARE_ENDPOINT_FAULT")) throw error;
        return half.map(() => ({ kind: "fault", fault: error satisfies EndpointFaultError }) as const);
      }),
    );
  }
  return halves.flat();
}
