// An HTTP server of a few lines, for what one test has to see: what came, and the replies that the test names.
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";

import { createClient, type EndpointSettings } from "../../provider/clients";
import type { ProductClient } from "../../provider/tasks";
import { settingsOf } from "./with-simulator";

/** A request as it came. */
export interface Seen {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** As it was sent. */
  readonly text: string;
}

/** A reply; `body` is sent as JSON, `text` as it is. */
export interface Reply {
  readonly status: number;
  readonly body?: unknown;
  readonly text?: string;
}

/** Answers a request; without an answer it is 404 in the format of no product. */
export type Answer = (request: Seen) => Reply | undefined;

/** Runs a test with a client of SDDC Manager that speaks to such a server. */
export async function withSmallServer(
  answer: Answer,
  settings: Partial<EndpointSettings>,
  use: (bench: { client: ProductClient; seen: Seen[] }) => Promise<void>,
): Promise<void> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    let text = "";
    request.on("data", (chunk: Buffer) => (text += chunk.toString()));
    request.on("end", () => {
      const { method = "", url = "", headers } = request;
      seen.push({ method, path: url, headers, text });
      const { status, body, text: bare } = answer(seen.at(-1) as Seen) ?? { status: 404 };
      response.writeHead(status, { "content-type": "application/json" });
      response.end(body === undefined ? bare : JSON.stringify(body));
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = createClient(
    settingsOf({ url, username: "deploy", password: "c4nary+Pass/word=1" }, "sddc-manager", settings),
  );
  try {
    await use({ client, seen });
  } finally {
    await client.close(AbortSignal.timeout(1_000));
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  }
}

/** SDDC Manager's `Error`. */
export const sddcError = (message: string, errorCode = "SOME_ERROR"): object => ({ errorCode, message });
