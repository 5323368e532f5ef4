// The Error body of SDDC Manager, used for every 4xx and 5xx and inside of failed tasks.
import type { ErrorWish, Reply } from "../../exchange";
import { isString } from "../../json";

/** @internal */
export interface SddcError {
  readonly errorCode: string;
  readonly errorType: string;
  readonly message: string;
  readonly arguments: readonly string[];
  readonly context: Readonly<Record<string, string>>;
  readonly causes: readonly { readonly type: string; readonly message: string }[];
  readonly nestedErrors: readonly unknown[];
  readonly remediationMessage: string;
  readonly referenceToken: string;
}

export function sddcError(errorCode: string, message: string, more: Partial<SddcError> = {}): SddcError {
  return {
    errorCode,
    errorType: "ERROR",
    message,
    arguments: [],
    context: { bundle: "com.vmware.vcf.simulator", severity: "ERROR" },
    causes: [],
    nestedErrors: [],
    remediationMessage: "",
    referenceToken: tokenOf(`${errorCode}${message}`),
    ...more,
  };
}

/** A message becomes an error; anything else is taken as it is. */
export function toSddcError(value: unknown, errorCode: string): unknown {
  return isString(value) ? sddcError(errorCode, value) : value;
}

export function sddcReply(
  status: number,
  errorCode: string,
  message: string,
  more?: Partial<SddcError>,
): Reply {
  return { status, body: sddcError(errorCode, message, more) };
}

const codes: Readonly<Record<number, string>> = {
  400: "BAD_REQUEST",
  401: "UNAUTHORIZED",
  403: "FORBIDDEN",
  404: "RESOURCE_NOT_FOUND",
  409: "CONFLICT",
  429: "TOO_MANY_REQUESTS",
  503: "SERVICE_UNAVAILABLE",
};

/** An error by its code, or with the code that goes with a status. */
export function wishedSddcError({ status = 500, error, message }: ErrorWish): Reply {
  const code = error ?? codes[status] ?? "INTERNAL_SERVER_ERROR";
  return sddcReply(status, code, message ?? `The simulator was told to answer ${error ?? status}.`);
}

/** Six characters, as the real tokens have, the same for the same error. */
function tokenOf(text: string): string {
  let hash = 7;
  for (const character of text) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 0x7fffffff;
  return hash.toString(36).toUpperCase().padStart(6, "0").slice(-6);
}
