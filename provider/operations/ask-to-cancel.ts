import { hasCode, messageOf, type TaskRef } from "../tasks";
import type { Context, OpenEndpoint } from "./context";
import { patiently } from "./patiently";

/** What to cancel, whose it is, and how long to bear it that the endpoint is away. */
interface Cancelling {
  readonly endpoint: OpenEndpoint;
  readonly resourceUrn: string;
  readonly ref: TaskRef;
  readonly forMs: number;
}

/** What became of it; a server that was asked may say no when it is asked again, so both can be. */
export interface Cancelled {
  /** Whether the server may have been asked, so that the task may end. */
  readonly isAsked: boolean;
  /** Why it would not. */
  readonly refusal?: string;
}

/**
 * Asks the server to cancel a task, again when that does not get through.
 *
 * @throws EngineGoneError when nobody wants it any more
 */
export async function askToCancel(context: Context, { ref, ...asking }: Cancelling): Promise<Cancelled> {
  const { deployment } = context;
  const { client } = asking.endpoint;
  let isAsked = false;
  try {
    await patiently(context, asking, async () => {
      await deployment.confirmAlive();
      try {
        await client.cancel(ref, deployment.signal, deployment);
      } catch (error) {
        isAsked ||= hasCode(error, "VMWARE_ENDPOINT_FAULT") && error.fault.sent === "maybe";
        throw error;
      }
    });
    return { isAsked: true };
  } catch (error) {
    if (hasCode(error, "VMWARE_ENGINE_GONE") || deployment.signal.aborted) throw error;
    return { isAsked, refusal: messageOf(error) };
  }
}
