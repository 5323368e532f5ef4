import { errorOf, never, withClient, type ClientBenchOptions } from "../../support/with-simulator";

const clone = {
  method: "POST",
  path: "/api/vcenter/vm?action=clone",
  body: { source: "vm-1", name: "a" },
} as const;

describe.each([
  { api: "api", sessionPath: "/api/session" },
  { api: "rest", sessionPath: "/rest/com/vmware/cis/session" },
] as const)("the session of vCenter by /$api", ({ api, sessionPath }) => {
  const bench = (more: Partial<ClientBenchOptions> = {}): ClientBenchOptions => ({
    product: "vcenter",
    ...more,
    settings: { api, ...more.settings },
  });

  test("logs in when it is first needed and uses the session for all that follows", () =>
    withClient(bench(), async ({ client, simulator }) => {
      expect(simulator.requests).toHaveLength(0);
      await client.reach(never);
      await client.list({ services: ["com.vmware.vcenter.VM"] }, never);
      await client.list({ services: ["com.vmware.vcenter.VM"] }, never);
      expect(simulator.requests.map(({ operation }) => operation)).toEqual(["login", "list", "list"]);
      expect(simulator.requests[0]?.path).toBe(sessionPath);
    }));

  test("logs in once for many who ask at the same time", () =>
    withClient(bench(), async ({ client, simulator }) => {
      await Promise.all(
        Array.from({ length: 40 }, () => client.read({ method: "GET", path: "/api/vcenter/vm" }, never)),
      );
      expect(simulator.counts()).toMatchObject({ login: 1, read: 40 });
    }));

  test("logs in anew once for many whose session has ended", () =>
    withClient(bench(), async ({ client, simulator }) => {
      await client.reach(never);
      for (let round = 2; round <= 3; round += 1) {
        simulator.expireSessions();
        const bodies = await Promise.all(
          Array.from({ length: 20 }, () => client.read({ method: "GET", path: "/api/vcenter/vm" }, never)),
        );
        expect(bodies).toEqual(Array.from({ length: 20 }, () => []));
        expect(simulator.counts().login).toBe(round);
      }
    }));

  test("starts once when the session ends at the start", () =>
    withClient(bench(), async ({ client, simulator }) => {
      await client.reach(never);
      simulator.expireSessions();
      const reply = await client.start(clone, { kind: "task" }, never);
      expect(reply.kind).toBe("task");
      expect(simulator.starts).toHaveLength(1);
    }));

  test("never sends a wrong password a second time", () =>
    withClient(bench({ settings: { api, password: "not it at all" } }), async ({ client, simulator }) => {
      const errors = await Promise.all([
        errorOf(client.reach(never)),
        errorOf(client.start(clone, { kind: "task" }, never)),
      ]);
      errors.push(await errorOf(client.list({ services: ["com.vmware.vcenter.VM"] }, never)));
      expect(simulator.counts()).toMatchObject({ login: 1, start: 0, list: 0 });
      for (const error of errors) {
        expect(error).toMatchObject({
          code: "VMWARE_ENDPOINT_FAULT",
          fault: { faultClass: "login", sent: "no", httpStatus: 401 },
        });
        expect(error.message).toContain('Endpoint "lab"');
        expect(error.message).toContain("Invalid credentials.");
        expect(error.message).toContain('The server offers: Basic realm="VAPI endpoint", SIGN realm=');
        expect(error.message).toContain("Check `username` and `password`");
        expect(error.message).not.toContain("not it at all");
      }
    }));

  test("stops when a password that was good is refused", () =>
    withClient(bench(), async ({ client, simulator }) => {
      await client.reach(never);
      simulator.expireSessions();
      simulator.fault({ what: "status", status: 401, match: { operation: "login" }, times: Infinity });
      const looks = Array.from({ length: 10 }, () =>
        errorOf(client.look([{ id: "a:com.vmware.b", kind: "task" }], never)),
      );
      for (const error of await Promise.all(looks))
        expect(error).toMatchObject({ fault: { faultClass: "login" } });
      expect(simulator.counts().login).toBe(2);
    }));

  test.each([
    [
      "a gateway error",
      { what: "status", status: 503, headers: { "retry-after": "7" } },
      { faultClass: "server", retryAfterMs: 7_000 },
    ],
    ["a page", { what: "html" }, { faultClass: "malformed" }],
    ["a reset", { what: "reset-after" }, { faultClass: "network" }],
  ] as const)(
    "says that nothing was sent when the log-in meets %s, and logs in later",
    (_title, fault, wanted) =>
      withClient(bench(), async ({ client, simulator }) => {
        simulator.fault({ ...fault, match: { operation: "login" } });
        const error = await errorOf(client.start(clone, { kind: "task" }, never));
        expect(error).toMatchObject({ code: "VMWARE_ENDPOINT_FAULT", fault: { ...wanted, sent: "no" } });
        await client.start(clone, { kind: "task" }, never);
        expect(simulator.starts).toHaveLength(1);
      }),
  );

  test("gives up when a new session is not taken either", () =>
    withClient(bench(), async ({ client, simulator }) => {
      simulator.fault({ what: "status", status: 401, match: { operation: "read" }, times: Infinity });
      const error = await errorOf(client.read({ method: "GET", path: "/api/vcenter/vm" }, never));
      expect(error).toMatchObject({ fault: { faultClass: "login", httpStatus: 401 } });
      expect(error.message).toContain("is not tried again for a minute");
      expect(simulator.counts()).toMatchObject({ login: 2, read: 2 });
    }));

  test("leaves a caller at once whose signal is aborted, and not the others", () =>
    withClient(bench(), async ({ client, simulator }) => {
      simulator.fault({ what: "delay", delayMs: 300, match: { operation: "login" } });
      const controller = new AbortController();
      const other = client.reach(never);
      const left = errorOf(client.reach(controller.signal));
      const since = performance.now();
      controller.abort(new Error("enough"));
      expect((await left).message).toBe("enough");
      expect(performance.now() - since).toBeLessThan(200);
      await other;
      expect(simulator.counts().login).toBe(1);
    }));

  test("logs out, and logs in again for what comes later", () =>
    withClient(bench(), async ({ client, simulator }) => {
      await client.reach(never);
      await client.close(never);
      expect(simulator.requests.map(({ operation, status }) => [operation, status])).toEqual([
        ["login", api === "api" ? 201 : 200],
        ["logout", api === "api" ? 204 : 200],
      ]);
      await client.reach(never);
      expect(simulator.counts().login).toBe(2);
    }));

  test("logs out of nothing when it never logged in", () =>
    withClient(bench(), async ({ client, simulator }) => {
      await client.close(never);
      expect(simulator.requests).toHaveLength(0);
    }));
});
