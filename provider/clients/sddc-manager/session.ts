import * as z from "../../zod";
import type { ApiRequest } from "../../tasks";
import type { EndpointSettings } from "../http/endpoint-settings";
import { loginFault, refusesLogIn, replyFault } from "../http/fault";
import type { HttpClient, HttpReply, HttpRequest } from "../http/http-client";
import { createSessionHolder, type SessionHolder } from "../http/session";
import { ownToken } from "../http/token-command";
import { causesOfBody } from "./errors";

/** What proves to SDDC Manager who asks. */
export interface SddcSession {
  /** The value of the header `authorization`. */
  readonly authorization: string;
  /** Absent when the token is the user's own, and with `basic`. */
  readonly refresh?: string | undefined;
  /** When to get a new one, in milliseconds since 1970 by our clock. */
  readonly endsAt: number;
}

const pair = z.object({
  accessToken: z.string().min(1),
  refreshToken: z.object({ id: z.string() }).optional(),
});
const claims = z.object({ exp: z.number(), iat: z.number().optional() });

const tokensPath = "/v1/tokens";
const refreshPath = `${tokensPath}/access-token/refresh`;

// The API names no life of a token; its official sample is a JWT of one hour.
const usualLifeMs = 3_600_000;
const longestMarginMs = 60_000;

/** When a token should be renewed: by its own life, for the server's clock may differ from ours. */
function endOf(token: string): number {
  let lifeMs = usualLifeMs;
  try {
    const { exp, iat } = claims.parse(
      JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()),
    );
    const told = exp * 1000 - (iat === undefined ? Date.now() : iat * 1000);
    // By clocks that differ much, a token may seem to have ended before it began.
    if (told > 0) lifeMs = told;
  } catch {
    // Not a JWT: the usual life.
  }
  return Date.now() + lifeMs - Math.min(longestMarginMs, lifeMs / 10);
}

/** The token in the answer to a refresh: a JSON string, or as it is, where a server only calls it JSON. */
function refreshedToken({ body, text = "" }: HttpReply): string | undefined {
  if (typeof body === "string" && body !== "") return body;
  return /^[\w-]+\.[\w-]+\.[\w-]+$/.exec(text.trim())?.[0];
}

/** Whether a refresh went well; a page that says 200 is a gateway's. */
const isRefreshed = (reply: HttpReply): boolean => reply.status < 300 && refreshedToken(reply) !== undefined;

function sessionOf(token: string, refresh?: string): SddcSession {
  return { authorization: `Bearer ${token}`, refresh, endsAt: endOf(token) };
}

/** The header of Cloud Builder, which knows no tokens. */
function basicSession({ username = "", password = "" }: EndpointSettings): SddcSession {
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
  return { authorization, endsAt: Infinity };
}

/** What a log-in that makes tokens sends (`POST /v1/tokens`), and what it is called there. */
async function credentials(settings: EndpointSettings, signal: AbortSignal): Promise<object> {
  const { login, username, password } = settings;
  if (login === "apiKey" || login === "idToken") return { [login]: await ownToken(settings, signal) };
  return { username, password };
}

/** Logs in by tokens and refreshes them, or takes the endpoint's own token, or user and password with every request. */
export function createSddcSession(http: HttpClient, settings: EndpointSettings): SessionHolder<SddcSession> {
  const request = (method: ApiRequest["method"], path: string, body: unknown): ApiRequest => ({
    method,
    path,
    body,
  });
  let isBasicRefused = false;
  // Known from the first refresh that went well.
  let takesBareIds: boolean | undefined;

  const withTokens = async (signal: AbortSignal): Promise<SddcSession> => {
    const asked = request("POST", tokensPath, await credentials(settings, signal));
    const reply = await http.send(asked, signal);
    // Official files say 400 for bad credentials; servers also answer 401 and 403.
    if (refusesLogIn(reply, [400, 403])) {
      throw loginFault(settings, reply.status, causesOfBody(reply.body)?.[0]?.message ?? "no reason given.");
    }
    const parsed = pair.safeParse(reply.body);
    if (reply.status > 299 || !parsed.success) throw replyFault(settings, asked, reply);
    const { accessToken, refreshToken } = parsed.data;
    return sessionOf(accessToken, refreshToken?.id);
  };

  /** A request about a refresh token, whose id is a JSON string by the API files. */
  const aboutRefresh = (
    method: ApiRequest["method"],
    path: string,
    id: string,
    isBare = takesBareIds === true,
  ): HttpRequest =>
    isBare
      ? { method, path, headers: { "content-type": "application/json" }, text: id }
      : request(method, path, id);

  /** By PowerVCF's sources there are servers that take an id bare only; a quoted one has a wrong form there, or is unknown. */
  const refreshed = async (id: string, signal: AbortSignal): Promise<[ApiRequest, HttpReply]> => {
    const asked = aboutRefresh("PATCH", refreshPath, id);
    const reply = await http.send(asked, signal);
    if (isRefreshed(reply)) takesBareIds ??= false;
    if (takesBareIds !== undefined || (reply.status !== 400 && reply.status !== 404)) return [asked, reply];
    const second = await http.send(aboutRefresh("PATCH", refreshPath, id, true), signal);
    if (isRefreshed(second)) takesBareIds = true;
    return [asked, second];
  };

  return createSessionHolder<SddcSession>({
    async logIn(signal) {
      if (settings.login === "basic") {
        if (isBasicRefused) throw loginFault(settings, 401, "user and password are not taken.");
        return basicSession(settings);
      }
      if (settings.login === "bearer")
        return { authorization: `Bearer ${await ownToken(settings, signal)}`, endsAt: Infinity };
      return withTokens(signal);
    },
    async renew({ refresh }, signal) {
      // Sent with every request, so a refused password would be sent again and again, which locks accounts.
      if (settings.login === "basic") isBasicRefused = true;
      if (refresh === undefined) throw new Error("There is no refresh token.");
      const [asked, reply] = await refreshed(refresh, signal);
      const isRefused = reply.status >= 400 && reply.status < 500 && reply.status !== 429;
      if (isRefused && !reply.isMalformed) throw new Error("The refresh token is not taken.");
      const token = refreshedToken(reply);
      if (!isRefreshed(reply) || token === undefined) throw replyFault(settings, asked, reply);
      return sessionOf(token, refresh);
    },
    async logOut({ refresh }, signal) {
      if (refresh !== undefined)
        await http.send(aboutRefresh("DELETE", `${tokensPath}/refresh-token`, refresh), signal);
    },
    isEnding: ({ endsAt }) => Date.now() >= endsAt,
  });
}
