import { EndpointFaultError } from "../tasks";
import { formatDuration } from "./arguments";
import type { Context, OpenEndpoint } from "./context";
import type { Sent } from "./sending";

/** Who waits for a slot, and for how long. */
export interface SlotWait {
  readonly resourceUrn: string;
  readonly endpoint: OpenEndpoint;
  /** Without one, it is waited for as long as the others run. */
  readonly deadlineAt?: number | undefined;
}

/**
 * Sends when the endpoint has a free slot, and keeps that until the task has ended, whoever follows it. Nobody waits
 * for a slot while holding one, so all of them come back: another attempt waits like everybody, after its last task.
 */
export async function inSlot<T extends Sent | { readonly kind: "none" }>(
  context: Context,
  wait: SlotWait,
  send: () => Promise<T>,
): Promise<T> {
  const { endpoint } = wait;
  const giveBack = await take(context, wait);
  let isHeld = false;
  try {
    const sent = await send();
    if (sent.kind === "task" && endpoint.settings.maxConcurrentOperations < Infinity) {
      isHeld = true;
      // Followed from here, for the engine may not get to the completion while starts wait for this slot.
      void endpoint.watcher
        .watch({ ref: sent.ref, signal: context.deployment.signal })
        .catch(() => undefined)
        .finally(giveBack);
    }
    return sent;
  } finally {
    if (!isHeld) giveBack();
  }
}

async function take(
  { clock, deployment }: Context,
  { endpoint, resourceUrn, deadlineAt }: SlotWait,
): Promise<() => void> {
  const { slots, settings } = endpoint;
  if (!slots.isFull()) return slots.take(deployment.signal);
  const { name, maxConcurrentOperations: most } = settings;
  const running = `${most} of ${most} operations of endpoint ${name} run`;
  deployment.status(resourceUrn, `waiting for a slot: ${running}`);
  if (deadlineAt === undefined) return slots.take(deployment.signal);
  const leftMs = deadlineAt - clock.now();
  const over = new AbortController();
  const done = new AbortController();
  const ended = clock.sleep(Math.max(leftMs, 0), AbortSignal.any([deployment.signal, done.signal]));
  ended.then(
    () =>
      over.abort(
        new EndpointFaultError(
          `No slot was free for ${formatDuration(leftMs)}: ${running} (maxConcurrentOperations). Nothing was sent.`,
          { faultClass: "throttled", sent: "no" },
        ),
      ),
    () => undefined,
  );
  try {
    return await slots.take(AbortSignal.any([deployment.signal, over.signal]));
  } finally {
    done.abort();
  }
}
