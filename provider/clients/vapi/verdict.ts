import type { ApiRequest } from "../../tasks";
import type { VapiError } from "./messages";

/** Error types by which vCenter says "later", whatever the HTTP status; nothing was started. */
const busyTypes = ["RESOURCE_BUSY", "NOT_ALLOWED_IN_CURRENT_STATE", "CONCURRENT_CHANGE"];

/** Types that no later time mends, so their words are of the request: of a name with too many characters. */
const lastingTypes = [
  "ALREADY_EXISTS",
  "INVALID_ARGUMENT",
  "INVALID_ELEMENT_CONFIGURATION",
  "INVALID_ELEMENT_TYPE",
  "INVALID_REQUEST",
  "NOT_FOUND",
  "OPERATION_NOT_FOUND",
  "UNAUTHORIZED",
  "UNSUPPORTED",
];

/** Types that say that nothing was started, whatever the HTTP status. */
const definiteTypes = [
  ...busyTypes,
  ...lastingTypes,
  "ALREADY_IN_DESIRED_STATE",
  "FEATURE_IN_USE",
  "RESOURCE_IN_USE",
  "UNABLE_TO_ALLOCATE_RESOURCE",
  "UNAUTHENTICATED",
  "UNEXPECTED_INPUT",
  "UNVERIFIED_PEER",
];

/** Types that `/api` answers with a 5xx and the legacy API, some of them, with 400. */
const ambiguousTypes = [
  "ERROR",
  "INTERNAL_SERVER_ERROR",
  "TIMED_OUT",
  "SERVICE_UNAVAILABLE",
  "RESOURCE_INACCESSIBLE",
];

/** Whether a request goes to the deprecated `/rest`, which wraps its answers: `{ "value": … }`. */
export const isLegacy = ({ path }: ApiRequest): boolean => path.startsWith("/rest/");

/** Whether an error does not tell if the work has begun; a type we do not know goes by its status. */
export function isAmbiguous(request: ApiRequest, status: number, { type }: VapiError): boolean {
  if (status >= 500) return !definiteTypes.includes(type);
  return status === 400 && isLegacy(request) && ambiguousTypes.includes(type);
}

const tooMany = /too many|maximum number|limit (was |is )?(reached|exceeded)/i;

/** Whether an error says "later": nothing was started, and the same request may be taken then. */
export function isBusy(status: number, error: VapiError): boolean {
  if (lastingTypes.includes(error.type)) return false;
  if (busyTypes.includes(error.type) || status === 409) return true;
  return error.causes.some(({ message }) => tooMany.test(message));
}
