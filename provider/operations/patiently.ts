import {
  hasCode,
  pauseAsWished,
  type EndpointFaultError,
  type RequestRefusedError,
  type UnexpectedReplyError,
} from "../tasks";
import type { Context, OpenEndpoint } from "./context";

const firstPauseMs = 1_000;
const longestPauseMs = 15_000;

/** What is asked, for how long, and what is shown meanwhile. */
export interface Asking {
  readonly endpoint: OpenEndpoint;
  readonly resourceUrn: string;
  readonly forMs: number;
  readonly status?: (leftMs: number) => string;
}

/** What only another configuration mends. */
const lasting = ["login", "tls", "redirect"];

/** Whether waiting can help: the server was not there, or asked to be left alone. */
export function mayPass(error: unknown): error is EndpointFaultError {
  return hasCode(error, "VMWARE_ENDPOINT_FAULT") && !lasting.includes(error.fault.faultClass);
}

/** Whether it is only that the server could not be asked, or gave no good answer. */
export function isOfLook(
  error: unknown,
): error is EndpointFaultError | RequestRefusedError | UnexpectedReplyError {
  return (
    hasCode(error, "VMWARE_ENDPOINT_FAULT") ||
    hasCode(error, "VMWARE_REQUEST_REFUSED") ||
    hasCode(error, "VMWARE_UNEXPECTED_REPLY")
  );
}

/**
 * Asks what may be asked twice, again and again while the endpoint is away.
 *
 * @throws whatever the last try did, when the time is up or when waiting cannot help
 */
export async function patiently<T>(
  { clock, deployment }: Context,
  { endpoint, resourceUrn, forMs, status = () => `waiting for endpoint ${endpoint.settings.name}` }: Asking,
  ask: () => Promise<T>,
): Promise<T> {
  const until = clock.now() + forMs;
  for (let pause = firstPauseMs; ; pause = Math.min(pause * 2, longestPauseMs)) {
    try {
      return await ask();
    } catch (error) {
      const left = until - clock.now();
      if (left <= 0 || !mayPass(error)) throw error;
      deployment.status(resourceUrn, status(left));
      await clock.sleep(Math.min(pauseAsWished(error.fault.retryAfterMs, pause), left), deployment.signal);
    }
  }
}
