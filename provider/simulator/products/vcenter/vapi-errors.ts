// vAPI errors in the form of /api and in that of /rest.
import type { ErrorWish, Reply } from "../../exchange";

/** Status on /api, and on /rest where it differs. */
const statuses: Readonly<Record<string, readonly [number, number?]>> = {
  ALREADY_EXISTS: [400],
  ALREADY_IN_DESIRED_STATE: [400],
  CANCELED: [500],
  CONCURRENT_CHANGE: [409, 400],
  ERROR: [500, 400],
  FEATURE_IN_USE: [400],
  INTERNAL_SERVER_ERROR: [500],
  INVALID_ARGUMENT: [400],
  INVALID_ELEMENT_CONFIGURATION: [400],
  INVALID_ELEMENT_TYPE: [400],
  INVALID_REQUEST: [400],
  NOT_ALLOWED_IN_CURRENT_STATE: [400],
  NOT_FOUND: [404],
  OPERATION_NOT_FOUND: [404],
  RESOURCE_BUSY: [500, 400],
  RESOURCE_INACCESSIBLE: [500, 400],
  RESOURCE_IN_USE: [400],
  SERVICE_UNAVAILABLE: [503],
  TIMED_OUT: [500, 504],
  UNABLE_TO_ALLOCATE_RESOURCE: [500, 400],
  UNAUTHENTICATED: [401],
  UNAUTHORIZED: [403],
  UNEXPECTED_INPUT: [500],
  UNSUPPORTED: [400],
  UNVERIFIED_PEER: [400],
};

/** @internal */
export interface LocalizableMessage {
  readonly id: string;
  readonly default_message: string;
  readonly args: readonly string[];
}

export function message(id: string, text: string, ...args: string[]): LocalizableMessage {
  return { id, default_message: text, args };
}

export function isLegacy(path: string): boolean {
  return path.startsWith("/rest/");
}

/** The error that a request to `path` gets. */
export function vapiError(
  path: string,
  type: string,
  text: LocalizableMessage | string,
  status?: number,
): Reply {
  const messages = [typeof text === "string" ? message(`com.vmware.vapi.${type.toLowerCase()}`, text) : text];
  // A type that the API does not know is an internal error on the wire.
  const [api, rest = api] = statuses[type] ?? [500];
  const challenge = type === "UNAUTHENTICATED" ? { challenge: challengeText } : {};
  const headers = type === "UNAUTHENTICATED" ? { headers: { "www-authenticate": challengeText } } : {};
  if (isLegacy(path)) {
    const value = { messages, ...challenge };
    const body = { type: `com.vmware.vapi.std.errors.${type.toLowerCase()}`, value };
    return { status: status ?? rest, body, ...headers };
  }
  return { status: status ?? api, body: { error_type: type, messages, ...challenge }, ...headers };
}

/** What vCenter's router says of a path, or a method, that it does not know. */
export function noSuchPath(path: string): Reply {
  return vapiError(path, "NOT_FOUND", message("com.vmware.vapi.rest.httpNotFound", "Not found."));
}

const challengeText =
  'Basic realm="VAPI endpoint", SIGN realm=46e5b1cbd3ae0c6e1c5ba0a7f6c0a2cfd1d0a0b2,service="VAPI endpoint",' +
  'sts="https://vcenter.simulator.test/sts/STSService/vsphere.local"';

const typesByStatus: Readonly<Record<number, string>> = {
  400: "INVALID_ARGUMENT",
  401: "UNAUTHENTICATED",
  403: "UNAUTHORIZED",
  404: "NOT_FOUND",
  409: "CONCURRENT_CHANGE",
  429: "SERVICE_UNAVAILABLE",
  503: "SERVICE_UNAVAILABLE",
  504: "TIMED_OUT",
};

/** An error by its type, or of the type that goes with a status. */
export function wishedVapiError(path: string, { status, error, message: text }: ErrorWish): Reply {
  const type = error ?? typesByStatus[status ?? 500] ?? "INTERNAL_SERVER_ERROR";
  return vapiError(path, type, text ?? `The simulator was told to answer ${error ?? status ?? 500}.`, status);
}

/** A successful answer: bare on /api, wrapped and always 200 on /rest. */
export function vapiValue(path: string, value: unknown, status = 200): Reply {
  return isLegacy(path) ? { status: 200, body: { value } } : { status, body: value };
}

export function vapiDone(path: string): Reply {
  return { status: isLegacy(path) ? 200 : 204 };
}
