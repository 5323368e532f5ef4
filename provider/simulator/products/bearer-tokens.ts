// Tokens that somebody else has issued: SAML assertions and JWTs. Signatures are not checked.
import { gunzipSync } from "node:zlib";
import { isRecord, isString } from "../json";

/** @internal Whom a token is for, and until when; what a header proves. */
export interface Proof {
  readonly token: string;
  readonly user: string;
  /** Milliseconds since 1970; Infinity when it does not say. */
  readonly expiresAt: number;
}

/** What `SIGN token="<base64 of the compressed assertion>"` proves. */
export function proofOfAssertion(header: string | undefined): Proof | undefined {
  const token = /^SIGN\s+token="([^"]+)"/i.exec(header ?? "")?.[1];
  const text = token === undefined ? undefined : unpacked(token);
  if (token === undefined || text === undefined || !/^\s*<(\w+:)?Assertion[\s>]/.test(text)) return undefined;
  const user = /<(?:\w+:)?NameID[^>]*>([^<]+)</.exec(text)?.[1];
  const until = /NotOnOrAfter="([^"]+)"/.exec(text)?.[1];
  return user === undefined
    ? undefined
    : { token, user, expiresAt: until === undefined ? Infinity : Date.parse(until) };
}

/** What `Bearer <JWT>` proves. */
export function proofOfJwt(header: string | undefined): Proof | undefined {
  const token = /^Bearer\s+(\S+)$/i.exec(header ?? "")?.[1];
  const claims = parsed(Buffer.from(token?.split(".")[1] ?? "", "base64url").toString("utf8"));
  if (token === undefined || !isRecord(claims) || !isString(claims["sub"])) return undefined;
  const { sub: user, exp } = claims;
  return { token, user, expiresAt: typeof exp === "number" ? exp * 1000 : Infinity };
}

function unpacked(base64: string): string | undefined {
  try {
    return gunzipSync(Buffer.from(base64, "base64")).toString("utf8");
  } catch {
    return undefined;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
