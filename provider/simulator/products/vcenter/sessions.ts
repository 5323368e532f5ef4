// vCenter sessions: log in, look, log out, and the end of a session that nobody uses.
import { gunzipSync } from "node:zlib";

import type { Reply, SimulatedRequest } from "../../exchange";
import type { World } from "../../world";
import { isLegacy, message, noSuchPath, vapiDone, vapiError, vapiValue } from "./vapi-errors";

const sessionHeader = "vmware-api-session-id";

interface Session {
  readonly user: string;
  readonly createdAt: number;
  usedAt: number;
}

export function isSessionPath(path: string): boolean {
  return path === "/api/session" || path === "/rest/com/vmware/cis/session";
}

/** @internal */
export class Sessions {
  readonly #world: World;
  readonly #sessions = new Map<string, Session>();

  constructor(world: World) {
    this.#world = world;
  }

  /** The user of a request's session; using a session keeps it alive. */
  userOf(request: SimulatedRequest): string | undefined {
    const token = tokenOf(request);
    const session = token === undefined ? undefined : this.#sessions.get(token);
    if (token === undefined || session === undefined) return undefined;
    const now = this.#world.settings.clock.now();
    if (now - session.usedAt >= this.#world.settings.sessionSeconds * 1000) {
      this.#sessions.delete(token);
      return undefined;
    }
    session.usedAt = now;
    return session.user;
  }

  answer(request: SimulatedRequest): Reply {
    const { method, path, query } = request;
    if (method === "POST" && query.get("~action") !== "get") return this.#logIn(request);
    const token = tokenOf(request);
    if (token === undefined || this.userOf(request) === undefined) return authenticationRequired(path);
    if (method === "DELETE") {
      this.#sessions.delete(token);
      return vapiDone(path);
    }
    const session = this.#sessions.get(token);
    if (session === undefined || (method !== "GET" && method !== "POST")) {
      return noSuchPath(path);
    }
    return vapiValue(path, {
      user: session.user,
      created_time: new Date(session.createdAt).toISOString(),
      last_accessed_time: new Date(session.usedAt).toISOString(),
    });
  }

  /** A new session of the only user. */
  open(): string {
    const { username, clock } = this.#world.settings;
    const token = this.#world.identifiers.uuid().replaceAll("-", "");
    this.#sessions.set(token, { user: username, createdAt: clock.now(), usedAt: clock.now() });
    return token;
  }

  end(request: SimulatedRequest): void {
    const token = tokenOf(request);
    if (token !== undefined) this.#sessions.delete(token);
  }

  clear(): void {
    this.#sessions.clear();
  }

  #logIn(request: SimulatedRequest): Reply {
    const isGood = this.#isGood(request.headers.authorization);
    if (isGood === undefined) return authenticationRequired(request.path);
    if (!isGood) {
      const text = message("com.vmware.vapi.endpoint.failedToLogin", "Invalid credentials.");
      return vapiError(request.path, "UNAUTHENTICATED", text);
    }
    const token = this.open();
    const cookie = `${sessionHeader}=${token};Path=/rest;Secure;HttpOnly`;
    const asCookie = isLegacy(request.path) && request.headers["vmware-use-header-authn"] === undefined;
    return {
      ...vapiValue(request.path, token, 201),
      ...(asCookie ? { headers: { "set-cookie": cookie } } : {}),
    };
  }

  /** Whether credentials are the right ones; `undefined` when there are none of a kind that is known. */
  #isGood(authorization: string | undefined): boolean | undefined {
    const { username, password, samlAssertion } = this.#world.settings;
    const assertion = signedAssertion(authorization);
    if (assertion !== undefined) return assertion === samlAssertion;
    const given = basicCredentials(authorization);
    if (given === undefined) return undefined;
    // SSO compares user names without case.
    return given.user.toLowerCase() === username.toLowerCase() && given.password === password;
  }
}

export function authenticationRequired(path: string): Reply {
  const id = "com.vmware.vapi.endpoint.method.authentication.required";
  return vapiError(path, "UNAUTHENTICATED", message(id, "Authentication required."));
}

function tokenOf({ headers }: SimulatedRequest): string | undefined {
  const given = headers[sessionHeader];
  if (typeof given === "string") return given;
  return new RegExp(`(?:^|;\\s*)${sessionHeader}=([^;]+)`).exec(headers.cookie ?? "")?.[1];
}

function basicCredentials(header: string | undefined): { user: string; password: string } | undefined {
  const encoded = /^Basic\s+(\S+)$/i.exec(header ?? "")?.[1];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, "base64").toString("utf8");
  const colon = text.indexOf(":");
  return colon < 0 ? undefined : { user: text.slice(0, colon), password: text.slice(colon + 1) };
}

/** The SAML assertion of `SIGN token="<base64(gzip(assertion))>"`; empty when it cannot be unpacked. */
function signedAssertion(header: string | undefined): string | undefined {
  const encoded = /^SIGN\s+token="([^"]*)"/i.exec(header ?? "")?.[1];
  if (encoded === undefined) return undefined;
  try {
    return gunzipSync(Buffer.from(encoded, "base64")).toString("utf8");
  } catch {
    return "";
  }
}
