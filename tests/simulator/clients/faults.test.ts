import type { Fault } from "../../../provider/simulator";
import { products, systemClock, type ApiRequest, type Product } from "../../../provider/tasks";
import { errorOf, midnight, never, withClient } from "../../support/with-simulator";

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
  snapservice: { method: "GET", path: "/api/snapservice/info/about" },
  "sddc-manager": { method: "GET", path: "/v1/hosts" },
  vcda: { method: "GET", path: "/vapp-replications" },
};
const page = "<html><head><title>504 Gateway</title></head><body>nginx</body></html>";
// By the simulator's clock, which is far from ours.
const retryDate = new Date(midnight + 120_000).toUTCString();

interface Case {
  readonly title: string;
  readonly fault: Fault;
  readonly wanted: Record<string, unknown>;
  readonly isStarted: boolean;
  readonly timeoutMs?: number;
}

const cases: Case[] = [
  {
    title: "a reset before it is taken",
    fault: { what: "reset-before" },
    wanted: { faultClass: "network", sent: "maybe" },
    isStarted: false,
  },
  {
    title: "a reset after it is taken",
    fault: { what: "reset-after" },
    wanted: { faultClass: "network", sent: "maybe" },
    isStarted: true,
  },
  {
    title: "a reset in the middle of the reply",
    fault: { what: "reset-during" },
    wanted: { faultClass: "network", sent: "maybe" },
    isStarted: true,
  },
  {
    title: "half of the JSON",
    fault: { what: "truncated-json" },
    wanted: { faultClass: "malformed", sent: "maybe" },
    isStarted: true,
  },
  {
    title: "a page with status 200",
    fault: { what: "html" },
    wanted: { faultClass: "malformed", sent: "maybe", httpStatus: 200 },
    isStarted: false,
  },
  {
    title: "a proxy's 502 about a request that was taken",
    fault: { what: "html", status: 502, taken: true, text: page },
    wanted: { faultClass: "server", sent: "maybe", httpStatus: 502 },
    isStarted: true,
  },
  {
    title: "a proxy's page with status 404",
    fault: { what: "html", status: 404, text: page },
    wanted: { faultClass: "malformed", sent: "maybe", httpStatus: 404 },
    isStarted: false,
  },
  {
    title: "a 503 without a body",
    fault: { what: "html", status: 503, text: "" },
    wanted: { faultClass: "server", sent: "maybe", httpStatus: 503 },
    isStarted: false,
  },
  {
    title: "a 500 in the product's own words",
    fault: { what: "status", status: 500, taken: true },
    wanted: { faultClass: "server", sent: "maybe", httpStatus: 500 },
    isStarted: true,
  },
  {
    title: "a 503 that names a time to wait",
    fault: { what: "status", status: 503, headers: { "retry-after": "30" } },
    wanted: { faultClass: "server", sent: "maybe", retryAfterMs: 30_000 },
    isStarted: false,
  },
  {
    title: "a 429 that names a time to wait",
    fault: { what: "status", status: 429, headers: { "retry-after": "5" } },
    wanted: { faultClass: "throttled", sent: "no", httpStatus: 429, retryAfterMs: 5_000 },
    isStarted: false,
  },
  {
    title: "a 429 of a proxy",
    fault: { what: "html", status: 429 },
    wanted: { faultClass: "throttled", sent: "no", httpStatus: 429 },
    isStarted: false,
  },
  {
    title: "no answer in time",
    fault: { what: "delay", delayMs: 2_000 },
    wanted: { faultClass: "network", sent: "maybe" },
    isStarted: true,
    timeoutMs: 150,
  },
  {
    // The server has answered before, so it is a gateway's, and passes.
    title: "a redirect",
    fault: { what: "html", status: 302, text: "", headers: { location: "https://elsewhere.test/" } },
    wanted: { faultClass: "malformed", sent: "maybe", httpStatus: 302 },
    isStarted: false,
  },
];

test.each(products)("%s: a 202 that names no task is done where the program observes an object", (product) =>
  withClient({ product }, async ({ client, simulator }) => {
    simulator.script({ reply: { status: 202, body: {}, starts: true } });
    const start = (isObserved: boolean): Promise<unknown> =>
      client.start(starts[product], { kind: "task", isObserved }, never);
    expect(await errorOf(start(false))).toMatchObject({ code: "VMWARE_UNEXPECTED_REPLY" });
    simulator.reset();
    simulator.script({ reply: { status: 202, body: {}, starts: true } });
    expect(await start(true)).toMatchObject({ kind: "done" });
  }),
);

describe.each(products)("%s", (product) => {
  test.each(cases)("tells a start that met $title", ({ fault, wanted, isStarted, timeoutMs }) =>
    withClient({ product }, async ({ client, simulator }) => {
      await client.reach(never);
      simulator.fault({ ...fault, match: { operation: "start" } });
      const request = { ...starts[product], ...(timeoutMs === undefined ? {} : { timeoutMs }) };
      const error = await errorOf(client.start(request, { kind: "task" }, never));
      expect(error).toMatchObject({ code: "VMWARE_ENDPOINT_FAULT", fault: wanted });
      expect(error.message).toContain('Endpoint "lab"');
      expect(error.message).toContain(`POST ${request.path.split("?")[0] ?? ""}`);
      expect(error.message).not.toContain("nginx");
      expect(simulator.counts().start).toBe(1);
      expect(simulator.starts).toHaveLength(isStarted ? 1 : 0);
    }),
  );

  test("reads a time to wait that is a date", () =>
    withClient({ product }, async ({ client, simulator }) => {
      await client.reach(never);
      simulator.fault({
        what: "status",
        status: 503,
        headers: { "retry-after": retryDate },
        match: { operation: "start" },
      });
      const { fault } = (await errorOf(
        client.start(starts[product], { kind: "task" }, never),
      )) as unknown as {
        fault: { retryAfterMs: number };
      };
      expect(fault.retryAfterMs).toBe(120_000);
    }));

  test.each([
    ["nobody listens", "http://127.0.0.1:1"],
    ["the host is unknown", "http://no-such-host.invalid"],
  ])("knows that nothing was sent when %s", (_title, url) =>
    withClient({ product, settings: { url } }, async ({ client }) => {
      for (const attempt of [client.reach(never), client.start(starts[product], { kind: "task" }, never)]) {
        const error = await errorOf(attempt);
        expect(error).toMatchObject({
          code: "VMWARE_ENDPOINT_FAULT",
          fault: { faultClass: "network", sent: "no" },
        });
        expect(error.message).toContain(url);
      }
    }),
  );

  test("ends at once when its signal is aborted", () =>
    withClient({ product }, async ({ client, simulator }) => {
      await client.reach(never);
      simulator.fault({ what: "delay", delayMs: 2_000 });
      const controller = new AbortController();
      setTimeout(() => controller.abort(new Error("enough")), 50);
      const since = performance.now();
      const error = await errorOf(client.read(reads[product], controller.signal));
      expect(error.message).toBe("enough");
      expect(performance.now() - since).toBeLessThan(1_000);
    }));

  test("sends nothing when its signal is aborted already", () =>
    withClient({ product }, async ({ client, simulator }) => {
      const error = await errorOf(
        client.start(starts[product], { kind: "task" }, AbortSignal.abort(new Error("enough"))),
      );
      expect(error.message).toBe("enough");
      expect(simulator.requests).toHaveLength(0);
    }));

  test("knows that nothing was sent when all connections stayed busy", () =>
    withClient({ product }, async ({ client, simulator }) => {
      await client.reach(never);
      simulator.fault({ what: "delay", delayMs: 600, times: 4 });
      const busy = Array.from({ length: 4 }, () => client.read(reads[product], never));
      const error = await errorOf(
        client.start({ ...starts[product], timeoutMs: 200 }, { kind: "task" }, never),
      );
      expect(error).toMatchObject({ fault: { faultClass: "network", sent: "no" } });
      expect(simulator.counts().start).toBe(0);
      await Promise.all(busy);
    }));

  test("does not take a gateway's page for credentials that are refused", () =>
    withClient({ product }, async ({ client, simulator }) => {
      simulator.fault({ what: "html", status: 403, match: { operation: "login" } });
      expect(await errorOf(client.read(reads[product], never))).toMatchObject({
        fault: { faultClass: "malformed", sent: "no", httpStatus: 403 },
      });
      await client.read(reads[product], never);
      expect(simulator.counts().login).toBe(2);
    }));

  test("takes a page with 401 for credentials that are refused", () =>
    withClient({ product }, async ({ client, simulator }) => {
      simulator.fault({ what: "html", status: 401, match: { operation: "login" } });
      for (let time = 0; time < 2; time += 1)
        expect(await errorOf(client.read(reads[product], never))).toMatchObject({
          fault: { faultClass: "login", httpStatus: 401 },
        });
      expect(simulator.counts().login).toBe(1);
    }));

  test("follows the server's clock by its last reply", () =>
    withClient({ product }, async ({ client, pass }) => {
      expect(client.clockOffsetMs()).toBe(0);
      await client.reach(never);
      expect(Math.abs(client.clockOffsetMs() - (midnight - Date.now()))).toBeLessThan(2_000);
      pass(600_000);
      await client.read(reads[product], never);
      expect(Math.abs(client.clockOffsetMs() - (midnight + 600_000 - Date.now()))).toBeLessThan(2_000);
    }));

  test.each<[string, Fault]>([
    ["a gateway's page", { what: "html" }],
    ["a gateway that has no server behind it", { what: "status", status: 502 }],
  ])("does not follow the clock of %s", (_title, fault) =>
    withClient({ product }, async ({ client, simulator }) => {
      await client.reach(never);
      const date = new Date(midnight + 600_000).toUTCString();
      simulator.fault({ ...fault, headers: { date }, match: { operation: "read" } });
      await errorOf(client.read(reads[product], never));
      expect(Math.abs(client.clockOffsetMs() - (midnight - Date.now()))).toBeLessThan(2_000);
    }),
  );

  test("compares the server's clock with the one that start times are told by, which nobody can set", () =>
    withClient({ product }, async ({ client }) => {
      const set = jest.spyOn(Date, "now").mockReturnValue(systemClock.now() + 3_600_000);
      try {
        await client.reach(never);
        expect(Math.abs(client.clockOffsetMs() - (midnight - systemClock.now()))).toBeLessThan(2_000);
      } finally {
        set.mockRestore();
      }
    }));
});
