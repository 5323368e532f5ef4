import { setTimeout as sleep } from "node:timers/promises";

import { until } from "../../support/until";
import { errorOf, never, withClient, type ClientBenchOptions } from "../../support/with-simulator";

const hosts = { method: "GET", path: "/v1/hosts" } as const;
const domain = { method: "POST", path: "/v1/domains", body: { domainName: "a" } } as const;
const refreshPath = "/v1/tokens/access-token/refresh";

const bench = (more: Partial<ClientBenchOptions> = {}): ClientBenchOptions => ({
  product: "sddc-manager",
  ...more,
});

const token = (claims: unknown): string =>
  ["{}", JSON.stringify(claims), "x"].map((part) => Buffer.from(part).toString("base64url")).join(".");

describe("tokens of SDDC Manager", () => {
  test("are asked for once, however many need one", () =>
    withClient(bench(), async ({ client, simulator }) => {
      await Promise.all(Array.from({ length: 30 }, () => client.read(hosts, never)));
      expect(simulator.counts()).toMatchObject({ login: 1, read: 30 });
    }));

  test.each([401, 403] as const)(
    "are refreshed once for many, when the server answers %d",
    (expiredTokenStatus) =>
      withClient(bench({ simulate: { expiredTokenStatus } }), async ({ client, simulator }) => {
        await client.reach(never);
        simulator.expireSessions();
        await Promise.all(Array.from({ length: 20 }, () => client.read(hosts, never)));
        const logins = simulator.requests.filter(({ operation }) => operation === "login");
        expect(logins.map(({ path }) => path)).toEqual(["/v1/tokens", refreshPath]);
      }),
  );

  test("are refreshed before they end, by their own life, whatever the server's clock says", () =>
    // The simulator stands still at the start of 2026, so by our clock its tokens ended long ago.
    withClient(bench({ simulate: { tokenSeconds: 10_000 } }), async ({ client, simulator }) => {
      await client.read(hosts, never);
      const { now } = Date;
      const passed = (seconds: number): unknown =>
        jest.spyOn(Date, "now").mockImplementation(() => now() + seconds * 1_000);
      try {
        passed(9_900);
        for (let read = 0; read < 2; read += 1) await client.read(hosts, never);
        expect(simulator.counts().login).toBe(1);
        passed(9_950);
        await Promise.all([client.read(hosts, never), client.read(hosts, never)]);
        await client.read(hosts, never);
      } finally {
        jest.restoreAllMocks();
      }
      expect(simulator.counts()).toMatchObject({ login: 2, read: 6 });
      expect(simulator.requests.every(({ status }) => (status ?? 0) < 400)).toBe(true);
    }));

  test.each([
    ["is no JWT", "just-some-text"],
    ["has no claims", token({})],
    ["has an odd claim", token({ exp: "soon" })],
    ["ended by our clock, and does not say when it began", token({ exp: 1_000 })],
    ["ends before it begins", token({ exp: 1_000, iat: 2_000 })],
  ])("are kept for the usual time when one %s", (_title, accessToken) =>
    withClient(bench(), async ({ client, simulator }) => {
      simulator.fault({
        what: "status",
        status: 201,
        body: { accessToken, refreshToken: { id: "r" } },
        match: { operation: "login" },
        times: Infinity,
      });
      for (let time = 0; time < 3; time += 1) await client.reach(never);
      expect(simulator.counts().login).toBe(1);
    }),
  );

  test("end the client's trust when a new one is refused, too", () =>
    withClient(bench(), async ({ client, simulator }) => {
      simulator.fault({ what: "status", status: 401, match: { operation: "read" }, times: Infinity });
      expect(await errorOf(client.read(hosts, never))).toMatchObject({
        code: "VMWARE_ENDPOINT_FAULT",
        fault: { faultClass: "login", httpStatus: 401, sent: "no" },
      });
      expect(simulator.counts()).toMatchObject({ login: 2, read: 2 });
    }));

  test("are not blamed for a role that is too low", () =>
    withClient(bench(), async ({ client, simulator }) => {
      simulator.fault({
        what: "status",
        status: 403,
        message: "VIEWER may not.",
        match: { operation: "start" },
        times: 4,
      });
      const error = await errorOf(client.start(domain, { kind: "task" }, never));
      // A new token was tried once, and is not tried anew at every refusal.
      for (let time = 0; time < 2; time += 1) await errorOf(client.start(domain, { kind: "task" }, never));
      expect(simulator.counts().login).toBe(2);
      expect(error).toMatchObject({
        code: "VMWARE_REQUEST_REFUSED",
        refusal: { httpStatus: 403, isBusy: false },
      });
      expect(error.message).toContain("FORBIDDEN: VIEWER may not.");
      await client.start(domain, { kind: "task" }, never);
      expect(simulator.starts).toHaveLength(1);
    }));

  test("are not taken for ended by a gateway's page", () =>
    withClient(bench(), async ({ client, simulator }) => {
      simulator.fault({ what: "html", status: 403, match: { operation: "read" } });
      expect(await errorOf(client.read(hosts, never))).toMatchObject({
        fault: { faultClass: "malformed", httpStatus: 403 },
      });
      expect(simulator.counts()).toMatchObject({ login: 1, read: 1 });
    }));

  test.each([
    ["refreshing meets an error", { what: "status", status: 500 }],
    ["refreshing meets a page", { what: "html" }],
    ["refreshing meets a reset", { what: "reset-before" }],
  ] as const)("are had by the password again when %s", (_title, fault) =>
    withClient(bench(), async ({ client, simulator }) => {
      await client.reach(never);
      simulator.expireSessions();
      simulator.fault({ ...fault, match: { path: refreshPath } });
      expect(await client.read(hosts, never)).toMatchObject({ elements: [] });
      expect(
        simulator.requests.filter(({ operation }) => operation === "login").map(({ path }) => path),
      ).toEqual(["/v1/tokens", refreshPath, "/v1/tokens"]);
    }),
  );

  test("are had by the password again when the refresh token has ended, in the form that the server takes", () =>
    withClient(bench(), async ({ client, simulator }) => {
      await client.reach(never);
      for (const times of [2, 0, 1]) {
        simulator.expireSessions();
        simulator.fault({ what: "status", status: 404, match: { path: refreshPath }, times });
        expect(await client.read(hosts, never)).toMatchObject({ elements: [] });
      }
      expect(
        simulator.requests.filter(({ operation }) => operation === "login").map(({ path }) => path),
      ).toEqual([
        "/v1/tokens",
        ...[refreshPath, refreshPath, "/v1/tokens"],
        refreshPath,
        ...[refreshPath, "/v1/tokens"],
      ]);
    }));

  test("survive a restart of the server that forgets them all", () =>
    withClient(bench(), async ({ client, simulator }) => {
      await client.reach(never);
      simulator.restart();
      const reads = await Promise.allSettled(Array.from({ length: 8 }, () => client.read(hosts, never)));
      // A connection that the restart cut may have been taken for a good one.
      expect(reads.filter(({ status }) => status === "fulfilled").length).toBeGreaterThan(0);
      expect(await client.read(hosts, never)).toMatchObject({ elements: [] });
      // The refresh token was sent in both forms, then the password.
      expect(simulator.counts().login).toBe(4);
    }));

  test.each([400, 401] as const)(
    "are never asked for twice by a wrong password (%d)",
    (badCredentialsStatus) =>
      withClient(
        bench({ settings: { password: "not it at all" }, simulate: { badCredentialsStatus } }),
        async ({ client, simulator }) => {
          const errors = await Promise.all([
            errorOf(client.reach(never)),
            errorOf(client.read(hosts, never)),
          ]);
          errors.push(await errorOf(client.start(domain, { kind: "task" }, never)));
          for (const error of errors) {
            expect(error).toMatchObject({
              fault: { faultClass: "login", sent: "no", httpStatus: badCredentialsStatus },
            });
            expect(error.message).toContain("Invalid username or password.");
            expect(error.message).toContain('Check `username` and `password` of endpoint "lab"');
            expect(error.message).not.toContain("not it at all");
          }
          expect(simulator.counts()).toMatchObject({ login: 1, read: 0, start: 0 });
        },
      ),
  );

  test("are revoked at the end", () =>
    withClient(bench(), async ({ client, simulator }) => {
      await client.reach(never);
      await client.close(never);
      expect(simulator.requests.at(-1)).toMatchObject({
        method: "DELETE",
        path: "/v1/tokens/refresh-token",
        status: 204,
      });
      await client.close(never);
      expect(simulator.counts()).toMatchObject({ login: 1, logout: 1 });
      await client.reach(never);
      expect(simulator.counts().login).toBe(2);
    }));

  test("leave no session behind when the log-in is cut short by the end", () =>
    withClient(bench(), async ({ client, simulator }) => {
      simulator.fault({ what: "delay", delayMs: 2_000, match: { operation: "login" } });
      const reached = client.reach(never).catch((error: unknown) => error);
      await until(() => simulator.counts().login === 1);
      await client.close(never);
      expect(await reached).toMatchObject({ name: "AbortError" });
      await sleep(2_200);
      expect(simulator.counts().login).toBe(1);
    }));
});
