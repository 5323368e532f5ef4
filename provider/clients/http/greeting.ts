import type { ApiRequest } from "../../tasks";
import type { EndpointSettings } from "./endpoint-settings";
import { replyFault } from "./fault";
import type { HttpClient, HttpReply } from "./http-client";
import { createSharedWait } from "./shared-wait";

// By these a gateway answers for a server that is not there, and a server that wants to be left alone.
const isAway = new Set([429, 502, 503, 504]);

/**
 * Has an endpoint answer once before anything is started there. A log-in that sends nothing (a token of the user's own,
 * user and password with every request) shows neither whether the server is there nor what its time is, by which a
 * lost start is looked for. It costs a request only where no reply has come yet; one for all who wait.
 *
 * @param api - sends in the session
 * @param request - one that changes nothing; any reply of the server itself will do
 */
export function createGreeting(
  settings: EndpointSettings,
  http: HttpClient,
  api: { send(request: ApiRequest, signal: AbortSignal): Promise<HttpReply> },
  request: ApiRequest,
): (signal: AbortSignal) => Promise<void> {
  let isNeeded: boolean | undefined;
  let greeting: Promise<void> | undefined;
  let controller = new AbortController();

  const greet = async (): Promise<void> => {
    const reply = await api.send(request, controller.signal);
    if (isAway.has(reply.status)) throw replyFault(settings, request, reply);
    isNeeded = false;
  };

  const begin = (): Promise<void> => {
    const begun = greet().finally(() => {
      if (greeting === begun) greeting = undefined;
    });
    return begun;
  };

  const wait = createSharedWait(() => {
    if (greeting === undefined) return;
    controller.abort();
    controller = new AbortController();
    greeting = undefined;
  });

  return async (signal) => {
    isNeeded ??= !http.hasAnswered();
    if (isNeeded) await wait(() => (greeting ??= begin()), signal);
  };
}
