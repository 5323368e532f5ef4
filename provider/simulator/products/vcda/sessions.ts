// Sessions of VCDA: six ways to log in, extensions to remote sites, an end by idleness and one by age.
import type { Reply, SimulatedRequest } from "../../exchange";
import { isRecord } from "../../json";
import type { World } from "../../world";
import { errorReply } from "./api-errors";

const sessionHeader = "x-vcav-auth";

interface Session {
  readonly user: string;
  readonly createdAt: number;
  usedAt: number;
  readonly sites: Set<string>;
}

/** Fields of a body by its `type`: which holds the user, and which what only that user knows. */
interface Credentials {
  readonly user?: string;
  readonly secret: string;
}

const logIns: Readonly<Record<string, Credentials>> = {
  localUser: { user: "localUser", secret: "localPassword" },
  ssoCredentials: { user: "username", secret: "password" },
  ssoToken: { secret: "samlToken" },
  vcdCredentials: { user: "vcdUser", secret: "vcdPassword" },
  vcdCookie: { secret: "vcdCookie" },
  vcdAccessToken: { secret: "vcdAccessToken" },
};

const extensions: Readonly<Record<string, Credentials>> = {
  credentials: { user: "vcdUsername", secret: "vcdPassword" },
  cookie: { secret: "cookie" },
  vcdAccessToken: { secret: "vcdAccessToken" },
};

export function isSessionPath(path: string): boolean {
  return path === "/sessions" || path.startsWith("/sessions/");
}

/** @internal */
export class Sessions {
  readonly #world: World;
  readonly #sessions = new Map<string, Session>();

  constructor(world: World) {
    this.#world = world;
  }

  /** The session of a request; using it keeps it alive, but not beyond its greatest age. */
  of(request: SimulatedRequest): Session | undefined {
    const token = String(request.headers[sessionHeader] ?? "");
    const session = this.#sessions.get(token);
    if (session === undefined) return undefined;
    const { clock, sessionSeconds, sessionMaxAgeSeconds } = this.#world.settings;
    const now = clock.now();
    const isOver =
      now - session.usedAt >= sessionSeconds * 1000 || now - session.createdAt >= sessionMaxAgeSeconds * 1000;
    if (isOver) {
      this.#sessions.delete(token);
      return undefined;
    }
    session.usedAt = now;
    return session;
  }

  answer(request: SimulatedRequest): Reply {
    const { method, path } = request;
    if (method === "POST" && path === "/sessions") return this.#logIn(request.body);
    const session = this.of(request);
    if (session === undefined) return notAuthenticated();
    if (method === "POST" && path === "/sessions/extend") return this.#extend(session, request.body);
    if (method === "GET" && path === "/sessions") return { status: 200, body: this.#view(session) };
    if (method !== "DELETE") return errorReply(405, "BadRequest", `Method ${method} is not supported.`);
    const site = path.slice("/sessions/".length);
    if (path === "/sessions") this.#sessions.delete(String(request.headers[sessionHeader]));
    else session.sites.delete(site);
    return { status: 200 };
  }

  /** Whether a session may ask for things of a site, and if not, why. */
  refusal(session: Session, site: string | undefined): Reply | undefined {
    const [local, ...remote] = this.#world.settings.vcdaSites;
    if (site === undefined || site === local) return undefined;
    if (!remote.includes(site)) return errorReply(404, "SiteNotFound", "Site {0} was not found.", [site]);
    if (session.sites.has(site)) return undefined;
    return errorReply(401, "RemoteAuthenticationFailure", "The session is not authenticated to site {0}.", [
      site,
    ]);
  }

  end(request: SimulatedRequest): void {
    this.#sessions.delete(String(request.headers[sessionHeader] ?? ""));
  }

  clear(): void {
    this.#sessions.clear();
  }

  /** Sessions stay, but every remote site has forgotten them. */
  forgetRemoteSites(): void {
    for (const session of this.#sessions.values()) session.sites.clear();
  }

  #logIn(body: unknown): Reply {
    if (!this.#isGood(body, logIns)) return errorReply(401, "NotAuthenticated", "Invalid credentials.");
    const { clock, username } = this.#world.settings;
    const now = clock.now();
    const session = { user: username, createdAt: now, usedAt: now, sites: new Set<string>() };
    const token = this.#world.identifiers.uuid().replaceAll("-", "");
    this.#sessions.set(token, session);
    return { status: 200, body: this.#view(session), headers: { "X-VCAV-Auth": token } };
  }

  #extend(session: Session, body: unknown): Reply {
    const site = isRecord(body) ? String(body["site"]) : "";
    const [, ...remote] = this.#world.settings.vcdaSites;
    if (!remote.includes(site)) return errorReply(404, "SiteNotFound", "Site {0} was not found.", [site]);
    const trusts = isRecord(body) && body["type"] === "multisite" && typeof body["org"] === "string";
    if (!trusts && !this.#isGood(body, extensions))
      return errorReply(401, "RemoteAuthenticationFailure", "Site {0} does not take the credentials.", [
        site,
      ]);
    session.sites.add(site);
    return { status: 200, body: this.#view(session) };
  }

  /** The password stands for every secret of the one user: cookie, access token and SAML token too. */
  #isGood(body: unknown, types: Readonly<Record<string, Credentials>>): boolean {
    const { username, password } = this.#world.settings;
    const given = isRecord(body) ? body : {};
    const fields = types[String(given["type"])];
    if (fields === undefined) return false;
    const isUser = fields.user === undefined || given[fields.user] === username;
    return isUser && given[fields.secret] === password;
  }

  #view({ user, sites }: Session): Record<string, unknown> {
    const [local = ""] = this.#world.settings.vcdaSites;
    return {
      user,
      roles: ["ADMINISTRATORS", "SESSION", "VRADMINISTRATORS"],
      authenticatedSites: [local, ...sites].map((site) => ({ site, org: "System" })),
    };
  }
}

export function notAuthenticated(): Reply {
  return errorReply(401, "NotAuthenticated", "Not authenticated.");
}
