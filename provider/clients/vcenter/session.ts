import * as z from "../../zod";
import type { ApiRequest } from "../../tasks";
import type { EndpointSettings } from "../http/endpoint-settings";
import { replyFault } from "../http/fault";
import type { HttpClient } from "../http/http-client";
import { createSessionHolder, type SessionHolder } from "../http/session";
import { ownToken, ownTokenOfLines } from "../http/token-command";
import { askForSession, basicHeader, sessionHeaders } from "../vapi/log-in";
import { signHeader } from "../vapi/saml";
import type { VapiSession } from "../vapi/vapi-api";

/** A vCenter session, in the header `vmware-api-session-id`. */
export interface VcenterSession extends VapiSession {
  /** Whether we logged in, and so have to log out. */
  readonly isOurs: boolean;
}

const apiReply = z.string().min(1);
const restReply = z.object({ value: z.string().min(1) }).transform(({ value }) => value);

const sessionOf = (id: string, isOurs: boolean): VcenterSession => ({
  headers: sessionHeaders(id),
  isOurs,
});

/** Where the session of an endpoint is. */
export function sessionPath({ api }: EndpointSettings): string {
  return api === "rest" ? "/rest/com/vmware/cis/session" : "/api/session";
}

/** Logs in by `POST /api/session`, or `/rest/com/vmware/cis/session` (vSphere Automation API, "Session"). */
export function createVcenterSession(
  http: HttpClient,
  settings: EndpointSettings,
): SessionHolder<VcenterSession> {
  const isRest = settings.api === "rest";
  const path = sessionPath(settings);

  const create = async (authorization: string, signal: AbortSignal): Promise<VcenterSession> => {
    const request: ApiRequest = {
      method: "POST",
      path,
      // Without it the legacy API sets the session as a cookie too.
      headers: {
        authorization,
        ...(isRest ? { "vmware-use-header-authn": "true" } : {}),
      },
    };
    const reply = await askForSession(http, settings, request, signal);
    const id = (isRest ? restReply : apiReply).safeParse(reply.body);
    if (reply.status < 200 || reply.status > 299 || !id.success) throw replyFault(settings, request, reply);
    return sessionOf(id.data, true);
  };

  return createSessionHolder<VcenterSession>({
    async logIn(signal) {
      switch (settings.login) {
        case "session":
          return sessionOf(await ownToken(settings, signal), false);
        case "saml":
          return create(signHeader(await ownTokenOfLines(settings, signal)), signal);
        default:
          return create(basicHeader(settings), signal);
      }
    },
    async logOut({ headers, isOurs }, signal) {
      if (isOurs) await http.send({ method: "DELETE", path, headers }, signal);
    },
  });
}
