// A reverse proxy that remembers what went through it, bodies and all: for tests that check both sides of the wire.
import { createServer, request as ask, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** One request and its reply, as they were on the wire. */
export interface Exchange {
  readonly method: string;
  /** Still encoded, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly contentType: string | undefined;
  readonly requestText: string;
  readonly status: number;
  readonly replyText: string;
}

/** A proxy in front of one server. */
export interface RecordingProxy {
  readonly url: string;
  /** In the order of their replies; a request whose connection was cut is not among them. */
  readonly exchanges: readonly Exchange[];
  close(): Promise<void>;
}

async function textOf(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of message as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

function forward(target: URL, incoming: IncomingMessage, text: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const { method, headers } = incoming;
    ask(new URL(incoming.url ?? "/", target), { method, headers }, resolve)
      .once("error", reject)
      .end(text);
  });
}

async function pass(
  target: URL,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<Exchange | undefined> {
  const requestText = await textOf(incoming);
  try {
    const reply = await forward(target, incoming, requestText);
    const replyText = await textOf(reply);
    const status = reply.statusCode ?? 0;
    outgoing.writeHead(status, reply.headers).end(replyText);
    const { pathname, searchParams } = new URL(incoming.url ?? "/", target);
    return {
      method: incoming.method ?? "",
      path: pathname,
      query: searchParams,
      contentType: incoming.headers["content-type"],
      requestText,
      status,
      replyText,
    };
  } catch {
    // The server cut its connection, so its client sees the same.
    incoming.socket.destroy();
    return undefined;
  }
}

/** Starts a proxy on 127.0.0.1 in front of the server at `url`. */
export async function startRecordingProxy(url: string): Promise<RecordingProxy> {
  const target = new URL(url);
  const exchanges: Exchange[] = [];
  const server = createServer((incoming, outgoing) => {
    void pass(target, incoming, outgoing).then((exchange) => {
      if (exchange !== undefined) exchanges.push(exchange);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    exchanges,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
