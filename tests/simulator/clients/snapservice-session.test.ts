import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { assertionOf, jwtOf } from "../../support/bearer-tokens";
import { errorOf, midnight, never, withClient, type ClientBenchOptions } from "../../support/with-simulator";

const groups = "/api/snapservice/clusters/domain-c8/protection-groups";
const read = { method: "GET", path: groups } as const;
const user = "administrator@vsphere.local";

const bench = (more: Partial<ClientBenchOptions> = {}): ClientBenchOptions => ({
  product: "snapservice",
  ...more,
});

describe("a session of Snapservice", () => {
  test("is made with user and password when it is first needed, used for all that follows, and ended", () =>
    withClient(bench(), async ({ client, simulator }) => {
      expect(simulator.requests).toHaveLength(0);
      await Promise.all(Array.from({ length: 20 }, () => client.read(read, never)));
      await client.list({}, never);
      await client.close(never);
      expect(simulator.counts()).toMatchObject({ login: 1, read: 20, list: 1, logout: 1 });
      expect(simulator.requests[0]).toMatchObject({ method: "POST", path: "/api/snapservice/sessions" });
    }));

  test("is not one of vCenter's, though the header has the same name", () =>
    withClient(bench(), async ({ simulator, another }) => {
      const response = await fetch(`${simulator.url}/api/session`, {
        method: "POST",
        headers: {
          authorization: `Basic ${Buffer.from(`${simulator.username}:${simulator.password}`).toString("base64")}`,
        },
      });
      const error = await errorOf(
        another({ login: "session", token: (await response.json()) as string }).read(read, never),
      );
      expect(error).toMatchObject({ fault: { faultClass: "login", httpStatus: 401 } });
    }));

  test("is made anew, once for many, when it has ended", () =>
    withClient(bench(), async ({ client, simulator, pass }) => {
      await client.reach(never);
      simulator.expireSessions();
      await Promise.all(Array.from({ length: 20 }, () => client.read(read, never)));
      expect(simulator.counts().login).toBe(2);
      pass(1_800_000);
      await client.read(read, never);
      expect(simulator.counts().login).toBe(3);
    }));

  test("starts once when it ends at the start", () =>
    withClient(bench(), async ({ client, simulator }) => {
      await client.reach(never);
      simulator.expireSessions();
      const body = { name: "a", target_entities: {} };
      expect((await client.start({ method: "POST", path: groups, body }, { kind: "task" }, never)).kind).toBe(
        "task",
      );
      expect(simulator.starts).toHaveLength(1);
    }));

  test("that is never taken ends in an error that says so, after one new log-in", () =>
    withClient(bench(), async ({ client, simulator }) => {
      simulator.fault({ what: "status", status: 401, match: { operation: "read" }, times: 9 });
      const error = await errorOf(client.read(read, never));
      expect(error).toMatchObject({
        code: "VMWARE_ENDPOINT_FAULT",
        fault: { faultClass: "login", sent: "no" },
      });
      expect(error.message).toContain('Check `username` and `password` of endpoint "lab"');
      expect(simulator.counts()).toMatchObject({ login: 2, read: 2 });
    }));

  test("without the role for a request is a refusal with the server's words", () =>
    withClient(bench(), async ({ client, simulator }) => {
      simulator.fault({
        what: "status",
        status: 403,
        error: "UNAUTHORIZED",
        message: "The privilege Host.Config.Storage is missing on domain-c8.",
        match: { operation: "start" },
      });
      const error = await errorOf(
        client.start({ method: "POST", path: groups, body: {} }, { kind: "task" }, never),
      );
      expect(error).toMatchObject({
        code: "VMWARE_REQUEST_REFUSED",
        refusal: { httpStatus: 403, isBusy: false },
      });
      expect(error.message).toContain(
        "UNAUTHORIZED: The privilege Host.Config.Storage is missing on domain-c8.",
      );
    }));

  test("is not asked for a second time with a wrong password", () =>
    withClient(bench({ settings: { password: "not it at all" } }), async ({ client, simulator }) => {
      for (const error of [await errorOf(client.reach(never)), await errorOf(client.read(read, never))]) {
        expect(error.message).toContain("Invalid credentials. The server offers: Basic realm=");
        expect(error.message).not.toContain("not it at all");
      }
      expect(simulator.counts()).toMatchObject({ login: 1, read: 0 });
    }));

  test("is made with a SAML assertion, and ended", () =>
    withClient(
      bench({ settings: { login: "saml", token: assertionOf(user) } }),
      async ({ client, simulator }) => {
        await client.read(read, never);
        await client.read(read, never);
        await client.close(never);
        expect(simulator.counts()).toMatchObject({ login: 1, read: 2, logout: 1 });
      },
    ));

  test("is not made with an assertion that has expired, and says what to check", () =>
    withClient(
      bench({ settings: { login: "saml", token: assertionOf(user, midnight) } }),
      async ({ client }) => {
        const error = await errorOf(client.reach(never));
        expect(error.message).toContain("Check `token` of endpoint");
        expect(error.message).not.toContain("saml2");
      },
    ));
});

describe("Snapservice 8.0.3, which has no sessions", () => {
  const simulate = { snapserviceVersion: "8.0.3" } as const;

  test.each([
    ["a SAML assertion", assertionOf(user)],
    ["a JWT", jwtOf(user)],
  ])("takes %s with every call", (_title, token) =>
    withClient(bench({ simulate, settings: { login: "bearer", token } }), async ({ client, simulator }) => {
      await client.reach(never);
      expect(await client.list({}, never)).toEqual([]);
      await client.close(never);
      expect(simulator.counts()).toMatchObject({ login: 0, list: 1, logout: 0 });
    }),
  );

  test("takes the first line that a command prints for a JWT", () =>
    withClient(
      bench({ simulate, settings: { login: "bearer", tokenCommand: `echo '${jwtOf(user)}'; echo more` } }),
      async ({ client }) => {
        expect(await client.list({}, never)).toEqual([]);
      },
    ));

  test("is asked with a fresh token once the old one has expired", async () => {
    const folder = mkdtempSync(join(tmpdir(), "tokens-"));
    const file = join(folder, "token");
    try {
      writeFileSync(file, assertionOf(user, midnight + 60_000));
      await withClient(
        bench({ simulate, settings: { login: "bearer", tokenCommand: `cat '${file}'` } }),
        async ({ client, simulator, pass }) => {
          await client.read(read, never);
          pass(60_000);
          writeFileSync(file, assertionOf(user, midnight + 120_000).replaceAll("><", ">\n<"));
          await client.read(read, never);
          expect(simulator.requests.map(({ status }) => status)).toEqual([200, 401, 200]);
        },
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test.each([
    ["password", {}],
    ["saml", { login: "saml", token: assertionOf(user) }],
  ])("says how to log in instead of by %s", (_title, settings) =>
    withClient(bench({ simulate, settings }), async ({ client, simulator }) => {
      const errors = [await errorOf(client.reach(never)), await errorOf(client.read(read, never))];
      for (const error of errors) {
        expect(error).toMatchObject({ fault: { faultClass: "login", sent: "no", httpStatus: 404 } });
        expect(error.message).toContain("has no sessions");
        expect(error.message).toContain("`login: bearer`");
      }
      expect(simulator.counts().login).toBe(1);
    }),
  );
});

test("a proxy's 404 to a log-in is no word of the appliance, so it is asked again", () =>
  withClient(bench(), async ({ client, simulator }) => {
    simulator.fault({ what: "html", status: 404, match: { operation: "login" }, times: 1 });
    expect(await errorOf(client.reach(never))).toMatchObject({
      fault: { faultClass: "malformed", sent: "no" },
    });
    await client.reach(never);
    expect(simulator.counts().login).toBe(2);
  }));
