import type { ApiRequest } from "../../tasks";
import type { EndpointSettings } from "../http/endpoint-settings";
import { loginFault, refusesLogIn } from "../http/fault";
import type { HttpClient, HttpReply } from "../http/http-client";
import { parseVapiError } from "./messages";

/** The `Authorization` of a request that user and password prove. */
export function basicHeader({ username, password }: EndpointSettings): string {
  return `Basic ${Buffer.from(`${username ?? ""}:${password ?? ""}`).toString("base64")}`;
}

/** The header that carries a session. */
export const sessionHeaders = (id: string): Record<string, string> => ({ "vmware-api-session-id": id });

/**
 * Asks for a session.
 *
 * @throws EndpointFaultError of class `login`, with the ways that the server offers, when it refuses the credentials
 */
export async function askForSession(
  http: HttpClient,
  settings: EndpointSettings,
  request: ApiRequest,
  signal: AbortSignal,
): Promise<HttpReply> {
  const reply = await http.send(request, signal);
  if (!refusesLogIn(reply, [403])) return reply;
  const error = parseVapiError(reply.body);
  const offered = error?.challenge ?? reply.headers["www-authenticate"];
  const schemes = offered === undefined ? "" : ` The server offers: ${String(offered)}.`;
  throw loginFault(settings, reply.status, `${error?.causes[0]?.message ?? "no reason given."}${schemes}`);
}
