// What failed before its connection was there may be sent again; what failed later may have been taken.
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { createServer, type ClientRequest } from "node:http";
import { createServer as createServerOfSockets, type AddressInfo, type Socket } from "node:net";

import { createHttpClient, type HttpClient } from "../../../provider/clients/http/http-client";
import { withSilentServer } from "../../support/silent-server";
import { until } from "../../support/until";
import { errorOf, never, settingsOf } from "../../support/with-simulator";

const start = { method: "POST", path: "/start", body: { name: "a" } } as const;

const clientOf = (url: string, requestTimeoutMs = 5_000): HttpClient =>
  createHttpClient(settingsOf({ url, username: "deploy", password: "pw" }, "vcenter", { requestTimeoutMs }));

/** Runs a test with the proxy variables of its own. */
async function withProxyAt(url: string, use: () => Promise<void>): Promise<void> {
  const before = { ...process.env };
  Object.assign(process.env, { HTTPS_PROXY: url, NO_PROXY: "", no_proxy: "" });
  try {
    await use();
  } finally {
    process.env = before;
  }
}

describe.each(["first", "second"])("the %s request over a connection", (which) => {
  test.each(["ENETUNREACH", "EHOSTUNREACH", "ECONNREFUSED", "EPROTO", "ECONNRESET"])(
    "may have been taken when the network ends it by %s",
    async (code) => {
      const outgoing: ClientRequest[] = [];
      const note = (message: unknown): unknown =>
        outgoing.push((message as { request: ClientRequest }).request);
      const server = createServer((incoming, reply) => {
        if (incoming.url === "/start")
          outgoing.at(-1)?.socket?.destroy(Object.assign(new Error(`read ${code}`), { code }));
        else reply.end("{}");
      });
      await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
      const client = clientOf(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
      subscribe("http.client.request.start", note);
      try {
        if (which === "second") await client.send({ method: "GET", path: "/warm" }, never);
        const error = await errorOf(client.send(start, never));
        expect(error).toMatchObject({ fault: { faultClass: "network", sent: "maybe" } });
        expect(error.message).toContain(`read ${code}`);
      } finally {
        unsubscribe("http.client.request.start", note);
        await client.close();
        server.closeAllConnections();
        await new Promise((done) => server.close(done));
      }
    },
  );
});

test.each([
  ["nobody listens", "http://127.0.0.1:1"],
  ["nobody listens to TLS", "https://127.0.0.1:1"],
  ["the name is unknown", "https://no-such-host.invalid"],
])("nothing has left when %s", async (_why, url) => {
  const client = clientOf(url);
  expect(await errorOf(client.send(start, never))).toMatchObject({
    fault: { faultClass: "network", sent: "no" },
  });
  await client.close();
});

describe.each(["no proxy", "a tunnel of a proxy"])("a handshake by %s", (way) => {
  /** A server, and a proxy to it, that does with what comes first of a handshake what the test says. */
  async function withShaky(
    meet: (socket: Socket) => void,
    use: (url: string, open: ReadonlySet<Socket>) => Promise<void>,
  ): Promise<void> {
    const open = new Set<Socket>();
    const server = createServerOfSockets((socket) => {
      open.add(socket.on("error", () => undefined).on("close", () => open.delete(socket)));
      socket.on("data", (chunk: Buffer) => {
        if (chunk.toString().startsWith("CONNECT ")) socket.write("HTTP/1.1 200 OK\r\n\r\n");
        else meet(socket);
      });
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const at = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      if (way === "no proxy") await use(`https://${at}`, open);
      else await withProxyAt(`http://${at}`, () => use("https://vc.example.com", open));
    } finally {
      for (const socket of open) socket.destroy();
      await new Promise((done) => server.close(done));
    }
  }

  test.each<[string, (socket: Socket) => void]>([
    ["answered by plain HTTP", (socket) => void socket.end("HTTP/1.1 400 Bad Request\r\n\r\n")],
    // RFC 8446: a fatal alert, handshake_failure.
    ["refused by an alert", (socket) => void socket.end(Buffer.from([21, 3, 3, 0, 2, 2, 40]))],
    ["cut", (socket) => void socket.destroy()],
  ])("that is %s has sent nothing", (_how, meet) =>
    withShaky(meet, async (url) => {
      const client = clientOf(url);
      expect(await errorOf(client.send(start, never))).toMatchObject({
        fault: { faultClass: "network", sent: "no" },
      });
      await client.close();
    }),
  );

  test("that is never answered is given up as a connection is, with nothing sent", () =>
    withShaky(
      () => undefined,
      async (url, open) => {
        const client = clientOf(url, 200);
        const error = await errorOf(client.send({ ...start, timeoutMs: 60_000 }, never));
        expect(error).toMatchObject({ fault: { faultClass: "network", sent: "no" } });
        expect(error.message).toContain("there was no connection within 200 ms");
        await until(() => open.size === 0, "the connection is closed");
        await client.close();
      },
    ));
});

test("a request that was never given a connection has sent nothing", () =>
  withSilentServer(async ({ address, open }) => {
    const client = clientOf(`http://${address}`, 500);
    const four = Array.from({ length: 4 }, () => errorOf(client.send(start, never)));
    await until(() => open.size === 4, "all connections are in use");
    // Node tells it that its time is up when there is a connection for it.
    expect(await errorOf(client.send({ ...start, timeoutMs: 100 }, never))).toMatchObject({
      fault: { faultClass: "network", sent: "no" },
    });
    for (const error of await Promise.all(four)) expect(error).toMatchObject({ fault: { sent: "maybe" } });
    await client.close();
  }));
