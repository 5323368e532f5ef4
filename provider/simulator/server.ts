// The HTTP side: listens on loopback, reads requests, writes replies, cuts connections.
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { Delivery, Wire } from "./dispatcher";
import type { Reply, SimulatedRequest } from "./exchange";

/** More than any request of these APIs; a larger one is a mistake. */
const maxBodyBytes = 32 * 1024 * 1024;

/** @internal */
export interface ServerOptions {
  readonly port: number;
  readonly tls?: { readonly key: string; readonly cert: string };
  readonly pathPrefix: string;
  readonly now: () => number;
  readonly answer: (request: SimulatedRequest, wire: Wire) => Promise<Delivery>;
}

/** @internal */
export interface RunningServer {
  readonly url: string;
  cutConnections(): void;
  close(): Promise<void>;
}

export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const closing = new AbortController();
  const listener = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    serve(options, incoming, outgoing, closing.signal).catch((error: unknown) => {
      // Nobody should take a mistake in the simulator for a fault of the network.
      if (outgoing.headersSent || outgoing.destroyed) outgoing.destroy();
      else write(outgoing, { status: 500, text: `The simulator failed: ${String(error)}` }, options.now());
    });
  };
  const server =
    options.tls === undefined ? createHttpServer(listener) : createHttpsServer({ ...options.tls }, listener);
  // Longer than any client waits between two looks: an idle connection that goes away looks like a fault.
  server.keepAliveTimeout = 120_000;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  const scheme = options.tls === undefined ? "http" : "https";
  let closed: Promise<void> | undefined;
  return {
    url: `${scheme}://127.0.0.1:${port}${options.pathPrefix}`,
    cutConnections: () => server.closeAllConnections(),
    close: () => {
      closing.abort();
      closed ??= new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
      return closed;
    },
  };
}

async function serve(
  options: ServerOptions,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  closing: AbortSignal,
): Promise<void> {
  const text = await readBody(incoming);
  const request = text === undefined ? undefined : toRequest(incoming, text, options.pathPrefix);
  if (request === undefined) {
    write(outgoing, { status: text === undefined ? 413 : 404 }, options.now());
    return;
  }
  const wire: Wire = {
    sleep: async (ms) => {
      await sleep(ms, undefined, { signal: closing, ref: false }).catch(() => undefined);
    },
    clientHasLeft: () => outgoing.destroyed,
  };
  const { reply, cut } = await options.answer(request, wire);
  if (cut === "before") reset(incoming);
  else if (cut === "middle") writeHalf(incoming, outgoing, reply);
  else write(outgoing, reply, options.now());
}

async function readBody(incoming: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBodyBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** The request, or undefined when its path is outside of the prefix or cannot be decoded. */
function toRequest(incoming: IncomingMessage, text: string, prefix: string): SimulatedRequest | undefined {
  const [rawPath, rawQuery] = splitOnce(incoming.url ?? "/", "?");
  if (!rawPath.startsWith(`${prefix}/`)) return undefined;
  let path: string;
  try {
    path = decodeURIComponent(rawPath.slice(prefix.length));
  } catch {
    return undefined;
  }
  const { body, malformedBody } = parse(text);
  return {
    method: (incoming.method ?? "GET").toUpperCase(),
    path,
    query: new URLSearchParams(rawQuery),
    headers: incoming.headers,
    text,
    body,
    malformedBody,
  };
}

function parse(text: string): { body: unknown; malformedBody: boolean } {
  if (text.trim() === "") return { body: undefined, malformedBody: false };
  try {
    return { body: JSON.parse(text) as unknown, malformedBody: false };
  } catch {
    return { body: undefined, malformedBody: true };
  }
}

function write(outgoing: ServerResponse, reply: Reply, now: number): void {
  const text = textOf(reply);
  // Clients may take the server's time from this header, so it comes from the simulator's clock.
  outgoing.writeHead(reply.status, {
    date: new Date(now).toUTCString(),
    ...(text === undefined
      ? {}
      : { "content-type": "application/json", "content-length": Buffer.byteLength(text) }),
    ...reply.headers,
  });
  outgoing.end(text, reply.after);
}

function writeHalf(incoming: IncomingMessage, outgoing: ServerResponse, reply: Reply): void {
  const text = textOf(reply) ?? "{}";
  outgoing.writeHead(reply.status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(text),
    ...reply.headers,
  });
  outgoing.write(text.slice(0, Math.ceil(text.length / 2)), () => reset(incoming));
}

function reset(incoming: IncomingMessage): void {
  const { socket } = incoming;
  // A TLS socket has no TCP handle of its own to reset.
  if ("encrypted" in socket) socket.destroy();
  else socket.resetAndDestroy();
}

function textOf({ body, text }: Reply): string | undefined {
  return text ?? (body === undefined ? undefined : JSON.stringify(body));
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}
