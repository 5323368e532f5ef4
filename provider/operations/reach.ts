import { EndpointFaultError, hasCode, pauseAsWished } from "../tasks";
import type { Context, OpenEndpoint } from "./context";
import { formatDuration } from "./arguments";

const firstPauseMs = 1_000;
const longestPauseMs = 15_000;

/** Whether waiting can help: the server was not there, or asked to be left alone. */
function mayPass({ fault }: EndpointFaultError): boolean {
  return fault.faultClass !== "login" && fault.faultClass !== "tls";
}

/**
 * Logs in, waiting up to the endpoint's `reachTimeout` while it does not answer. Nothing that starts is sent.
 *
 * @param nothing - what the error says of the operation, for an earlier sending may have started it
 * @throws EndpointFaultError when it stays away
 */
export async function reach(
  context: Context,
  { client, settings }: OpenEndpoint,
  resourceUrn: string,
  nothing = "nothing was started",
): Promise<void> {
  const { clock, deployment } = context;
  const deadline = clock.now() + settings.reachTimeoutMs;
  for (let pause = firstPauseMs; ; pause = Math.min(pause * 2, longestPauseMs)) {
    try {
      await client.reach(deployment.signal);
      return;
    } catch (error) {
      if (!hasCode(error, "VMWARE_ENDPOINT_FAULT") || !mayPass(error)) throw error;
      const left = deadline - clock.now();
      if (left <= 0) {
        const waited = formatDuration(settings.reachTimeoutMs);
        throw new EndpointFaultError(
          `${error.message} It was waited for ${waited} (reachTimeout); ${nothing}.`,
          error.fault,
        );
      }
      deployment.status(
        resourceUrn,
        `waiting for endpoint ${settings.name} to answer, ${formatDuration(left)} left`,
      );
      await clock.sleep(Math.min(pauseAsWished(error.fault.retryAfterMs, pause), left), deployment.signal);
    }
  }
}
