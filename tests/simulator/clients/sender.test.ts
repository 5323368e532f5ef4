// Whoever wants a request sent may go while it waits; then nothing of it leaves, and what has left is waited for.
import { getEventListeners } from "node:events";
import { createServer, type AddressInfo, type Socket } from "node:net";

import {
  EngineGoneError,
  products,
  type ApiRequest,
  type Product,
  type Sender,
} from "../../../provider/tasks";
import { startSddcTask, startVcenterTask } from "../../support/look-at";
import { until } from "../../support/until";
import { errorOf, never, withClient, type ClientBench } from "../../support/with-simulator";

const starts: Record<Product, ApiRequest> = {
  vcenter: { method: "POST", path: "/api/vcenter/vm?action=clone", body: { source: "vm-1", name: "a" } },
  snapservice: {
    method: "POST",
    path: "/api/snapservice/clusters/domain-c8/protection-groups",
    body: { name: "a", target_entities: { vms: ["vm-1"] } },
  },
  "sddc-manager": { method: "POST", path: "/v1/domains", body: { domainName: "a" } },
  vcda: { method: "POST", path: "/vapp-replications", body: { name: "a" } },
};
const reads: Record<Product, ApiRequest> = {
  vcenter: { method: "GET", path: "/api/vcenter/vm" },
  snapservice: { method: "GET", path: "/api/snapservice/clusters/domain-c8/protection-groups" },
  "sddc-manager": { method: "GET", path: "/v1/hosts" },
  vcda: { method: "GET", path: "/vapp-replications" },
};

/** A sender that says `times` times that it is alive. */
function senderOf(times = Infinity): Sender & { asked: number; go: () => void } {
  const controller = new AbortController();
  const sender = {
    signal: controller.signal,
    asked: 0,
    go: () => controller.abort(new EngineGoneError()),
    confirmAlive() {
      sender.asked += 1;
      return sender.asked > times ? Promise.reject(new EngineGoneError()) : Promise.resolve();
    },
  };
  return sender;
}

describe.each(products)("a start at %s", (product) => {
  const start = (sender: Sender): ApiRequest => ({ ...starts[product], sender });

  test("is not sent for a sender who has gone", () =>
    withClient({ product }, async ({ client, simulator }) => {
      const error = await errorOf(client.start(start(senderOf(0)), { kind: "task" }, never));
      expect(error).toMatchObject({ code: "VMWARE_ENGINE_GONE" });
      expect(simulator.counts().start).toBe(0);
    }));

  test("is not sent again after a new log-in for a sender who went meanwhile", () =>
    withClient({ product }, async ({ client, simulator }) => {
      simulator.fault({ what: "expire-session", match: { operation: "start" } });
      const sender = senderOf(1);
      const error = await errorOf(client.start(start(sender), { kind: "task" }, never));
      expect(error).toMatchObject({ code: "VMWARE_ENGINE_GONE" });
      expect(sender.asked).toBe(2);
      expect(simulator.starts).toHaveLength(0);
    }));

  test("is sent again after a new log-in for one who is there", () =>
    withClient({ product }, async ({ client, simulator }) => {
      simulator.fault({ what: "expire-session", match: { operation: "start" } });
      await client.start(start(senderOf()), { kind: "task" }, never);
      expect(simulator.starts).toHaveLength(1);
    }));
});

test("a start that waits for a free connection is held back when its sender goes", () =>
  withClient(
    { product: "vcenter", settings: { requestTimeoutMs: 60_000 } },
    async ({ client, simulator }) => {
      await client.reach(never);
      simulator.fault({ what: "delay", delayMs: 10_000, match: { operation: "read" }, times: 4 });
      const slow = Array.from({ length: 4 }, () => client.read(reads.vcenter, never));
      await until(() => simulator.counts().read === 4);
      const sender = senderOf();
      const starting = errorOf(client.start({ ...starts.vcenter, sender }, { kind: "task" }, never));
      await until(() => sender.asked === 1);
      await new Promise((resolve) => setTimeout(resolve, 50));
      sender.go();
      expect(await starting).toMatchObject({ code: "VMWARE_ENGINE_GONE" });
      await Promise.all(slow);
      await client.read(reads.vcenter, never);
      expect(simulator.counts().start).toBe(0);
    },
  ));

test.each([
  ["http", "no proxy", 2_000],
  ["https", "no proxy", 60_000],
  ["https", "a tunnel of a proxy", 60_000],
])("a start whose connection is still being made by %s and %s is held back", (scheme, way, timeoutMs) =>
  withClient({ product: "sddc-manager" }, async ({ another }) => {
    const sockets: Socket[] = [];
    const received: Buffer[] = [];
    // Takes connections, as a proxy too, and says nothing: no handshake ever ends.
    const server = createServer((socket) => {
      socket.on("data", (chunk: Buffer) => {
        if (chunk.toString().startsWith("CONNECT ")) socket.write("HTTP/1.1 200 OK\r\n\r\n");
        else received.push(chunk);
      });
      sockets.push(socket.on("error", () => undefined));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const environment = { ...process.env };
    try {
      const { port } = server.address() as AddressInfo;
      if (way !== "no proxy")
        Object.assign(process.env, { HTTPS_PROXY: `http://127.0.0.1:${port}`, NO_PROXY: "", no_proxy: "" });
      const client = another({ url: `${scheme}://127.0.0.1:${port}`, token: "t", requestTimeoutMs: 60_000 });
      const sender = senderOf();
      const starting = errorOf(
        client.start({ ...starts["sddc-manager"], sender, timeoutMs }, { kind: "task" }, never),
      );
      await until(() => received.length > 0);
      sender.go();
      // What has left is waited for, until its own time is up.
      expect(await starting).toMatchObject({
        code: scheme === "https" ? "VMWARE_ENGINE_GONE" : "VMWARE_ENDPOINT_FAULT",
      });
    } finally {
      process.env = environment;
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    }
  }),
);

test("the reply to a start that has left is waited for, and no listener is left behind", () =>
  withClient({ product: "vcenter" }, async ({ client, simulator }) => {
    simulator.fault({ what: "delay", delayMs: 500, match: { operation: "start" } });
    const sender = senderOf();
    const starting = client.start({ ...starts.vcenter, sender }, { kind: "task" }, never);
    await until(() => simulator.starts.length === 1);
    sender.go();
    expect(await starting).toMatchObject({ kind: "task", ref: { id: simulator.starts[0]?.taskId } });
    expect(getEventListeners(sender.signal, "abort")).toHaveLength(0);
  }));

test("a retry of a failed task is not sent again for a sender who went meanwhile", () =>
  withClient({ product: "sddc-manager" }, async ({ client, simulator, pass }) => {
    simulator.script({ outcome: "FAILED", retryable: true });
    const started = await client.start(starts["sddc-manager"], { kind: "task" }, never);
    if (started.kind !== "task") throw new Error("It gave no task.");
    pass(10_000);
    simulator.fault({ what: "expire-session", match: { operation: "retry" } });
    const error = await errorOf(client.retry(started.ref, undefined, never, senderOf(1)));
    expect(error).toMatchObject({ code: "VMWARE_ENGINE_GONE" });
    expect(await client.get(started.ref, {}, never)).toMatchObject({ status: "FAILED" });
    await client.retry(started.ref, undefined, never, senderOf());
    expect(await client.get(started.ref, {}, never)).toMatchObject({ status: "RUNNING" });
  }));

const long = { durationMs: 60_000 };

test.each<[string, Product, string, (bench: ClientBench) => string]>([
  ["a task of vCenter", "vcenter", "task", (bench) => startVcenterTask(bench, long)],
  [
    "a task of vCenter's older API",
    "vcenter",
    "vim",
    (bench) => startVcenterTask(bench, long, "/sdk/vim25/8.0.3.0/VirtualMachine/vm-1/PowerOnVM_Task"),
  ],
  ["a task of SDDC Manager", "sddc-manager", "task", (bench) => startSddcTask(bench, long)],
])("the cancellation of %s is not sent again for a sender who went meanwhile", (_, product, kind, begin) =>
  withClient({ product }, async (bench) => {
    const { client, simulator } = bench;
    const ref = { id: begin(bench), kind };
    // SDDC Manager cancels what runs, and nothing that waits to.
    bench.pass(10_000);
    const cancels = (): (number | undefined)[] =>
      simulator.requests.filter(({ operation }) => operation === "cancel").map(({ status }) => status);
    simulator.fault({ what: "expire-session", match: { operation: "cancel" } });
    const sender = senderOf(1);
    expect(await errorOf(client.cancel(ref, never, sender))).toMatchObject({ code: "VMWARE_ENGINE_GONE" });
    expect(sender.asked).toBe(2);
    expect(cancels()).toEqual([401]);
    await client.cancel(ref, never, senderOf());
    expect(cancels()).toHaveLength(2);
    expect(cancels()[1]).toBeLessThan(300);
  }),
);
