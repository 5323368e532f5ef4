import type { ApiRequest } from "../../../provider/tasks";
import { errorOf, never, type ClientBench } from "../../support/with-simulator";
import { withExchanges, type ScenarioOptions } from "../support/with-exchanges";

const kind = "task";
const groups = "/api/snapservice/clusters/domain-c8/protection-groups";
const create = {
  method: "POST",
  path: `${groups}?vmw-task=true`,
  body: { name: "daily", target_entities: { vms: ["vm-1"] } },
} as const;
const service = "com.vmware.snapservice.clusters.protection_groups";

const bench = (more: Partial<ScenarioOptions> = {}): ScenarioOptions => ({ product: "snapservice", ...more });

/** A task that works on a protection group. */
function startTask({ simulator }: ClientBench, plan: Parameters<typeof simulator.script>[0] = {}): string {
  if (simulator.objects(groups).length === 0)
    simulator.addObject(groups, { name: "hourly", target_entities: { vms: ["vm-1"] } }, "pg-1");
  const path = `${groups}/pg-1/snapshots?vmw-task=true`;
  const name = `snapshot of ${String(simulator.tasks().length)}`;
  return simulator.startForeignTask({ product: "snapservice", path, body: { name }, plan });
}

/** A token that names the simulator's user; its signature is not checked. */
function jwt(user: string): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "RS256" })}.${part({ sub: user })}.c2lnbmF0dXJl`;
}

test("looks at one task and at many, running and ended", () =>
  withExchanges(bench(), async (all) => {
    const ids = [
      startTask(all, { durationMs: 60_000, messages: ["Copying"] }),
      startTask(all, { result: { snapshot: "snapshot-9" } }),
      startTask(all, { outcome: "FAILED" }),
      startTask(all, { outcome: "FAILED", error: "It broke." }),
      startTask(all, { outcome: "BLOCKED" }),
    ];
    const refs = ids.map((id) => ({ id, kind }));
    for (const ms of [0, 500, 1_000]) {
      all.pass(ms);
      for (const ref of refs) await all.client.look([ref], never);
      const looks = await all.client.look(refs, never);
      expect(looks.every((look) => look.kind === "seen")).toBe(true);
    }
    expect(all.asked()).toEqual(
      expect.arrayContaining(["GET /api/snapservice/tasks", "GET /api/snapservice/tasks/{task}"]),
    );
  }));

test("gets a task, and none that is not there", () =>
  withExchanges(bench(), async (all) => {
    const ref = { id: startTask(all), kind };
    all.pass(1_000);
    expect(await all.client.get(ref, {}, never)).toMatchObject({ status: "SUCCEEDED" });
    expect(await all.client.get({ ...ref, id: `${ref.id}x` }, {}, never)).toBeUndefined();
  }));

test("lists by every filter", () =>
  withExchanges(bench(), async (all) => {
    const { client } = all;
    const id = startTask(all);
    all.pass(1_000);
    expect(await client.list({}, never)).toHaveLength(1);
    const [task] = await client.list({ tasks: [id] }, never);
    const operation = String(task?.native["operation"]);
    const found = {
      tasks: [id, "none"],
      services: [String(task?.native["service"])],
      operations: [operation],
      status: ["SUCCEEDED", "FAILED"],
      users: [String(task?.native["user"])],
    };
    expect(await client.list(found, never)).toHaveLength(1);
    for (const name of Object.keys(found))
      expect(
        await client.list({ ...found, [name]: name === "status" ? ["RUNNING"] : ["other"] }, never),
      ).toEqual([]);
  }));

test("starts operations, follows them, and reads what they made", () =>
  withExchanges(bench(), async ({ client, pass, asked }) => {
    const run = async (
      path: string,
      method: ApiRequest["method"] = "POST",
      body?: unknown,
    ): Promise<unknown> => {
      const reply = await client.start({ method, path, body }, { kind }, never);
      if (reply.kind !== "task") throw new Error("It gave no task.");
      await client.look([reply.ref], never);
      pass(1_000);
      const task = await client.get(reply.ref, {}, never);
      expect(task).toMatchObject({ status: "SUCCEEDED" });
      return task?.result;
    };
    const group = `${groups}/${String(await run(create.path, "POST", create.body))}`;
    const taken = await run(`${group}/snapshots?vmw-task=true`, "POST", {
      name: "now",
      retention: { unit: "DAY", duration: 1 },
    });
    const { snapshot = "" } = taken as { snapshot?: string };
    for (const action of ["pause", "resume", "demote", "promote"])
      await run(`${group}?action=${action}&vmw-task=true`);
    await run(`${group}?vmw-task=true`, "PATCH", { name: "weekly" });
    const read = (path: string): Promise<unknown> => client.read({ method: "GET", path }, never);
    expect(await read(groups)).toMatchObject({ items: [{ info: { name: "weekly" } }] });
    expect(await read(`${groups}?names=weekly&states=ACTIVE`)).toMatchObject({ items: [{}] });
    expect(await read(group)).toMatchObject({ status: "ACTIVE" });
    expect(await read(`${group}/snapshots`)).toMatchObject({ snapshots: [{ snapshot }] });
    expect(await read(`${group}/snapshots/${snapshot}`)).toMatchObject({ name: "now" });
    expect(await read("/api/snapservice/info/about")).toBeDefined();
    for (const action of ["linked-clone", "restore"])
      await run(
        `/api/snapservice/clusters/domain-c8/virtual-machines/vm-1?action=${action}&vmw-task=true`,
        "POST",
        { snapshot, name: action },
      );
    // One of the few changes that exist without a task only.
    const path = `${group}/snapshots/${snapshot}`;
    const gone = await client.start(
      { method: "DELETE", path, query: { "vmw-task": false } },
      { kind },
      never,
    );
    expect(gone.kind).toBe("done");
    await run(`${group}?force=true&vmw-task=true`, "DELETE");
    expect(await read(group)).toBeUndefined();
    expect(asked()).toContain(
      "DELETE /api/snapservice/clusters/{cluster}/protection-groups/{pg}/snapshots/{snapshot}",
    );
  }));

test("logs in again when its session has ended", () =>
  withExchanges(bench(), async (all) => {
    const ref = { id: startTask(all), kind };
    await all.client.look([ref], never);
    all.simulator.expireSessions();
    const [look] = await all.client.look([ref], never);
    expect(look?.kind).toBe("seen");
    expect(all.exchanges.map(({ status }) => status)).toContain(401);
    expect(all.asked()).toContain("POST /api/snapservice/sessions");
  }));

test.each(["8.0.3", "9.1"] as const)("takes a token with every call in %s", (snapserviceVersion) =>
  withExchanges(
    bench({
      settings: { login: "bearer", token: jwt("administrator@vsphere.local") },
      simulate: { snapserviceVersion },
    }),
    async (all) => {
      const [look] = await all.client.look([{ id: startTask(all), kind }], never).catch(() => []);
      expect(look?.kind).toBe(snapserviceVersion === "8.0.3" ? "seen" : undefined);
      expect(all.asked()).toEqual(["GET /api/snapservice/tasks/{task}"]);
    },
  ),
);

test("logs in with an assertion", () => {
  const token = "<Assertion><Subject><NameID>administrator@vsphere.local</NameID></Subject></Assertion>";
  return withExchanges(bench({ settings: { login: "saml", token } }), async (all) => {
    const [look] = await all.client.look([{ id: startTask(all), kind }], never);
    expect(look?.kind).toBe("seen");
    expect(all.asked()).toContain("POST /api/snapservice/sessions");
  });
});

test("is refused by a wrong password", () =>
  withExchanges(bench({ settings: { password: "wrong" } }), async ({ client }) => {
    expect(await errorOf(client.reach(never))).toMatchObject({ code: "VMWARE_ENDPOINT_FAULT" });
  }));

test("takes what a group is already for done", () =>
  withExchanges(bench(), async (all) => {
    startTask(all);
    const path = `${groups}/pg-1?action=resume&vmw-task=true`;
    expect(await all.client.start({ method: "POST", path }, { kind }, never)).toMatchObject({ kind: "done" });
    expect(all.exchanges.map(({ status }) => status)).toContain(400);
  }));

test("looks for what an unanswered request has started", () =>
  withExchanges(bench(), async ({ client, simulator }) => {
    simulator.fault({ what: "reset-after", match: { operation: "start" } });
    await errorOf(client.start(create, { kind }, never));
    expect(await client.findStarted({ request: create, kind, sentAt: 0 }, never)).toHaveLength(1);
    expect(await client.list({ services: [service] }, never)).toHaveLength(1);
  }));

test.each([401, 403, 404, 500, 503])("is told %p about a task", (status) =>
  withExchanges(bench(), async (all) => {
    const id = startTask(all);
    all.simulator.fault({ what: "status", status, times: 2, match: { operation: "get" } });
    const [look] = await all.client.look([{ id, kind }], never).catch(() => []);
    expect(look?.kind).not.toBe("seen");
  }),
);

test.each([400, 401, 403, 500, 503])("a list is told %p", (status) =>
  withExchanges(bench(), async ({ client, simulator }) => {
    simulator.fault({ what: "status", status, times: 2, match: { operation: "list" } });
    await errorOf(client.list({}, never));
  }),
);

test.each([
  [400, "INVALID_ARGUMENT"],
  [400, "NOT_ALLOWED_IN_CURRENT_STATE"],
  [401, "UNAUTHENTICATED"],
  [403, "UNAUTHORIZED"],
  [404, "NOT_FOUND"],
  [500, "ERROR"],
  [503, "SERVICE_UNAVAILABLE"],
])("a start is told %p %s", (status, error) =>
  withExchanges(bench(), async ({ client, simulator }) => {
    simulator.fault({ what: "status", status, error, times: 2, match: { operation: "start" } });
    await errorOf(client.start(create, { kind }, never));
  }),
);
