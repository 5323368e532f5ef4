// A proxy that answers chosen requests with what they held, as servers and gateways do that are of little discretion.
import { createServer, request as ask, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

import type { Product } from "../../provider/tasks";

/** A reply that is sent as it is. */
export interface Reflection {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly text: string;
}

/** Makes a reply of what a request held; without one the request goes on to the server. */
export type Reflect = (request: { method: string; path: string }, held: string) => Reflection | undefined;

/** A proxy in front of a server. */
export interface Mirror {
  readonly url: string;
  /** Passwords and tokens by which requests proved who asks, without their schemes. */
  readonly proofs: ReadonlySet<string>;
  reflect: Reflect;
  close(): Promise<void>;
}

/** An error in a product's own format. */
export function errorOfProduct(product: Product, message: string): unknown {
  if (product === "sddc-manager") return { errorCode: "ECHO", message, causes: [{ type: "Inner", message }] };
  if (product === "vcda") return { code: "Echo", msg: "It is {0}.", args: [message], stacktrace: message };
  const messages = [{ id: "echo", default_message: message, args: [message] }];
  return { error_type: "INVALID_ARGUMENT", messages, data: { echo: message } };
}

const proofHeaders = ["authorization", "vmware-api-session-id", "x-vcav-auth"];

/** Starts a mirror on 127.0.0.1 that lets everything through until it is told to reflect. */
export async function startMirror(url: string): Promise<Mirror> {
  const proofs = new Set<string>();
  const note = ({ headers }: IncomingMessage): void => {
    for (const name of proofHeaders) {
      const proof = headers[name];
      if (typeof proof === "string") proofs.add(proof.replace(/^(Basic|Bearer|SIGN) /, ""));
    }
  };
  const server = createServer((incoming, outgoing) => {
    note(incoming);
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("end", () => {
      const body = Buffer.concat(chunks);
      const { method = "", url: path = "", headers } = incoming;
      const values = Object.values(headers).flatMap((value) => value ?? []);
      const answer = mirror.reflect({ method, path }, [body.toString(), path, ...values].join(" ; "));
      if (answer !== undefined) {
        outgoing.writeHead(answer.status, answer.headers).end(answer.text);
        return;
      }
      ask(new URL(path, url), { method, headers }, (reply) => {
        outgoing.writeHead(reply.statusCode ?? 0, reply.headers);
        reply.pipe(outgoing);
      })
        .once("error", () => incoming.socket.destroy())
        .end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const mirror: Mirror = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    proofs,
    reflect: () => undefined,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return mirror;
}
