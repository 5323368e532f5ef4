import { startSddcTask } from "../../support/look-at";
import { errorOf, never } from "../../support/with-simulator";
import { withExchanges, type ScenarioOptions } from "../support/with-exchanges";

const kind = "task";
const commission = {
  method: "POST",
  path: "/v1/hosts",
  body: [
    {
      fqdn: "esx-1.test",
      username: "root",
      password: "Secret-1",
      storageType: "VSAN",
      networkPoolId: "b4e1cd5a-0f6f-4f3b-9d0e-3a5a0d8f0b11",
    },
  ],
} as const;

const bench = (more: Partial<ScenarioOptions> = {}): ScenarioOptions => ({
  product: "sddc-manager",
  ...more,
});

test.each(["mixed", "title", "upper"] as const)("looks at tasks in every state, words %s", (statusWords) =>
  withExchanges(bench({ simulate: { statusWords } }), async (all) => {
    const { client, pass } = all;
    const subTasks = [
      { name: "A", stages: [{ name: "B" }] },
      { name: "C", subTasks: [{ name: "D" }] },
    ];
    const resources = [{ resourceId: "a", type: "ESXI", fqdn: "esx-1.test", name: "esx-1" }];
    const ids = [
      startSddcTask(all, { durationMs: 60_000 }),
      startSddcTask(all, { subTasks, resources }),
      startSddcTask(all, { outcome: "FAILED" }),
      startSddcTask(all, { outcome: "FAILED", error: "It broke." }),
      startSddcTask(all, { warnings: ["Slow."] }),
      startSddcTask(all, { outcome: "CANCELLED" }),
    ];
    for (const ms of [0, 500, 1_000]) {
      pass(ms);
      for (const id of ids) await client.look([{ id, kind }], never);
    }
    expect(all.asked()).toContain("GET /v1/tasks/{id}");
  }),
);

test("reads pages when there are many tasks", () =>
  withExchanges(bench(), async (all) => {
    const ids = Array.from({ length: 120 }, () => startSddcTask(all));
    const looks = await all.client.look(
      ids.map((id) => ({ id, kind })),
      never,
    );
    expect(looks.every((look) => look.kind === "seen")).toBe(true);
    expect(all.asked()).toContain("GET /v1/tasks");
  }));

test("lists by every filter", () =>
  withExchanges(bench(), async (all) => {
    startSddcTask(all);
    all.pass(1_000);
    await all.client.list({}, never);
    const found = await all.client.list(
      {
        limit: 10,
        status: "SUCCEEDED",
        type: "BUNDLE_CREATION",
        name: "bundle",
        completedAfter: 1,
        orderBy: "creationTimestamp",
        orderDirection: "DESC",
      },
      never,
    );
    expect(found).toHaveLength(1);
    expect(await all.client.list({ resourceId: "a", resourceType: "ESXI" }, never)).toEqual([]);
  }));

test("starts an operation, lets it fail, retries it and follows it", () =>
  withExchanges(bench(), async ({ client, simulator, pass, asked }) => {
    simulator.script({ match: { path: "/v1/hosts" }, outcome: "FAILED", times: 1 });
    const reply = await client.start(commission, { kind }, never);
    if (reply.kind !== "task") throw new Error("It gave no task.");
    pass(1_000);
    expect(await client.get(reply.ref, {}, never)).toMatchObject({ status: "FAILED" });
    await client.retry(reply.ref, undefined, never);
    pass(1_000);
    expect(await client.get(reply.ref, {}, never)).toMatchObject({ status: "SUCCEEDED" });
    await errorOf(client.retry(reply.ref, undefined, never));
    expect(asked()).toEqual(expect.arrayContaining(["POST /v1/hosts", "PATCH /v1/tasks/{id}"]));
  }));

test("cancels, and is told what cannot be cancelled", () =>
  withExchanges(bench(), async (all) => {
    const ref = { id: startSddcTask(all, { pendingMs: 0 }), kind };
    await all.client.cancel(ref, never);
    await errorOf(all.client.cancel(ref, never));
    await errorOf(all.client.cancel({ ...ref, id: "none" }, never));
    expect(await all.client.get({ ...ref, id: "none" }, {}, never)).toBeUndefined();
    expect(all.asked()).toContain("DELETE /v1/tasks/{id}");
  }));

test.each([401, 403] as const)("refreshes an access token that is answered %p", (expiredTokenStatus) =>
  withExchanges(bench({ simulate: { expiredTokenStatus } }), async (all) => {
    const ref = { id: startSddcTask(all), kind };
    await all.client.look([ref], never);
    all.simulator.expireSessions();
    await all.client.look([ref], never);
    all.simulator.restart();
    // The connections of the first requests are cut, and refresh tokens are forgotten.
    await all.client.look([ref], never).catch(() => undefined);
    await all.client.look([ref], never);
    expect(all.asked()).toContain("PATCH /v1/tokens/access-token/refresh");
  }),
);

test.each([400, 401] as const)("is refused by a wrong password with %p", (badCredentialsStatus) =>
  withExchanges(
    bench({ settings: { password: "wrong" }, simulate: { badCredentialsStatus } }),
    async ({ client }) => {
      expect(await errorOf(client.reach(never))).toMatchObject({ code: "VMWARE_ENDPOINT_FAULT" });
    },
  ),
);

test("looks for what an unanswered request has started", () =>
  withExchanges(bench(), async ({ client, simulator }) => {
    simulator.fault({ what: "reset-after", match: { operation: "start" } });
    await errorOf(client.start(commission, { kind }, never));
    expect(await client.findStarted({ request: commission, kind, sentAt: 0 }, never)).toHaveLength(1);
  }));

test.each([401, 403, 404, 429, 500, 503])("is told %p about a task", (status) =>
  withExchanges(bench(), async (all) => {
    const id = startSddcTask(all);
    all.simulator.fault({ what: "status", status, times: 2, match: { operation: "get" } });
    const [look] = await all.client.look([{ id, kind }], never).catch(() => []);
    expect(look?.kind).not.toBe("seen");
  }),
);

test.each([400, 401, 403, 429, 500, 503])("a start is told %p", (status) =>
  withExchanges(bench(), async ({ client, simulator }) => {
    simulator.fault({ what: "status", status, times: 2, match: { operation: "start" } });
    await errorOf(client.start(commission, { kind }, never));
  }),
);
