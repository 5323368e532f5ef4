import { withoutSecretFields, withoutSecretParameters, type ApiRequest } from "../../tasks";
import type { EndpointSettings } from "./endpoint-settings";
import { tokenPath } from "./secrets-sent";

/** A request and what came of it. */
interface Exchange {
  readonly request: ApiRequest;
  readonly url: URL;
  /** When it was sent, by `performance.now()`. */
  readonly began: number;
  readonly status?: number;
  readonly fault?: string;
  readonly text?: string;
  readonly body?: unknown;
  readonly isMalformed?: boolean;
}

const page = /^\s*</;

/**
 * Bodies of good answers may hold what the program calls sensitive, so only refusals and pages of proxies are told.
 * What answers a log-in is a secret, whatever its shape.
 */
function bodyOf({ url, status = 0, text = "", body, isMalformed = false }: Exchange): object {
  if (tokenPath.test(url.pathname)) return {};
  if (isMalformed) return status >= 400 || page.test(text) ? { body: text } : {};
  return status >= 400 && body !== undefined ? { body: withoutSecretFields(body) } : {};
}

/** Writes a request and what came of it into the trace, if there is one. */
export function traceExchange({ name, trace }: EndpointSettings, exchange: Exchange): void {
  if (trace === undefined) return;
  const { request, url, began, status, fault } = exchange;
  trace.write({
    what: "request",
    endpoint: name,
    method: request.method,
    path: withoutSecretParameters(url.pathname + url.search),
    milliseconds: Math.round(performance.now() - began),
    status,
    fault,
    ...bodyOf(exchange),
  });
}
