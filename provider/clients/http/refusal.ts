import {
  RequestRefusedError,
  UnexpectedReplyError,
  withoutSecretFields,
  type ApiRequest,
  type FailureCause,
} from "../../tasks";
import type { EndpointSettings } from "./endpoint-settings";
import { nameOf, type HttpReply } from "./http-client";
import { retryAfterMs } from "./retry-after";

/** Builds the error for a reply by which a server says no. */
export function refusal(
  settings: EndpointSettings,
  request: ApiRequest,
  reply: HttpReply,
  { causes, isBusy, isNotFound }: { causes: readonly FailureCause[]; isBusy: boolean; isNotFound: boolean },
): RequestRefusedError {
  const reasons = causes.map(({ code, message, remediation, reference }) =>
    [
      code === undefined ? message : `${code}: ${message}`,
      ...(remediation === undefined ? [] : [`what to do: ${remediation}`]),
      ...(reference === undefined ? [] : [`reference: ${reference}`]),
    ].join("\n  "),
  );
  return new RequestRefusedError(
    `Endpoint "${settings.name}" refused ${nameOf(request)} with HTTP ${reply.status}` +
      (reasons.length > 0 ? `:\n  ${reasons.join("\n  ")}` : " and gives no reason."),
    { httpStatus: reply.status, isBusy, isNotFound, causes, retryAfterMs: retryAfterMs(reply) },
  );
}

/** Builds the error for a reply whose shape is not what the product documents; its body goes into the trace only. */
export function unexpected(
  settings: EndpointSettings,
  request: ApiRequest,
  what: string,
  body: unknown,
): UnexpectedReplyError {
  settings.trace?.write({
    what: "wrong reply",
    endpoint: settings.name,
    request: nameOf(request),
    problem: what,
    body: withoutSecretFields(body),
  });
  return new UnexpectedReplyError(
    `Endpoint "${settings.name}" answered ${nameOf(request)} with something else than its API documents: ${what}.`,
  );
}
