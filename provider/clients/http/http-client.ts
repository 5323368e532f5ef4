import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";

import type { Got, Method } from "got";

import { EndpointFaultError, systemClock, type ApiRequest } from "../../tasks";
import { holdBack } from "./held-back";
import { traceExchange } from "./trace-exchange";
import type { EndpointSettings } from "./endpoint-settings";
import { parseBody, type ParsedBody } from "./parse-body";
import { proxyAgentOf } from "./proxy";
import { secretsSent } from "./secrets-sent";
import { createSharedWait } from "./shared-wait";
import { explainUntrusted, trustOptions } from "./tls";
import { whenOpen } from "./when-open";

/** A reply of any status. */
export interface HttpReply extends ParsedBody {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Whether the server itself has answered, to this request or an earlier one; absent: it has not. */
  readonly hasAnswered?: boolean;
}

/** A request with a body that is sent as it is, for servers that want something else than JSON. */
export interface HttpRequest extends ApiRequest {
  /** In the place of `body`; its type is a header of the request. */
  readonly text?: string | undefined;
}

/** Sends single requests to one endpoint; no retries, no redirects, no cookies. */
export interface HttpClient {
  /** @throws EndpointFaultError when no reply came */
  send(request: HttpRequest, signal: AbortSignal): Promise<HttpReply>;
  /** The server's time less that of our clock in milliseconds, by the `Date` of its last reply; 0 before the first. */
  clockOffsetMs(): number;
  /** Whether the server itself has answered, and no gateway for one that is away. */
  hasAnswered(): boolean;
  /** Cuts all connections; a later request makes new ones. */
  close(): Promise<void>;
}

/** How many connections one endpoint may cost the server. */
const mostConnections = 4;

const connectMsOf = ({ requestTimeoutMs }: EndpointSettings): number => Math.min(requestTimeoutMs, 15_000);

/** By these a reply sends whoever asks to another place. */
export const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** By these a gateway answers for a server that is not there or is elsewhere, and a server that wants to be left alone. */
const tellsOfAbsence = new Set([...redirects, 429, 502, 503, 504]);

interface Transport {
  readonly got: Got;
  readonly destroy: () => void;
}

async function createTransport(settings: EndpointSettings, signal: AbortSignal): Promise<Transport> {
  const { default: got } = await import("got");
  const options = { keepAlive: true, maxSockets: mostConnections };
  const proxy = await proxyAgentOf(new URL(settings.url), options, connectMsOf(settings)).catch(
    (error: unknown) => {
      throw toFault(settings, undefined, error, "no");
    },
  );
  const trust = await trustOptions(settings, proxy, signal);
  // The proxy itself is trusted as Node trusts, the server behind it as its endpoint says.
  if (proxy !== undefined) Object.assign((proxy as unknown as { options: object }).options, trust);
  const http = new HttpAgent(options);
  const https = new HttpsAgent({ ...options, ...trust });
  return {
    got: configure(got, settings, { http: proxy ?? http, https: proxy ?? https }),
    destroy() {
      for (const agent of [http, https, proxy]) agent?.destroy();
    },
  };
}

function configure(got: Got, settings: EndpointSettings, agent: { http: HttpAgent; https: HttpAgent }): Got {
  return got.extend({
    agent: agent as { http: HttpAgent; https: HttpsAgent },
    retry: { limit: 0 },
    followRedirect: false,
    throwHttpErrors: false,
    decompress: true,
    headers: { "user-agent": "pulumi-vmware-tasks", accept: "application/json", ...settings.headers },
  });
}

function urlOf(settings: EndpointSettings, request: ApiRequest): URL {
  const url = new URL(settings.url + request.path);
  for (const [name, value] of Object.entries(request.query ?? {})) {
    for (const one of Array.isArray(value) ? (value as string[]) : [value])
      url.searchParams.append(name, String(one));
  }
  return url;
}

/** Method and path, the way messages name a request: no query, for it may hold values of the user's. */
export function nameOf(request: ApiRequest): string {
  return `${request.method} ${request.path.split("?")[0] ?? ""}`;
}

/** What is read of an error of got; it carries headers and bodies that must not leave. */
interface GotError {
  readonly code?: string;
  readonly message?: string;
}

/** Builds the error for a header that Node does not send; what the program gives is checked before, so it is of the log-in. */
function unsendable({ name, url }: EndpointSettings, problem: string): EndpointFaultError {
  return new EndpointFaultError(
    `Endpoint "${name}" (${url}) was sent nothing: ${problem}. Check \`token\` or \`tokenCommand\` of endpoint ` +
      `"${name}": a token is one line without other characters than letters, digits and signs.`,
    { faultClass: "login", sent: "no" },
  );
}

// The address of a proxy may hold its password.
const withoutUserInfo = (text: string): string => text.replaceAll(/\/\/[^/\s@]*@/g, "//");

function toFault(
  settings: EndpointSettings,
  request: ApiRequest | undefined,
  error: unknown,
  sent: "no" | "maybe",
): EndpointFaultError {
  if (error instanceof EndpointFaultError) return error;
  const { code = "", message = "" } = error as GotError;
  const untrusted = explainUntrusted(settings, code);
  if (untrusted !== undefined) return untrusted;
  if (code === "ERR_INVALID_CHAR") return unsendable(settings, message);
  const asked = request === undefined ? "" : ` to ${nameOf(request)}`;
  return new EndpointFaultError(
    `Endpoint "${settings.name}" (${settings.url}) gave no answer${asked}: ${withoutUserInfo(message || code)}`,
    { faultClass: "network", sent },
  );
}

/** Builds the client of one endpoint; got and the agents are loaded with the first request. */
export function createHttpClient(settings: EndpointSettings): HttpClient {
  let transport: Promise<Transport> | undefined;
  let isReady = false;
  // To learn a server's certificate may take as long as a request, so it ends with the last who waits for it.
  let making = new AbortController();
  let clockOffsetMs = 0;
  let hasAnswered = false;

  const forget = (): void => {
    making.abort();
    making = new AbortController();
    transport = undefined;
    isReady = false;
  };

  const wait = createSharedWait(() => {
    if (!isReady) forget();
  });

  const ready = async (): Promise<Transport> => {
    const made = (transport ??= createTransport(settings, making.signal));
    try {
      const result = await made;
      if (transport === made) isReady = true;
      return result;
    } catch (error) {
      if (transport === made) transport = undefined;
      throw error;
    }
  };

  return {
    async send(request, signal) {
      const { got } = await wait(ready, signal);
      await request.sender?.confirmAlive();
      signal.throwIfAborted();
      if (settings.onSecret !== undefined) secretsSent(request).forEach(settings.onSecret);
      const url = urlOf(settings, request);
      const began = performance.now();
      const connection = { isOpen: false };
      const heldBack = request.sender === undefined ? undefined : holdBack(request.sender);
      try {
        const sending = got(url, {
          method: request.method as Method,
          ...(request.headers === undefined ? {} : { headers: { ...request.headers } }),
          ...(request.body === undefined ? {} : { json: request.body, allowGetBody: true }),
          ...(request.text === undefined ? {} : { body: request.text }),
          timeout: { request: request.timeoutMs ?? settings.requestTimeoutMs },
          signal: heldBack === undefined ? signal : AbortSignal.any([signal, heldBack.signal]),
        });
        void sending.on("request", (outgoing) =>
          whenOpen(outgoing, connectMsOf(settings), () => {
            connection.isOpen = true;
            heldBack?.release();
          }),
        );
        const reply = await sending;
        const isAbsent = tellsOfAbsence.has(reply.statusCode);
        hasAnswered ||= !isAbsent;
        const parsed = parseBody(reply.body);
        const date = Date.parse(reply.headers.date ?? "");
        // By the clock that start times are told by: the machine's own may be set meanwhile. A gateway has a clock of
        // its own, by which a lost start would be looked for at the wrong time.
        if (!Number.isNaN(date) && !isAbsent && !parsed.isMalformed) clockOffsetMs = date - systemClock.now();
        traceExchange(settings, {
          request,
          url,
          began,
          status: reply.statusCode,
          ...parsed,
        });
        return { status: reply.statusCode, headers: reply.headers, hasAnswered, ...parsed };
      } catch (error) {
        signal.throwIfAborted();
        heldBack?.signal.throwIfAborted();
        const fault = toFault(settings, request, error, connection.isOpen ? "maybe" : "no");
        traceExchange(settings, { request, url, began, fault: fault.message });
        throw fault;
      } finally {
        heldBack?.release();
      }
    },
    clockOffsetMs: () => clockOffsetMs,
    hasAnswered: () => hasAnswered,
    async close() {
      const closing = transport;
      forget();
      (await closing?.catch(() => undefined))?.destroy();
    },
  };
}
