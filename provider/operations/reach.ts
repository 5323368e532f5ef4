import { EndpointFaultError } from "../tasks";
import type { Context, OpenEndpoint } from "./context";
import { formatDuration } from "./arguments";
import { mayPass, patiently } from "./patiently";

/**
 * Logs in, waiting up to the endpoint's `reachTimeout` while it does not answer. Nothing that starts is sent.
 *
 * @param nothing - what the error says of the operation, for an earlier sending may have started it
 * @throws EndpointFaultError when it stays away
 */
export async function reach(
  context: Context,
  endpoint: OpenEndpoint,
  resourceUrn: string,
  nothing = "nothing was started",
): Promise<void> {
  const { client, settings } = endpoint;
  const asking = {
    endpoint,
    resourceUrn,
    forMs: settings.reachTimeoutMs,
    status: (left: number) => `waiting for endpoint ${settings.name} to answer, ${formatDuration(left)} left`,
  };
  try {
    await patiently(context, asking, () => client.reach(context.deployment.signal));
  } catch (error) {
    if (!mayPass(error)) throw error;
    const waited = formatDuration(settings.reachTimeoutMs);
    throw new EndpointFaultError(
      `${error.message} It was waited for ${waited} (reachTimeout); ${nothing}.`,
      error.fault,
    );
  }
}
