// Log-in: access and refresh tokens, the former a real JWT that really expires; or HTTP Basic, as Cloud Builder has it.
import { createHmac } from "node:crypto";
import type { Reply, SimulatedRequest } from "../../exchange";
import { isRecord, isString } from "../../json";
import type { World } from "../../world";
import { sddcReply } from "./sddc-errors";

const refreshTokenMs = 24 * 60 * 60 * 1000;

const paths = {
  create: "/v1/tokens",
  refresh: "/v1/tokens/access-token/refresh",
  revoke: "/v1/tokens/refresh-token",
};

/** @internal */
export type TokenRoute = keyof typeof paths;

export function tokenRoute({ method, path }: SimulatedRequest): TokenRoute | undefined {
  if (path === paths.create && method === "POST") return "create";
  if (path === paths.refresh && method === "PATCH") return "refresh";
  return path === paths.revoke && method === "DELETE" ? "revoke" : undefined;
}

/** @internal */
export class Tokens {
  readonly #world: World;
  /** When each token stops being good. */
  readonly #access = new Map<string, number>();
  readonly #refresh = new Map<string, number>();

  constructor(world: World) {
    this.#world = world;
  }

  answer(route: TokenRoute, request: SimulatedRequest): Reply {
    if (this.#world.settings.sddcLogin === "basic") {
      return sddcReply(404, "RESOURCE_NOT_FOUND", "There are no tokens here; log in by HTTP Basic.");
    }
    if (route === "create") return this.#create(request);
    const id = isString(request.body) ? request.body : request.text.trim();
    if (route === "revoke") {
      this.#refresh.delete(id);
      return { status: 204 };
    }
    const until = this.#refresh.get(id);
    if (until === undefined || this.#now() >= until) {
      return sddcReply(404, "IDENTITY_REFRESH_TOKEN_NOT_FOUND", "Refresh token not found or expired.");
    }
    return { status: 200, body: this.#newAccessToken() };
  }

  isGood(request: SimulatedRequest): boolean {
    const { sddcLogin, username, password } = this.#world.settings;
    if (sddcLogin === "basic") return request.headers.authorization === basicHeader(username, password);
    const until = this.#access.get(bearerOf(request));
    return until !== undefined && this.#now() < until;
  }

  refusal(): Reply {
    const { expiredTokenStatus, sddcLogin } = this.#world.settings;
    if (sddcLogin === "basic") {
      const reply = sddcReply(401, "IDENTITY_INVALID_CREDENTIALS", "Invalid username or password.");
      return { ...reply, headers: { "www-authenticate": 'Basic realm="Realm"' } };
    }
    return sddcReply(
      expiredTokenStatus,
      "IDENTITY_UNAUTHORIZED_ENTITY",
      "The access token is missing or expired.",
    );
  }

  end(request: SimulatedRequest): void {
    this.#access.delete(bearerOf(request));
  }

  /** Refresh tokens live on. */
  expireAccess(): void {
    this.#access.clear();
  }

  clear(): void {
    this.#access.clear();
    this.#refresh.clear();
  }

  #create({ body }: SimulatedRequest): Reply {
    const { badCredentialsStatus } = this.#world.settings;
    if (!this.#isKnown(isRecord(body) ? body : {})) {
      return sddcReply(badCredentialsStatus, "IDENTITY_INVALID_CREDENTIALS", "Invalid username or password.");
    }
    const id = this.#world.identifiers.uuid();
    this.#refresh.set(id, this.#now() + refreshTokenMs);
    return { status: 201, body: { accessToken: this.#newAccessToken(), refreshToken: { id } } };
  }

  /** By one of the three ways; a password goes before an API key, an API key before an identity token. */
  #isKnown({ username: user, password, apiKey, idToken }: Record<string, unknown>): boolean {
    const { settings } = this.#world;
    if (user !== undefined || password !== undefined) {
      const known = isString(user) && user.toLowerCase() === settings.username.toLowerCase();
      return known && password === settings.password;
    }
    return apiKey === undefined ? idToken === settings.sddcIdToken : apiKey === settings.sddcApiKey;
  }

  #newAccessToken(): string {
    const { tokenSeconds, username } = this.#world.settings;
    const now = this.#now();
    const until = now + tokenSeconds * 1000;
    const token = jsonWebToken({
      aud: "sddc-services",
      iss: "vcf-auth",
      sub: username,
      jti: this.#world.identifiers.uuid(),
      iat: Math.floor(now / 1000),
      exp: Math.floor(until / 1000),
      scope: "BACKUP_CONFIG_READ TASKS_READ TASKS_WRITE",
    });
    this.#access.set(token, until);
    return token;
  }

  #now(): number {
    return this.#world.settings.clock.now();
  }
}

function bearerOf({ headers }: SimulatedRequest): string {
  return /^Bearer\s+(\S+)$/i.exec(headers.authorization ?? "")?.[1] ?? "";
}

function basicHeader(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
}

function jsonWebToken(claims: object): string {
  const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString("base64url");
  const unsigned = `${encode({ typ: "JWT", alg: "HS256" })}.${encode(claims)}`;
  return `${unsigned}.${createHmac("sha256", "simulator").update(unsigned).digest("base64url")}`;
}
