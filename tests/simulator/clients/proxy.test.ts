// The variables that name a proxy, and a tiny proxy that counts what goes through it.
import { X509Certificate } from "node:crypto";
import { createServer, request as httpRequest, type Server } from "node:http";
import { connect, createServer as createServerOfSockets, type AddressInfo, type Socket } from "node:net";

import { createClient, type EndpointSettings } from "../../../provider/clients";
import { startSimulator, type Simulator } from "../../../provider/simulator";
import { until } from "../../support/until";
import { errorOf, never, settingsOf, succeeds } from "../../support/with-simulator";

interface Proxy {
  readonly url: string;
  /** `CONNECT host:port` and `GET http://…`, as they arrived. */
  readonly seen: string[];
  /** What `CONNECT` is answered with; 0: with nothing at all. */
  status: number;
}

const names = ["http_proxy", "https_proxy", "no_proxy", "all_proxy"];

async function withProxy(use: (proxy: Proxy) => Promise<void>): Promise<void> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((incoming, outgoing) => {
    proxy.seen.push(`${incoming.method ?? ""} ${incoming.url ?? ""}`);
    const { method, headers } = incoming;
    const onward = httpRequest(incoming.url ?? "", { method, headers }, (reply) => {
      outgoing.writeHead(reply.statusCode ?? 502, reply.headers);
      reply.pipe(outgoing);
    });
    onward.on("error", () => outgoing.destroy());
    incoming.pipe(onward);
  });
  server.on("connection", (socket) => sockets.add(socket));
  server.on("connect", (incoming, socket: Socket) => {
    proxy.seen.push(`CONNECT ${incoming.url ?? ""}`);
    if (proxy.status === 0) return;
    if (proxy.status !== 200) {
      socket.end(`HTTP/1.1 ${proxy.status} No\r\ncontent-length: 0\r\n\r\n`);
      return;
    }
    const [host = "", port = ""] = (incoming.url ?? "").split(":");
    const onward = connect(Number(port), host, () => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      onward.pipe(socket).pipe(onward);
    });
    sockets.add(onward);
    for (const one of [onward, socket]) one.on("error", () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const proxy: Proxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen: [],
    status: 200,
  };
  const before = names
    .flatMap((name) => [name, name.toUpperCase()])
    .map((name) => [name, process.env[name]] as const);
  for (const [name] of before) Reflect.deleteProperty(process.env, name);
  try {
    await use(proxy);
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  }
}

async function withLab(
  https: boolean,
  use: (simulator: Simulator, settings: EndpointSettings) => Promise<void>,
): Promise<void> {
  const simulator = await startSimulator({ https });
  try {
    const { certificate } = simulator;
    const caCertificates = certificate === undefined ? [] : [certificate];
    await use(simulator, settingsOf(simulator, "vcenter", { caCertificates }));
  } finally {
    await simulator.close();
  }
}

const read = { method: "GET", path: "/api/vcenter/vm" } as const;

describe("the proxy variables", () => {
  test.each(["HTTP_PROXY", "http_proxy", "ALL_PROXY"])(
    "send plain requests through the proxy of %s",
    (name) =>
      withProxy((proxy) =>
        withLab(false, async (simulator, settings) => {
          process.env[name] = proxy.url;
          const client = createClient(settings);
          expect(await client.read(read, never)).toEqual([]);
          expect(proxy.seen).toEqual([
            `POST ${simulator.url}/api/session`,
            `GET ${simulator.url}/api/vcenter/vm`,
          ]);
          await client.close(never);
          expect(simulator.counts()).toMatchObject({ login: 1, read: 1, logout: 1 });
        }),
      ),
  );

  test.each(["HTTPS_PROXY", "https_proxy"])(
    "send secure requests through a tunnel of the proxy of %s",
    (name) =>
      withProxy((proxy) =>
        withLab(true, async (simulator, settings) => {
          process.env[name] = proxy.url;
          const client = createClient(settings);
          for (let time = 0; time < 5; time += 1) expect(await client.read(read, never)).toEqual([]);
          // One tunnel serves them all, and a server that is not trusted is not trusted through it either.
          expect(proxy.seen).toEqual([`CONNECT ${new URL(simulator.url).host}`]);
          await client.close(never);
          const distrustful = createClient({ ...settings, caCertificates: [] });
          expect(await errorOf(distrustful.reach(never))).toMatchObject({
            fault: { faultClass: "tls", sent: "no" },
          });
          await distrustful.close(never);
        }),
      ),
  );

  test("look at a pinned certificate through the proxy, too", () =>
    withProxy((proxy) =>
      withLab(true, async (simulator, settings) => {
        process.env.HTTPS_PROXY = proxy.url;
        const serverFingerprint = new X509Certificate(simulator.certificate ?? "").fingerprint256;
        const host = new URL(simulator.url).host;
        const client = createClient({ ...settings, caCertificates: [], serverFingerprint });
        expect(await client.read(read, never)).toEqual([]);
        await client.close(never);
        expect(proxy.seen).toEqual([`CONNECT ${host}`, `CONNECT ${host}`]);
        const wrong = createClient({
          ...settings,
          caCertificates: [],
          serverFingerprint: serverFingerprint.replace(/^../, "00"),
        });
        expect(await errorOf(wrong.reach(never))).toMatchObject({ fault: { faultClass: "tls", sent: "no" } });
        await wrong.close(never);
      }),
    ));

  test.each([
    [false, "127.0.0.1"],
    [true, "example.com,127.0.0.1"],
    [true, "*"],
  ])("are overridden by NO_PROXY (https: %p, %s)", (https, noProxy) =>
    withProxy((proxy) =>
      withLab(https, async (simulator, settings) => {
        process.env.HTTP_PROXY = proxy.url;
        process.env.HTTPS_PROXY = proxy.url;
        process.env.NO_PROXY = noProxy;
        const client = createClient(settings);
        await Promise.all(Array.from({ length: 10 }, () => client.read(read, never)));
        await client.close(never);
        expect(proxy.seen).toEqual([]);
        expect(simulator.counts()).toMatchObject({ login: 1, read: 10 });
      }),
    ),
  );

  test("keep the number of connections low through a proxy", () =>
    withProxy((proxy) =>
      withLab(true, async (_simulator, settings) => {
        process.env.HTTPS_PROXY = proxy.url;
        const client = createClient(settings);
        await Promise.all(Array.from({ length: 40 }, () => client.read(read, never)));
        expect(proxy.seen.length).toBeLessThanOrEqual(4);
        await client.close(never);
      }),
    ));

  test("know that nothing was sent when the proxy is not there, and keep its password to themselves", () =>
    withProxy(() =>
      withLab(true, async (_simulator, settings) => {
        process.env.HTTPS_PROXY = "http://joe:pr0xy-secret@127.0.0.1:1";
        const client = createClient(settings);
        const error = await errorOf(client.reach(never));
        expect(error).toMatchObject({ fault: { faultClass: "network", sent: "no" } });
        expect(error.message).not.toContain("pr0xy-secret");
        process.env.HTTPS_PROXY = "odd://joe:pr0xy-secret@127.0.0.1:1";
        const other = createClient(settings);
        expect((await errorOf(other.reach(never))).message).not.toContain("pr0xy-secret");
        await Promise.all([client.close(never), other.close(never)]);
      }),
    ));

  test.each(["certificate", "fingerprint"])(
    "are borne when the proxy says nothing for a while, and cost no connection afterwards (%s)",
    (trust) =>
      withProxy((proxy) =>
        withLab(true, async (simulator, settings) => {
          process.env.HTTPS_PROXY = proxy.url;
          const serverFingerprint = new X509Certificate(simulator.certificate ?? "").fingerprint256;
          const client = createClient({
            ...settings,
            requestTimeoutMs: 300,
            ...(trust === "fingerprint" ? { caCertificates: [], serverFingerprint } : {}),
          });
          proxy.status = 0;
          // More than there may be connections.
          for (let time = 0; time < 6; time += 1) {
            expect(await errorOf(client.reach(never))).toMatchObject({
              fault: { faultClass: "network", sent: "no" },
            });
          }
          proxy.status = 200;
          // The limit that is short for the silent proxy holds for the tunnel, the handshake and the log-in, too.
          await until(() => succeeds(client.read(read, never)), "the proxy is used again");
          await client.close(never);
        }),
      ),
  );

  test("leave no connection behind when a SOCKS proxy makes them too late", () =>
    withProxy(() =>
      withLab(false, async (_simulator, settings) => {
        const sockets: Socket[] = [];
        let open = 0;
        const server = createServerOfSockets((socket) => {
          open += 1;
          sockets.push(socket.on("error", () => undefined).on("close", () => (open -= 1)));
          // The connection is there (RFC 1928): the answer to what comes after the greeting.
          socket.once("data", () =>
            socket.on("data", () => socket.write(Buffer.from([5, 0, 0, 1, 127, 0, 0, 1, 0, 80]))),
          );
        });
        await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
        try {
          process.env.ALL_PROXY = `socks5://127.0.0.1:${(server.address() as AddressInfo).port}`;
          const client = createClient({ ...settings, requestTimeoutMs: 300 });
          for (let time = 0; time < 3; time += 1) {
            expect(await errorOf(client.reach(never))).toMatchObject({
              fault: { faultClass: "network", sent: "no" },
            });
          }
          await until(() => open === 3, "the proxy has seen all connections");
          // The greeting is answered at last: no log-in is needed.
          for (const socket of sockets) socket.write(Buffer.from([5, 0]));
          await until(() => open === 0, "all connections to the proxy are closed");
          await client.close(never);
        } finally {
          for (const socket of sockets) socket.destroy();
          await new Promise((resolve) => server.close(resolve));
        }
      }),
    ));

  test.each([403, 407, 502])("pass on that the proxy makes no tunnel: %d", (status) =>
    withProxy((proxy) =>
      withLab(true, async (simulator, settings) => {
        process.env.HTTPS_PROXY = proxy.url;
        proxy.status = status;
        const client = createClient(settings);
        const error = await errorOf(client.reach(never));
        expect(error).toMatchObject({ code: "VMWARE_ENDPOINT_FAULT" });
        expect(simulator.requests).toHaveLength(0);
        await client.close(never);
      }),
    ),
  );
});
