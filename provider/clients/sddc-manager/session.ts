import { z } from "zod";

import type { ApiRequest } from "../../tasks";
import type { EndpointSettings } from "../http/endpoint-settings";
import { loginFault, replyFault } from "../http/fault";
import type { HttpClient } from "../http/http-client";
import { createSessionHolder, type SessionHolder } from "../http/session";
import { ownToken } from "../http/token-command";
import { causesOfBody } from "./errors";

/** Tokens of SDDC Manager (`POST /v1/tokens`). */
export interface SddcTokens {
  readonly access: string;
  /** Absent when the token is the user's own. */
  readonly refresh?: string | undefined;
  /** When to get a new one, in milliseconds since 1970 by our clock. */
  readonly endsAt: number;
}

const pair = z.object({
  accessToken: z.string().min(1),
  refreshToken: z.object({ id: z.string() }).optional(),
});
const claims = z.object({ exp: z.number(), iat: z.number().optional() });

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

/** Logs in by tokens and refreshes them; without a password, by the endpoint's token or command. */
export function createSddcSession(http: HttpClient, settings: EndpointSettings): SessionHolder<SddcTokens> {
  const send = (method: ApiRequest["method"], path: string, body: unknown): ApiRequest => ({
    method,
    path,
    body,
  });

  const withPassword = async (signal: AbortSignal): Promise<SddcTokens> => {
    const request = send("POST", "/v1/tokens", { username: settings.username, password: settings.password });
    const reply = await http.send(request, signal);
    // Official files say 400 for bad credentials; servers also answer 401 and 403.
    if ([400, 401, 403].includes(reply.status)) {
      throw loginFault(settings, reply.status, causesOfBody(reply.body)?.[0]?.message ?? "no reason given.");
    }
    const parsed = pair.safeParse(reply.body);
    if (reply.status > 299 || !parsed.success) throw replyFault(settings, request, reply);
    const { accessToken, refreshToken } = parsed.data;
    return { access: accessToken, refresh: refreshToken?.id, endsAt: endOf(accessToken) };
  };

  return createSessionHolder<SddcTokens>({
    async logIn(signal) {
      if (settings.login === "bearer") return { access: await ownToken(settings, signal), endsAt: Infinity };
      return withPassword(signal);
    },
    async renew({ refresh }, signal) {
      if (refresh === undefined) throw new Error("There is no refresh token.");
      const request = send("PATCH", "/v1/tokens/access-token/refresh", refresh);
      const reply = await http.send(request, signal);
      const access = z.string().min(1).safeParse(reply.body);
      if (reply.status !== 200 || !access.success) throw replyFault(settings, request, reply);
      return { access: access.data, refresh, endsAt: endOf(access.data) };
    },
    async logOut({ refresh }, signal) {
      if (refresh !== undefined) await http.send(send("DELETE", "/v1/tokens/refresh-token", refresh), signal);
    },
    isEnding: ({ endsAt }) => Date.now() >= endsAt,
  });
}
