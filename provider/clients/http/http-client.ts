import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";

import type { Got, Method } from "got";

import { EndpointFaultError, type ApiRequest } from "../../tasks";
import type { EndpointSettings } from "./endpoint-settings";
import { explainUntrusted, trustOptions } from "./tls";

/** A reply of any status. */
export interface HttpReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The parsed JSON; `undefined` for an empty body or one that is not JSON. */
  readonly body: unknown;
  /** Whether there was a body that is not JSON. */
  readonly isMalformed: boolean;
}

/** Sends single requests to one endpoint; no retries, no redirects, no cookies. */
export interface HttpClient {
  /** @throws EndpointFaultError when no reply came */
  send(request: ApiRequest, signal: AbortSignal): Promise<HttpReply>;
  /** The server's time less ours in milliseconds, by the last `Date` header. */
  clockOffsetMs(): number;
  close(): void;
}

/** How many connections one endpoint may cost the server. */
const mostConnections = 4;

/** Codes of errors from before the first byte of a request left. */
const notSent = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EADDRNOTAVAIL",
]);

const proxyVariables = ["http_proxy", "https_proxy", "all_proxy"];

function usesProxy(): boolean {
  return proxyVariables.some((name) => Boolean(process.env[name] ?? process.env[name.toUpperCase()]));
}

interface Transport {
  readonly got: Got;
  readonly agents: { http: HttpAgent; https: HttpsAgent };
}

async function createTransport(settings: EndpointSettings): Promise<Transport> {
  const { default: got } = await import("got");
  const trust = await trustOptions(settings);
  const options = { keepAlive: true, maxSockets: mostConnections, ...trust };
  const agents = { http: new HttpAgent(options), https: new HttpsAgent(options) };
  if (usesProxy()) {
    const { ProxyAgent } = await import("proxy-agent");
    const proxy = new ProxyAgent({ ...options, httpAgent: agents.http, httpsAgent: agents.https });
    return { got: configure(got, settings, { http: proxy, https: proxy }), agents };
  }
  return { got: configure(got, settings, agents), agents };
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

function toFault(settings: EndpointSettings, request: ApiRequest, error: unknown): EndpointFaultError {
  if (error instanceof EndpointFaultError) return error;
  // Errors of got carry headers and bodies: only the code and the words of the system's error are taken.
  const {
    code = "",
    message = "",
    timings,
  } = error as {
    code?: string;
    message?: string;
    timings?: { phases?: { request?: number }; upload?: number };
  };
  const untrusted = explainUntrusted(settings, code);
  if (untrusted !== undefined) return untrusted;
  const connecting = timings?.upload === undefined && /connect|lookup|socket/i.test(message);
  return new EndpointFaultError(
    `Endpoint "${settings.name}" (${settings.url}) gave no answer to ${nameOf(request)}: ${message || code}`,
    {
      faultClass: "network",
      sent: notSent.has(code) || (code === "ETIMEDOUT" && connecting) ? "no" : "maybe",
    },
  );
}

function parse(text: string): { body: unknown; isMalformed: boolean } {
  if (text.trim() === "") return { body: undefined, isMalformed: false };
  try {
    return { body: JSON.parse(text) as unknown, isMalformed: false };
  } catch {
    return { body: undefined, isMalformed: true };
  }
}

/** Builds the client of one endpoint; got and the agents are loaded with the first request. */
export function createHttpClient(settings: EndpointSettings): HttpClient {
  let transport: Promise<Transport> | undefined;
  let clockOffsetMs = 0;

  const ready = (): Promise<Transport> => {
    transport ??= createTransport(settings).catch((error: unknown) => {
      transport = undefined;
      throw error;
    });
    return transport;
  };

  return {
    async send(request, signal) {
      const { got } = await ready();
      signal.throwIfAborted();
      try {
        const reply = await got(urlOf(settings, request), {
          method: request.method as Method,
          ...(request.headers === undefined ? {} : { headers: { ...request.headers } }),
          ...(request.body === undefined ? {} : { json: request.body, allowGetBody: true }),
          timeout: { request: request.timeoutMs ?? settings.requestTimeoutMs, connect: 15_000 },
          signal,
        });
        const date = Date.parse(reply.headers.date ?? "");
        if (!Number.isNaN(date)) clockOffsetMs = date - Date.now();
        return { status: reply.statusCode, headers: reply.headers, ...parse(reply.body) };
      } catch (error) {
        signal.throwIfAborted();
        throw toFault(settings, request, error);
      }
    },
    clockOffsetMs: () => clockOffsetMs,
    close() {
      void transport?.then(({ agents }) => {
        agents.http.destroy();
        agents.https.destroy();
      });
      transport = undefined;
    },
  };
}
