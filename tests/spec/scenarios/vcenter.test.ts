import { startVcenterTask } from "../../support/look-at";
import { errorOf, never } from "../../support/with-simulator";
import { withExchanges, type ScenarioOptions } from "../support/with-exchanges";

const kind = "task";
const apply = {
  method: "POST",
  path: "/api/esx/settings/clusters/domain-c8/software?action=apply",
  body: { accept_eula: true, hosts: ["host-1"] },
} as const;
const service = "com.vmware.esx.settings.clusters.software";

const bench = (api: "api" | "rest" = "api"): ScenarioOptions => ({ product: "vcenter", settings: { api } });

describe.each(["api", "rest"] as const)("vCenter by /%s", (api) => {
  const tasks = `/${api}/cis/tasks`;

  test("looks at one task and at many, running and ended", () =>
    withExchanges(bench(api), async (all) => {
      const { client, pass } = all;
      const running = startVcenterTask(all, { durationMs: 60_000, messages: ["Copying"] });
      const plain = startVcenterTask(all, { result: "vm-2" });
      const failed = startVcenterTask(all, { outcome: "FAILED" });
      const blocked = startVcenterTask(all, { outcome: "BLOCKED" });
      for (const ms of [0, 500, 1_000]) {
        pass(ms);
        for (const id of [running, plain, failed, blocked]) await client.look([{ id, kind }], never);
        const refs = [running, plain, failed].map((id) => ({ id, kind }));
        expect(await client.look(refs, never)).toHaveLength(3);
      }
      expect(all.asked()).toContain(`GET ${tasks}/{task}`);
    }));

  test("gets a task with its options", () =>
    withExchanges(bench(api), async (all) => {
      const ref = { id: startVcenterTask(all, { result: { id: 1 } }), kind };
      all.pass(1_000);
      await all.client.get(ref, { returnAll: true, excludeResult: true }, never);
      expect((await all.client.get(ref, { returnAll: false, excludeResult: false }, never))?.result).toEqual({
        id: 1,
      });
      expect(await all.client.get({ ...ref, id: `${ref.id}x` }, {}, never)).toBeUndefined();
    }));

  test("lists by every filter", () =>
    withExchanges(bench(api), async (all) => {
      const { client } = all;
      const id = startVcenterTask(all);
      all.pass(1_000);
      await client.list({ tasks: [id, id] }, never);
      await client.list({ services: ["com.vmware.vcenter.VM"], excludeResult: true, returnAll: true }, never);
      const found = await client.list(
        {
          services: ["com.vmware.vcenter.VM"],
          operations: ["relocate$task"],
          status: ["SUCCEEDED", "FAILED"],
          targets: [
            { type: "VirtualMachine", id: "vm-1" },
            { type: "Folder", id: "group-v1" },
          ],
          users: [all.simulator.username],
        },
        never,
      );
      expect(all.asked()).toContain(api === "api" ? `POST ${tasks}?action=list` : `GET ${tasks}`);
      expect(found.length).toBeLessThanOrEqual(1);
    }));

  test("cancels, and is told what cannot be cancelled", () =>
    withExchanges(bench(api), async (all) => {
      const { client } = all;
      const ref = { id: startVcenterTask(all), kind };
      await client.cancel(ref, never);
      // The server refuses what has ended; to a program it is as good as cancelled.
      await client.cancel(ref, never);
      expect(all.exchanges.map(({ status }) => status)).toContain(400);
      await errorOf(client.cancel({ ...ref, id: `${ref.id}x` }, never));
      await errorOf(client.cancel({ ...ref, id: startVcenterTask(all, { cancellable: false }) }, never));
      const [look] = await client.look([ref], never);
      expect(look).toMatchObject({ snapshot: { status: "CANCELLED" } });
      expect(all.asked()).toContain(`POST ${tasks}/{task}?action=cancel`);
    }));

  test("logs in again when its session has ended", () =>
    withExchanges(bench(api), async (all) => {
      const id = startVcenterTask(all);
      await all.client.look([{ id, kind }], never);
      all.simulator.expireSessions();
      await all.client.look([{ id, kind }], never);
      expect(all.exchanges.map(({ status }) => status)).toContain(401);
    }));

  test("is refused by a wrong password", () =>
    withExchanges({ ...bench(api), settings: { api, password: "wrong" } }, async ({ client }) => {
      expect(await errorOf(client.reach(never))).toMatchObject({ code: "VMWARE_ENDPOINT_FAULT" });
    }));

  const statuses = api === "api" ? [401, 403, 404, 429, 500, 503] : [400, 401, 403, 404, 503];
  test.each(statuses)("is told %p about a task", (status) =>
    withExchanges(bench(api), async (all) => {
      const id = startVcenterTask(all);
      const error = status === 400 ? { error: "RESOURCE_INACCESSIBLE" } : {};
      all.simulator.fault({ what: "status", status, times: 2, match: { operation: "get" }, ...error });
      const [look] = await all.client.look([{ id, kind }], never).catch(() => []);
      expect(look?.kind).not.toBe("seen");
    }),
  );
});

test("starts an operation of vSphere Lifecycle Manager and follows it", () =>
  withExchanges(bench(), async ({ client, pass, asked }) => {
    const reply = await client.start(apply, { kind }, never);
    if (reply.kind !== "task") throw new Error("It gave no task.");
    for (const ms of [0, 500, 1_000]) {
      pass(ms);
      await client.look([reply.ref], never);
    }
    expect(await client.list({ services: [service], operations: ["apply$task"] }, never)).toHaveLength(1);
    expect(asked()).toContain(
      `${apply.method} ${apply.path.replace("domain-c8", "{cluster}")}&vmw-task=true`,
    );
  }));

test("is told that something has changed meanwhile", () =>
  withExchanges(bench(), async ({ client, simulator }) => {
    const path = "/api/esx/settings/clusters/domain-c8/software/recommendations?action=generate";
    simulator.fault({ what: "status", status: 409, match: { operation: "start" } });
    expect(await errorOf(client.start({ method: "POST", path }, { kind }, never))).toMatchObject({
      refusal: { isBusy: true },
    });
  }));

test("looks for what an unanswered request has started", () =>
  withExchanges(bench(), async ({ client, simulator }) => {
    simulator.fault({ what: "reset-after", match: { operation: "start" } });
    await errorOf(client.start(apply, { kind }, never));
    expect(await client.findStarted({ request: apply, kind, sentAt: 0 }, never)).toHaveLength(1);
  }));

test.each([
  [400, "NOT_ALLOWED_IN_CURRENT_STATE"],
  [401, "UNAUTHENTICATED"],
  [403, "UNAUTHORIZED"],
  [404, "NOT_FOUND"],
  [500, "ERROR"],
  [503, "SERVICE_UNAVAILABLE"],
])("a start is told %p %s", (status, error) =>
  withExchanges(bench(), async ({ client, simulator }) => {
    simulator.fault({ what: "status", status, error, times: 2, match: { operation: "start" } });
    await errorOf(client.start(apply, { kind }, never));
  }),
);
