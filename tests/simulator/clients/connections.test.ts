import { createServer as createHttpServer } from "node:http";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";

import { createClient } from "../../../provider/clients";
import { products, type ApiRequest, type Product } from "../../../provider/tasks";
import { until } from "../../support/until";
import { errorOf, never, settingsOf, succeeds, withClient } from "../../support/with-simulator";

const reads: Record<Product, ApiRequest> = {
  vcenter: { method: "GET", path: "/api/vcenter/vm" },
  snapservice: { method: "GET", path: "/api/snapservice/clusters/domain-c8/protection-groups" },
  "sddc-manager": { method: "GET", path: "/v1/hosts" },
  vcda: { method: "GET", path: "/vapp-replications" },
};

/** Less than the two minutes after which the simulator itself closes what is idle. */
const closedWithinMs = 60_000;

/** The TCP sockets and timers that keep this process alive. */
const resources = (): string[] =>
  process.getActiveResourcesInfo().filter((name) => /^(TCPSocketWrap|TLSWrap|Timeout)$/.test(name));

/** A passage to a server that counts its connections. */
async function withPassage(
  url: string,
  use: (url: string, counts: { open: number; most: number; all: number }) => Promise<void>,
): Promise<void> {
  const counts = { open: 0, most: 0, all: 0 };
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    counts.open += 1;
    counts.all += 1;
    counts.most = Math.max(counts.most, counts.open);
    const onward = connect(Number(new URL(url).port), "127.0.0.1");
    for (const one of [socket, onward]) {
      sockets.add(one);
      one.on("error", () => undefined);
    }
    socket.on("close", () => {
      counts.open -= 1;
      onward.destroy();
    });
    onward.on("close", () => socket.destroy());
    socket.pipe(onward).pipe(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, counts);
  } finally {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  }
}

describe.each(products)("connections to %s", (product) => {
  const read = reads[product];

  test("are four at most, are used again, and are gone after close", () =>
    withClient({ product }, async ({ simulator, another }) => {
      await withPassage(simulator.url, async (url, counts) => {
        const client = another({ url });
        simulator.fault({ what: "delay", delayMs: 20, match: { operation: "read" }, times: 40 });
        await Promise.all(Array.from({ length: 40 }, () => client.read(read, never)));
        expect(counts).toEqual({ open: 4, most: 4, all: 4 });
        await client.close(never);
        await until(() => counts.open === 0, "all of them are closed", closedWithinMs);
        expect(counts).toEqual({ open: 0, most: 4, all: 4 });
        expect(simulator.counts()).toMatchObject({ login: 1, logout: 1 });
      });
    }));

  test("leave no socket and no timer behind", () =>
    withClient({ product }, async ({ settings }) => {
      const before = resources();
      const client = createClient(settings);
      await Promise.all(Array.from({ length: 10 }, () => client.read(read, never)));
      await client.close(never);
      // The simulator's own ends of the connections are of this process, too.
      await until(() => resources().length <= before.length, "all of them are closed", closedWithinMs);
    }));

  test("are made anew after a server has cut them", () =>
    withClient({ product }, async ({ client, simulator }) => {
      await client.read(read, never);
      simulator.restart();
      const isOpen = (): boolean => resources().includes("TCPSocketWrap");
      await until(() => !isOpen(), "the client has seen the cut", closedWithinMs);
      expect(await client.read(read, never)).toBeDefined();
    }));

  test("wait for a reply as long as the endpoint says, or the request itself", () =>
    withClient({ product, settings: { requestTimeoutMs: 1_000 } }, async ({ client, simulator }) => {
      // The limit holds for the log-in, too, which a busy machine may not do in that time.
      await until(() => succeeds(client.reach(never)));
      for (const delayMs of [30_000, 1_500])
        simulator.fault({ what: "delay", delayMs, match: { operation: "read" } });
      const error = await errorOf(client.read(read, never));
      expect(error).toMatchObject({ fault: { faultClass: "network", sent: "maybe" } });
      expect(error.message).toContain("1000");
      expect(await client.read({ ...read, timeoutMs: 60_000 }, never)).toBeDefined();
    }));

  test("go to a URL with a path prefix", () =>
    withClient({ product, simulate: { pathPrefix: "/lab1/vc" } }, async ({ client, simulator }) => {
      expect(simulator.url).toMatch(/\/lab1\/vc$/);
      expect(await client.read(read, never)).toBeDefined();
      await client.close(never);
      expect(simulator.requests.every(({ status }) => (status ?? 500) < 300)).toBe(true);
    }));

  test("close ends what is still asked for", () =>
    withClient({ product }, async ({ client, simulator }) => {
      await client.reach(never);
      simulator.fault({ what: "delay", delayMs: 3_000, match: { operation: "read" } });
      const asked = errorOf(client.read(read, never));
      await new Promise((resolve) => setTimeout(resolve, 50));
      const since = performance.now();
      await client.close(never);
      expect(await asked).toMatchObject({ code: "VMWARE_ENDPOINT_FAULT" });
      expect(performance.now() - since).toBeLessThan(1_000);
    }));

  test("close does not wait longer for the log-out than its signal allows", () =>
    withClient({ product }, async ({ client, simulator }) => {
      await client.reach(never);
      simulator.fault({ what: "delay", delayMs: 3_000, match: { operation: "logout" } });
      const since = performance.now();
      await client.close(AbortSignal.timeout(100));
      expect(performance.now() - since).toBeLessThan(1_000);
    }));
});

test("sends the headers of the endpoint, of the request, and no cookies", async () => {
  const seen: Record<string, unknown>[] = [];
  const server = createHttpServer((incoming, outgoing) => {
    seen.push({ ...incoming.headers });
    outgoing.setHeader("set-cookie", "vmware-api-session-id=abc; Path=/");
    outgoing.writeHead(incoming.method === "POST" ? 201 : 200, { "content-type": "application/json" });
    outgoing.end('"a-session"');
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = createClient(
    settingsOf({ url, username: "joe", password: "päss:wörd" }, "vcenter", {
      api: "rest",
      headers: { "x-tenant": "blue" },
    }),
  );
  try {
    await client
      .read({ method: "GET", path: "/rest/a", headers: { "accept-language": "de" } }, never)
      .catch(() => undefined);
    await client.close(never);
    // The legacy log-in answers an object, so this server is asked by /api.
    const modern = createClient(
      settingsOf({ url, username: "joe", password: "päss:wörd" }, "vcenter", {
        headers: { "x-tenant": "blue" },
      }),
    );
    await modern.read({ method: "GET", path: "/api/a", headers: { "accept-language": "de" } }, never);
    await modern.close(never);
    expect(seen[0]).toMatchObject({ "vmware-use-header-authn": "true", "x-tenant": "blue" });
    expect(seen.at(-3)?.authorization).toBe(`Basic ${Buffer.from("joe:päss:wörd").toString("base64")}`);
    expect(seen.at(-2)).toMatchObject({
      "x-tenant": "blue",
      "accept-language": "de",
      accept: "application/json",
      "user-agent": "pulumi-vmware-tasks",
      "vmware-api-session-id": "a-session",
    });
    for (const headers of seen) expect(headers.cookie).toBeUndefined();
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});
