import { EndpointFaultError, type ApiRequest, type FaultClass } from "../../tasks";
import type { EndpointSettings } from "./endpoint-settings";
import { nameOf, redirects, type HttpReply } from "./http-client";
import { retryAfterMs } from "./retry-after";

/** Where a reply sends whoever asks, without a query, which may hold what is nobody's business. */
function targetOf(
  { url }: EndpointSettings,
  { status, headers: { location } }: HttpReply,
): string | undefined {
  if (!redirects.has(status) || typeof location !== "string") return undefined;
  const target = URL.parse(location, url);
  return target === null ? undefined : target.origin + target.pathname;
}

/**
 * Builds the error for a reply that sends whoever asks to another place; nobody follows, for a start could be sent twice.
 * Before a server that has answered, it is a gateway's, as while the server is looked after, and passes.
 */
function redirectFault(
  { name, url }: EndpointSettings,
  request: ApiRequest,
  { status, hasAnswered = false }: HttpReply,
  target: string,
): EndpointFaultError {
  const advice = hasAnswered ? "" : ` Correct \`url\` of endpoint "${name}".`;
  return new EndpointFaultError(
    `Endpoint "${name}" (${url}) redirects ${nameOf(request)} to ${target} with HTTP ${status}, which is not followed.${advice}`,
    { faultClass: hasAnswered ? "malformed" : "redirect", sent: "maybe", httpStatus: status },
  );
}

/** Builds the error for a reply that is neither a good answer nor a clear no. */
export function replyFault(
  settings: EndpointSettings,
  request: ApiRequest,
  reply: HttpReply,
  detail?: string,
): EndpointFaultError {
  const target = targetOf(settings, reply);
  if (target !== undefined) return redirectFault(settings, request, reply, target);
  const faultClass: FaultClass =
    reply.status === 429 ? "throttled" : reply.status >= 500 ? "server" : "malformed";
  const what = detail ?? (reply.isMalformed ? "a body that is not JSON" : "no usable body");
  return new EndpointFaultError(
    `Endpoint "${settings.name}" answered ${nameOf(request)} with HTTP ${reply.status} and ${what}.`,
    {
      faultClass,
      // A server that throttles has looked at nothing but the headers.
      sent: reply.status === 429 ? "no" : "maybe",
      httpStatus: reply.status,
      retryAfterMs: retryAfterMs(reply),
    },
  );
}

/** Whether a reply refuses credentials by 401 or one of these statuses; a page in the place of JSON is a gateway's. */
export function refusesLogIn({ status, isMalformed }: HttpReply, statuses: readonly number[]): boolean {
  return status === 401 || (statuses.includes(status) && !isMalformed);
}

/** Builds the error for credentials that the server does not take. */
export function loginFault(settings: EndpointSettings, status: number, detail: string): EndpointFaultError {
  return refusedLogIn(settings, status, detail, "in this deployment, for repeated tries lock accounts");
}

/** Builds the error for a new session that the server does not take. */
export function newSessionFault(
  settings: EndpointSettings,
  detail = "a new session is not taken.",
): EndpointFaultError {
  return refusedLogIn(settings, 401, detail, "for a minute");
}

function refusedLogIn(
  settings: EndpointSettings,
  status: number,
  detail: string,
  howLong: string,
): EndpointFaultError {
  const { name, url, token, tokenCommand } = settings;
  const means =
    token !== undefined
      ? "`token`"
      : tokenCommand !== undefined
        ? "`tokenCommand`"
        : "`username` and `password`";
  return new EndpointFaultError(
    `Endpoint "${name}" (${url}) refused the log-in with HTTP ${status}: ${detail} ` +
      `Check ${means} of endpoint "${name}". It was tried once and is not tried again ${howLong}. ` +
      "(A plain `pulumi destroy` or `pulumi refresh` takes the configuration of the last `pulumi up`.)",
    { faultClass: "login", sent: "no", httpStatus: status },
  );
}
