import type { ApiRequest } from "../../tasks";
import type { EndpointSettings } from "./endpoint-settings";
import { replyFault } from "./fault";
import type { HttpClient, HttpReply } from "./http-client";
import { createSharedWait } from "./shared-wait";

/**
 * Has an endpoint answer once before anything is started there. A log-in that sends nothing (a token of the user's own,
 * user and password with every request) shows neither whether the server is there nor what its time is, by which a
 * lost start is looked for. It costs a request only while the server has not answered yet; one for all who wait.
 *
 * @param api - sends in the session
 * @param request - one that changes nothing; any answer of the server itself will do
 * @returns what waits for that; rejects with an EndpointFaultError while the server is away or refuses the log-in
 */
export function createGreeting(
  settings: EndpointSettings,
  http: HttpClient,
  api: { send(request: ApiRequest, signal: AbortSignal): Promise<HttpReply> },
  request: ApiRequest,
): (signal: AbortSignal) => Promise<void> {
  let greeting: Promise<void> | undefined;
  let controller = new AbortController();

  const greet = async (): Promise<void> => {
    const reply = await api.send(request, controller.signal);
    if (!http.hasAnswered()) throw replyFault(settings, request, reply);
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
    if (!http.hasAnswered()) await wait(() => (greeting ??= begin()), signal);
  };
}
