import * as z from "../../zod";
import { EndpointFaultError, type ApiRequest } from "../../tasks";
import type { EndpointSettings } from "../http/endpoint-settings";
import { replyFault } from "../http/fault";
import type { HttpClient, HttpReply } from "../http/http-client";
import { createSessionHolder, type SessionHolder } from "../http/session";
import { ownToken, ownTokenOfLines } from "../http/token-command";
import { askForSession, basicHeader, sessionHeaders } from "../vapi/log-in";
import { parseVapiError } from "../vapi/messages";
import { signHeader } from "../vapi/saml";
import type { VapiSession } from "../vapi/vapi-api";

/** A Snapservice session; the id is not one of vCenter's, though the header has the same name. */
export interface SnapserviceSession extends VapiSession {
  /** Whether we logged in, and so have to log out. */
  readonly isOurs: boolean;
}

const sessionsPath = "/api/snapservice/sessions";
const sessionId = z.string().min(1);

/** The `Authorization` of each call: an assertion may have many lines, another token is the first one. */
function proofOf(token: string): string {
  return token.startsWith("<") ? signHeader(token) : `Bearer ${token.split("\n")[0] ?? ""}`;
}

function noSessions({ name, url }: EndpointSettings): EndpointFaultError {
  return new EndpointFaultError(
    `Endpoint "${name}" (${url}) has no sessions: Snapservice 8.0.3 takes a token with every call instead. ` +
      `Set \`login: bearer\` for endpoint "${name}", with a SAML assertion of vCenter in \`token\` or \`tokenCommand\`.`,
    { faultClass: "login", sent: "no", httpStatus: 404 },
  );
}

function sessionIn(settings: EndpointSettings, request: ApiRequest, reply: HttpReply): string {
  const id = sessionId.safeParse(reply.body);
  if (reply.status >= 200 && reply.status < 300 && id.success) return id.data;
  // A 404 that is none of the appliance's own may be a proxy's, before an appliance that starts.
  if (reply.status === 404 && parseVapiError(reply.body) !== undefined) throw noSessions(settings);
  throw replyFault(settings, request, reply);
}

/**
 * Logs in as `login` says (Snapshot Appliance API, `Snapservice.Sessions`, 9.0 and later; 8.0.3 has no sessions).
 * The API does not document which credentials a session is had for; these are the two that vCenter takes.
 */
export function createSnapserviceSession(
  http: HttpClient,
  settings: EndpointSettings,
): SessionHolder<SnapserviceSession> {
  const bySession = async (authorization: string, signal: AbortSignal): Promise<SnapserviceSession> => {
    const request: ApiRequest = { method: "POST", path: sessionsPath, headers: { authorization } };
    const reply = await askForSession(http, settings, request, signal);
    return { headers: sessionHeaders(sessionIn(settings, request, reply)), isOurs: true };
  };

  return createSessionHolder<SnapserviceSession>({
    async logIn(signal) {
      if (settings.login === "password") return bySession(basicHeader(settings), signal);
      if (settings.login === "session")
        return { headers: sessionHeaders(await ownToken(settings, signal)), isOurs: false };
      const token = await ownTokenOfLines(settings, signal);
      if (settings.login === "saml") return bySession(signHeader(token), signal);
      return { headers: { authorization: proofOf(token) }, isOurs: false };
    },
    async logOut({ headers, isOurs }, signal) {
      if (isOurs) await http.send({ method: "DELETE", path: sessionsPath, headers }, signal);
    },
  });
}
