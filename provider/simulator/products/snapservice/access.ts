// Who may ask: sessions since 9.0, a token with every call in 8.0.3.
import type { Reply, SimulatedRequest } from "../../exchange";
import type { World } from "../../world";
import { proofOfAssertion, proofOfJwt, type Proof } from "../bearer-tokens";
import { authenticationRequired, Sessions } from "../vcenter/sessions";
import { vapiError, vapiValue } from "../vcenter/vapi-errors";

/** @internal */
export class Access {
  readonly #world: World;
  /** The appliance's own: a session of vCenter is none here. */
  readonly #sessions: Sessions;
  readonly #tokensSeen = new Set<string>();
  readonly #tokensEnded = new Set<string>();

  constructor(world: World) {
    this.#world = world;
    this.#sessions = new Sessions(world);
  }

  userOf(request: SimulatedRequest): string | undefined {
    if (!this.#takesTokens()) return this.#sessions.userOf(request);
    const { authorization } = request.headers;
    const proof = proofOfAssertion(authorization) ?? proofOfJwt(authorization);
    if (proof === undefined || !this.#isGood(proof)) return undefined;
    this.#tokensSeen.add(proof.token);
    return this.#world.settings.username;
  }

  /** The answer of the sessions resource. */
  answer(request: SimulatedRequest): Reply {
    const { method, path } = request;
    if (this.#takesTokens())
      return vapiError(path, "OPERATION_NOT_FOUND", `No operation ${method} ${path} in this version.`);
    const proof = method === "POST" ? proofOfAssertion(request.headers.authorization) : undefined;
    if (proof === undefined) return this.#sessions.answer(request);
    return this.#isGood(proof) ? vapiValue(path, this.#sessions.open(), 201) : authenticationRequired(path);
  }

  /** Ends what this request is sent with. */
  end(request: SimulatedRequest): void {
    this.#sessions.end(request);
    const { authorization } = request.headers;
    const token = (proofOfAssertion(authorization) ?? proofOfJwt(authorization))?.token;
    if (token !== undefined) this.#tokensEnded.add(token);
  }

  /** Ends everything that was used until now. */
  endAll(): void {
    this.#sessions.clear();
    for (const token of this.#tokensSeen) this.#tokensEnded.add(token);
  }

  /** Forgets sessions, as a restart does; tokens are not the appliance's own. */
  reset(): void {
    this.#sessions.clear();
    this.#tokensSeen.clear();
    this.#tokensEnded.clear();
  }

  #takesTokens(): boolean {
    return this.#world.settings.snapserviceVersion === "8.0.3";
  }

  #isGood({ token, user, expiresAt }: Proof): boolean {
    const { username, clock } = this.#world.settings;
    // SSO compares user names without case.
    return (
      user.toLowerCase() === username.toLowerCase() &&
      clock.now() < expiresAt &&
      !this.#tokensEnded.has(token)
    );
  }
}
