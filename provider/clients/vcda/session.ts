import * as z from "../../zod";
import { EndpointFaultError, type ApiRequest } from "../../tasks";
import type { EndpointSettings } from "../http/endpoint-settings";
import { loginFault, refusesLogIn, replyFault } from "../http/fault";
import type { HttpReply } from "../http/http-client";
import { createSessionHolder, type SessionHolder } from "../http/session";
import { ownToken } from "../http/token-command";
import { errorOfBody } from "./errors";

/** A session of VCDA, in the header `X-VCAV-Auth`. */
export interface VcdaSession {
  readonly token: string;
  /** Whether we logged in, and so have to log out. */
  readonly isOurs: boolean;
}

/** Sends a request in a session, or in none. */
export type Deliver = (
  request: ApiRequest,
  session: VcdaSession | undefined,
  signal: AbortSignal,
) => Promise<HttpReply>;

const ssoToken = z.object({
  samlToken: z.string().min(1),
  timestamp: z.union([z.string(), z.number()]),
  nonce: z.string(),
  signature: z.string(),
  principal: z.string().optional(),
});

/** The parts of an SSO token, which the user gives as one text of JSON. */
function ssoTokenOf(settings: EndpointSettings, text: string): z.infer<typeof ssoToken> {
  try {
    return ssoToken.parse(JSON.parse(text));
  } catch {
    // What was given is the secret itself, so it is not shown.
    throw new EndpointFaultError(
      `The token of endpoint "${settings.name}" must be JSON text with samlToken, timestamp, nonce and signature ` +
        "(and principal, if there is one): the log-in `ssoToken` sends these.",
      { faultClass: "login", sent: "no" },
    );
  }
}

/** The body of `POST /sessions` (VCDA API 4.6), by the way to log in. */
async function credentialsOf(
  settings: EndpointSettings,
  signal: AbortSignal,
): Promise<Record<string, unknown>> {
  const { login: type, username, password, principal, context } = settings;
  const token = (): Promise<string> => ownToken(settings, signal);
  switch (type) {
    case "localUser":
      return { type, localUser: username, localPassword: password };
    case "ssoCredentials":
      return { type, username, password, principal };
    case "ssoToken":
      return { type, ...ssoTokenOf(settings, await token()) };
    case "vcdCredentials":
      return { type, vcdUser: username, vcdPassword: password };
    case "vcdCookie":
      return { type, vcdCookie: await token() };
    case "vcdAccessToken":
      return { type, vcdAccessToken: await token(), context };
    default:
      throw new EndpointFaultError(
        `Endpoint "${settings.name}" has no way to log in that is called "${type}".`,
        { faultClass: "login", sent: "no" },
      );
  }
}

function tokenOf({ headers }: HttpReply): string | undefined {
  const value = [headers["x-vcav-auth"] ?? []].flat()[0];
  return value === "" ? undefined : value;
}

/** Logs in by `POST /sessions` and out by `DELETE /sessions`. */
export function createVcdaSession(deliver: Deliver, settings: EndpointSettings): SessionHolder<VcdaSession> {
  const logIn = async (signal: AbortSignal): Promise<VcdaSession> => {
    const body = await credentialsOf(settings, signal);
    const request: ApiRequest = { method: "POST", path: "/sessions", body };
    const reply = await deliver(request, undefined, signal);
    if (refusesLogIn(reply, [400, 403])) {
      const [cause] = errorOfBody(reply.body)?.causes ?? [];
      throw loginFault(settings, reply.status, cause?.message ?? "no reason given.");
    }
    const token = tokenOf(reply);
    if (reply.status < 200 || reply.status > 299 || reply.isMalformed)
      throw replyFault(settings, request, reply);
    if (token === undefined) throw replyFault(settings, request, reply, "no header X-VCAV-Auth");
    return { token, isOurs: true };
  };

  return createSessionHolder<VcdaSession>({
    async logIn(signal) {
      if (settings.login === "session") return { token: await ownToken(settings, signal), isOurs: false };
      return logIn(signal);
    },
    async logOut(session, signal) {
      if (session.isOurs) await deliver({ method: "DELETE", path: "/sessions" }, session, signal);
    },
  });
}
