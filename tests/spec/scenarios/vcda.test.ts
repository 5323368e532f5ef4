import type { EndpointSettings } from "../../../provider/clients";
import type { TaskPlan } from "../../../provider/simulator";
import { canary, errorOf, never, type ClientBench } from "../../support/with-simulator";
import { withExchanges, type ScenarioOptions } from "../support/with-exchanges";

const kind = "task";
const username = "administrator@vsphere.local";
const replication = "C4-6f9619ff-8b86-4d11-b42d-00c04fc964ff";
const failover = { method: "POST", path: `/vm-replications/${replication}/failover`, body: {} } as const;
const unknown = "00000000-0000-4000-8000-000000000000";

const bench = ({ settings, ...more }: Partial<ScenarioOptions> = {}): ScenarioOptions => ({
  product: "vcda",
  settings: { login: "localUser", ...settings },
  ...more,
});

/** A task of the same user, who sees no others. */
function startTask({ simulator }: ClientBench, plan: TaskPlan = {}, path: string = failover.path): string {
  return simulator.startForeignTask({ product: "vcda", path, body: {}, user: username, plan });
}

const remoteSites = (own: object): Partial<EndpointSettings> => ({
  remoteSites: { site2: own as { login: string } },
});

test("looks at one task and at many, running and ended", () =>
  withExchanges(bench(), async (all) => {
    const refs = [
      startTask(all, { durationMs: 60_000 }),
      startTask(all, { pendingMs: 60_000 }),
      startTask(all, { result: { id: replication } }),
      startTask(all, { outcome: "FAILED" }),
      startTask(all, { outcome: "FAILED", error: "It broke." }),
      startTask(all, { warnings: ["Slow."] }),
    ].map((id) => ({ id, kind }));
    for (const ms of [0, 500, 1_000]) {
      all.pass(ms);
      for (const ref of refs) await all.client.look([ref], never);
      const looks = await all.client.look([...refs, { id: unknown, kind }], never);
      expect(looks.map((look) => look.kind)).toEqual([...refs.map(() => "seen"), "missing"]);
      for (const ref of refs) expect(await all.client.get(ref, {}, never)).toBeDefined();
    }
    expect(all.asked()).toEqual(expect.arrayContaining(["POST /tasks/poll", "GET /tasks/{task}"]));
  }));

test("lists by every filter", () =>
  withExchanges(bench(), async (all) => {
    const { client } = all;
    const id = startTask(all);
    all.pass(1_000);
    const found = {
      ids: [id, unknown],
      site: "site1",
      user: username,
      state: "SUCCEEDED",
      startTimeAfter: 1,
      startTimeBefore: Date.UTC(2030, 0),
      endTimeAfter: 1,
      endTimeBefore: Date.UTC(2030, 0),
      type: "failover",
      resourceId: replication,
      resourceType: "vmReplication",
    };
    const order = { sort: "startTime-,id", limit: 10, offset: 0 };
    expect(await client.list({}, never)).toHaveLength(1);
    expect(await client.list({ ...found, ...order }, never)).toHaveLength(1);
    for (const org of ["sourceOrg", "destinationOrg"])
      expect(await client.list({ [org]: "System" }, never)).toHaveLength(1);
    expect(await client.list({ ...found, resourceName: "other" }, never)).toEqual([]);
    expect(await client.list({ ...found, ids: [unknown] }, never)).toEqual([]);
    const others = {
      state: "FAILED",
      startTimeAfter: Date.UTC(2030, 0),
      endTimeBefore: 1,
      type: "migrate",
      resourceType: "vappReplication",
    };
    for (const [name, value] of Object.entries(others))
      expect(await client.list({ ...found, [name]: value }, never)).toEqual([]);
  }));

test("reads many tasks in pages and in parts", () =>
  withExchanges(bench(), async (all) => {
    const ids = Array.from({ length: 120 }, () => startTask(all));
    expect(await all.client.list({}, never)).toHaveLength(120);
    expect(await all.client.list({ ids }, never)).toHaveLength(120);
    const looks = await all.client.look(
      ids.map((id) => ({ id, kind })),
      never,
    );
    expect(looks.every((look) => look.kind === "seen")).toBe(true);
  }));

test("starts operations and follows them", () =>
  withExchanges(bench(), async ({ client, pass }) => {
    const starts = [
      ["POST", "/vm-replications", { sourceSite: "site1", description: "of a machine" }],
      ["POST", failover.path, {}],
      ["GET", "/update", undefined],
      ["DELETE", `/vapp-replications/${replication.replace("C4-", "C4VAPP-")}`, undefined],
    ] as const;
    for (const [method, path, body] of starts) {
      const reply = await client.start(
        { method, path, ...(body === undefined ? {} : { body }) },
        { kind },
        never,
      );
      if (reply.kind !== "task") throw new Error("It gave no task.");
      await client.look([reply.ref], never);
      pass(1_000);
      expect(await client.get(reply.ref, {}, never)).toMatchObject({ status: "SUCCEEDED" });
    }
  }));

test.each([
  ["credentials", { username, password: canary }],
  ["cookie", { token: canary }],
  ["vcdAccessToken", { token: canary }],
  ["multisite", { org: "System" }],
])("extends its session to a remote site by %s, again when the site forgets it", (login, own) =>
  withExchanges(bench({ settings: remoteSites({ login, ...own }) }), async ({ client, simulator, asked }) => {
    const reply = await client.start(failover, { kind, site: "site2" }, never);
    if (reply.kind !== "task") throw new Error("It gave no task.");
    expect(await client.look([reply.ref, { ...reply.ref, id: unknown }], never)).toMatchObject([
      { kind: "seen" },
      { kind: "missing" },
    ]);
    simulator.expireRemoteSessions();
    expect(await client.look([reply.ref], never)).toMatchObject([{ kind: "seen" }]);
    expect(await client.list({ site: "site2" }, never)).toHaveLength(1);
    expect(asked()).toContain("POST /sessions/extend");
  }),
);

test.each([
  ["a wrong password", "site2", { password: "wrong" }],
  ["a site that is not there", "site9", { password: canary }],
])("is refused by a remote site for %s", (_, site, { password }) =>
  withExchanges(
    bench({ settings: { remoteSites: { [site]: { login: "credentials", username, password } } } }),
    async ({ client }) => {
      await errorOf(client.start(failover, { kind, site }, never));
    },
  ),
);

test.each([
  ["localUser", {}],
  ["ssoCredentials", { principal: "someone" }],
  ["vcdCredentials", {}],
  ["vcdCookie", { token: canary }],
  ["vcdAccessToken", { token: canary, context: "System" }],
  [
    "ssoToken",
    {
      token: JSON.stringify({ samlToken: canary, timestamp: 1, nonce: "n", signature: "s", principal: "p" }),
    },
  ],
])("logs in by %s, and again when its session has ended", (login, own) =>
  withExchanges(bench({ settings: { login, ...own } }), async (all) => {
    const ref = { id: startTask(all), kind };
    await all.client.look([ref], never);
    all.simulator.expireSessions();
    expect(await all.client.look([ref], never)).toMatchObject([{ kind: "seen" }]);
    expect(all.exchanges.map(({ status }) => status)).toContain(401);
  }),
);

test("is refused by a wrong password", () =>
  withExchanges(bench({ settings: { password: "wrong" } }), async ({ client }) => {
    expect(await errorOf(client.reach(never))).toMatchObject({ code: "VMWARE_ENDPOINT_FAULT" });
  }));

test("looks for what an unanswered request has started", () =>
  withExchanges(bench(), async ({ client, simulator }) => {
    simulator.fault({ what: "reset-after", match: { operation: "start" } });
    await errorOf(client.start(failover, { kind }, never));
    const trace = { request: failover, kind, sentAt: Date.UTC(2025, 11, 31) };
    expect(await client.findStarted(trace, never)).toHaveLength(1);
  }));

test.each([400, 401, 404, 500])("is told %p about a task", (status) =>
  withExchanges(bench(), async (all) => {
    const id = startTask(all);
    all.simulator.fault({ what: "status", status, times: 3, match: { operation: "get" } });
    const seen = await all.client.get({ id, kind }, {}, never).catch(() => undefined);
    expect(seen).toBeUndefined();
  }),
);

test.each([400, 401, 404, 500])("a poll and a list are told %p", (status) =>
  withExchanges(bench(), async (all) => {
    const refs = [startTask(all), startTask(all)].map((id) => ({ id, kind }));
    all.simulator.fault({ what: "status", status, times: 4, match: { operation: "list" } });
    await errorOf(all.client.look(refs, never));
    await errorOf(all.client.list({}, never));
  }),
);

test.each([400, 401, 403, 404, 500])("a start is told %p", (status) =>
  withExchanges(bench(), async ({ client, simulator }) => {
    simulator.fault({ what: "status", status, times: 2, match: { operation: "start" } });
    await errorOf(client.start(failover, { kind }, never));
  }),
);
