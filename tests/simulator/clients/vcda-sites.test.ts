// Remote sites: a session is extended by itself, once, and a site that refuses harms no other.
import { tmpdir } from "node:os";

import type { EndpointSettings, RemoteSiteSettings } from "../../../provider/clients";
import { createContext, openJournal, readConfiguration } from "../../../provider/operations";
import { systemClock, type ProductClient, type TaskRef } from "../../../provider/tasks";
import { createWatcher, type Watcher, type WatchEnd } from "../../../provider/watcher";
import { createFakeDeployment } from "../../support/operation-bed";
import { until } from "../../support/until";
import { withReplies } from "../../support/with-replies";
import {
  canary,
  errorOf,
  never,
  settingsOf,
  withClient,
  type ClientBench,
  type ClientBenchOptions,
} from "../../support/with-simulator";
import { createClient } from "../../../provider/clients";

const username = "administrator@vsphere.local";
const good: RemoteSiteSettings = { login: "credentials", username, password: canary };
const wrong: RemoteSiteSettings = { ...good, password: "wr0ng-canary-password" };

const bench = (
  remoteSites: EndpointSettings["remoteSites"],
  more: Partial<ClientBenchOptions> = {},
): ClientBenchOptions => ({
  product: "vcda",
  settings: { remoteSites },
  simulate: { vcdaSites: ["site1", "site2", "site3"] },
  ...more,
});

const extensions = ({ simulator }: Pick<ClientBench, "simulator">): number =>
  simulator.requests.filter(({ path }) => path === "/sessions/extend").length;

const taskAt = (
  { simulator }: Pick<ClientBench, "simulator">,
  site: string,
  durationMs = 1_000,
): TaskRef => ({
  id: simulator.startForeignTask({
    product: "vcda",
    path: `/backups?site=${site}`,
    user: username,
    plan: { durationMs },
  }),
  kind: "task",
  site,
});

const read = { method: "GET", path: "/vapp-replications", query: { site: "site2" } } as const;

describe("a remote site", () => {
  test.each<[string, RemoteSiteSettings]>([
    ["credentials", good],
    ["cookie", { login: "cookie", token: canary }],
    ["vcdAccessToken", { login: "vcdAccessToken", tokenCommand: `echo '${canary}'` }],
    ["multisite", { login: "multisite", org: "acme" }],
  ])("is logged in to by %s when a request needs it, once for many", (_, site2) =>
    withClient(bench({ site2 }), async ({ client, simulator }) => {
      await Promise.all(Array.from({ length: 20 }, () => client.read(read, never)));
      await client.read(read, never);
      expect(extensions({ simulator })).toBe(1);
    }),
  );

  test.each<[RemoteSiteSettings, object]>([
    [good, { type: "credentials", vcdUsername: username, vcdPassword: canary }],
    [
      { login: "cookie", token: "c" },
      { type: "cookie", cookie: "c" },
    ],
    [
      { login: "vcdAccessToken", token: "t" },
      { type: "vcdAccessToken", vcdAccessToken: "t" },
    ],
    [
      { login: "multisite", org: "o" },
      { type: "multisite", org: "o" },
    ],
  ])("is sent what %j says under the names of the API", async (site2, body) => {
    let isExtended = false;
    await withReplies(
      ({ path }) => {
        if (path === "/sessions") return { headers: { "X-VCAV-Auth": "t" } };
        if (path === "/sessions/extend") isExtended = true;
        return isExtended
          ? { body: {} }
          : { status: 401, body: { code: "RemoteAuthenticationFailure", msg: "" } };
      },
      async ({ url, requests }) => {
        const endpoint = { url, username, password: canary };
        const client = createClient(settingsOf(endpoint, "vcda", { remoteSites: { site2 } }));
        await client.read(read, never);
        const extend = requests.find(({ path }) => path === "/sessions/extend");
        expect(extend?.body).toEqual({ site: "site2", ...body });
        expect(extend?.headers["x-vcav-auth"]).toBe("t");
        // The same request, told twice by one operation id.
        const [first, second] = requests.filter(({ path }) => path.startsWith("/vapp"));
        expect(second?.headers["operationid"]).toBe(first?.headers["operationid"]);
        await client.close(never);
      },
    );
  });

  test("that is not configured is named, with what to configure", () =>
    withClient(bench({ site3: good }), async ({ client, simulator }) => {
      const error = await errorOf(client.read(read, never));
      expect(error).toMatchObject({ fault: { faultClass: "login", sent: "no", httpStatus: 401 } });
      expect(error.message).toContain('configure `remoteSites.site2` of endpoint "lab"');
      expect(extensions({ simulator })).toBe(0);
    }));

  test("that refuses is asked once, is named with what to check, and shows no secret", () =>
    withClient(bench({ site2: wrong }), async ({ client, simulator }) => {
      for (let time = 0; time < 3; time += 1) {
        const error = await errorOf(client.read(read, never));
        expect(error).toMatchObject({ fault: { faultClass: "login", sent: "no", httpStatus: 401 } });
        expect(error.message).toContain('Remote site "site2" of endpoint "lab"');
        expect(error.message).toContain("Site site2 does not take the credentials");
        expect(error.message).toContain("`username` and `password` of `remoteSites.site2`");
        expect(error.message).not.toContain("canary");
      }
      expect(extensions({ simulator })).toBe(1);
      // The endpoint itself goes on.
      expect(await client.read({ method: "GET", path: "/sites" }, never)).toHaveLength(3);
    }));

  test.each([
    ["is out of order for a moment", { what: "status", status: 500 }, "server"],
    ["has a gateway's page (404) before it", { what: "html", status: 404 }, "malformed"],
  ] as const)("that %s is asked again", (_title, fault, faultClass) =>
    withClient(bench({ site2: good }), async ({ client, simulator }) => {
      simulator.fault({ ...fault, match: { path: "/sessions/extend" } });
      expect(await errorOf(client.read(read, never))).toMatchObject({ fault: { faultClass, sent: "no" } });
      expect(await client.read(read, never)).toBeDefined();
    }),
  );

  test("is logged in to anew when it, or the session, has forgotten us", () =>
    withClient(bench({ site2: good }), async ({ client, simulator }) => {
      await client.read(read, never);
      simulator.expireRemoteSessions();
      await Promise.all([client.read(read, never), client.read(read, never)]);
      expect(extensions({ simulator })).toBe(2);
      simulator.expireSessions();
      await Promise.all([client.read(read, never), client.read(read, never)]);
      expect(extensions({ simulator })).toBe(3);
      expect(simulator.requests.filter(({ path }) => path === "/sessions")).toHaveLength(2);
    }));

  test("that takes the log-in and refuses all the same is no storm", () =>
    withClient(bench({ site2: good }), async ({ client, simulator }) => {
      simulator.fault({
        what: "status",
        error: "RemoteAuthenticationFailure",
        match: { operation: "read" },
        times: Infinity,
      });
      const error = await errorOf(client.read(read, never));
      expect(error.message).toContain("refuses requests all the same");
      expect(simulator.counts()).toMatchObject({ login: 2, read: 2 });
    }));

  test("is the one that the server names, when the request does not", () =>
    withClient(bench({ site2: good, site3: good }), async ({ client, simulator }) => {
      const refusal = (args: string[]): void =>
        simulator.fault({
          what: "status",
          status: 401,
          body: { code: "RemoteAuthenticationFailure", msg: "{0}", args },
          match: { operation: "start" },
        });
      refusal(["site3"]);
      refusal(["site2"]);
      const started = await client.start({ method: "POST", path: "/backups" }, { kind: "task" }, never);
      expect(started.kind).toBe("task");
      expect(extensions({ simulator })).toBe(2);
      expect(simulator.starts).toHaveLength(1);
      refusal([]);
      const error = await errorOf(
        client.start({ method: "POST", path: "/backups" }, { kind: "task" }, never),
      );
      expect(error.message).toContain("does not say which: give the operation its `site`");
      expect(error.message).toContain("it has: site2, site3");
    }));
});

/** Follows tasks as an operation does. */
function watcherOf(client: ProductClient): Watcher {
  return createWatcher({ source: client, clock: systemClock, outageToleranceMs: 10_000 });
}

const watch = (watcher: Watcher, ref: TaskRef): Promise<WatchEnd> => watcher.watch({ ref, signal: never });

describe("a wait", () => {
  test("goes on when the remote site forgets the session in the middle of it", () =>
    withClient(bench({ site2: good }), async ({ client, simulator, pass }) => {
      const refs = Array.from({ length: 30 }, () => taskAt({ simulator }, "site2", 60_000));
      const watcher = watcherOf(client);
      const ends = Promise.all(refs.map((ref) => watch(watcher, ref)));
      await until(() => simulator.counts().list > 1);
      simulator.expireRemoteSessions();
      pass(60_000);
      for (const end of await ends)
        expect(end).toMatchObject({ kind: "ended", snapshot: { status: "SUCCEEDED" } });
      expect(extensions({ simulator })).toBe(2);
    }));

  test("at a site that refuses ends, and those at other sites do not", () =>
    withClient(bench({ site2: good, site3: wrong }), async ({ client, simulator, pass }) => {
      const watcher = watcherOf(client);
      const fine = ["site1", "site2"].map((site) => watch(watcher, taskAt({ simulator }, site, 60_000)));
      await until(() => simulator.counts().list > 2);
      const end = await watch(watcher, taskAt({ simulator }, "site3", 60_000));
      expect(end).toMatchObject({ kind: "outage", fault: { fault: { faultClass: "login" } } });
      if (end.kind !== "outage") throw new Error(end.kind);
      expect(end.fault.message).toContain('Remote site "site3"');
      const since = simulator.counts().list;
      await until(() => simulator.counts().list > since);
      pass(60_000);
      for (const other of await Promise.all(fine))
        expect(other).toMatchObject({ kind: "ended", snapshot: { status: "SUCCEEDED" } });
      expect(extensions({ simulator })).toBe(2);
    }));
});

test("secrets of remote sites are kept out of texts", () => {
  const { product, url } = { product: "vcda", url: "https://vcda.example.com" };
  const configuration = readConfiguration({
    endpoints: JSON.stringify({
      dr: {
        product,
        url,
        login: "localUser",
        username,
        password: "a-local-canary",
        remoteSites: { site2: wrong },
      },
    }),
    environment: {},
  });
  const context = createContext({
    configuration,
    journal: openJournal(tmpdir()),
    clock: systemClock,
    deployment: createFakeDeployment(),
    skipsCheckpoints: false,
  });
  const text = `The site said: wr0ng-canary-password is not ${encodeURIComponent("a-local-canary")}.`;
  expect(context.redactor().text(text)).toBe("The site said: [secret] is not [secret].");
});
