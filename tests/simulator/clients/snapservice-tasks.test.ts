import type { Look, StartTrace, TaskSnapshot } from "../../../provider/tasks";
import { kind, lookAt, startSnapTask, startVcenterTask } from "../../support/look-at";
import {
  errorOf,
  midnight,
  never,
  withClient,
  type ClientBench,
  type ClientBenchOptions,
} from "../../support/with-simulator";

const bench: ClientBenchOptions = { product: "snapservice" };
const groups = "/api/snapservice/clusters/domain-c8/protection-groups";
const body = { name: "nightly", target_entities: { vms: ["vm-1"] } };
const create = { method: "POST", path: groups, body } as const;

const refsOf = (ids: readonly string[]): { id: string; kind: string }[] => ids.map((id) => ({ id, kind }));
const wordOf = (look: Look): string => (look.kind === "seen" ? look.snapshot.ref.id : look.kind);

describe("looks at tasks of Snapservice", () => {
  test("shows a task from its start to its end", () =>
    withClient(bench, async (all) => {
      const id = startSnapTask(all, { fields: { vc_task: "task-123" } });
      expect(await lookAt(all, id)).toMatchObject({ status: "PENDING", causes: [] });
      all.pass(600);
      expect(await lookAt(all, id)).toMatchObject({
        status: "RUNNING",
        name: "Revert virtual machines",
        progress: { fraction: 0.55, message: "In progress." },
        startedAt: midnight + 100,
        resources: [{ type: "VirtualMachine", id: "vm-1" }],
        isCancellable: false,
        native: { vc_task: "task-123", operation: "revert" },
      });
      all.pass(400);
      expect(await lookAt(all, id)).toMatchObject({ status: "SUCCEEDED", finishedAt: midnight + 1_000 });
    }));

  test("asks for many by one list and answers in their order, missing ones in their place", () =>
    withClient(bench, async (all) => {
      const ids = Array.from({ length: all.client.batchSize - 1 }, () => startSnapTask(all));
      const asked = [
        ...ids.slice(9),
        "00000000-0000-4000-8000-000000000000:com.vmware.a",
        ...ids.slice(0, 9),
      ];
      const looks = await all.client.look(refsOf(asked), never);
      expect(looks.map(wordOf)).toEqual(asked.map((id) => (ids.includes(id) ? id : "missing")));
      expect(all.simulator.counts()).toMatchObject({ get: 0, list: 1 });
    }));

  test("divides ids that are too long for one URL", () =>
    withClient(bench, async (all) => {
      const long = Array.from({ length: 20 }, (_, index) => `${"x".repeat(400)}-${index}`);
      const id = startSnapTask(all);
      const looks = await all.client.look(refsOf([...long, id]), never);
      expect(looks.map(wordOf)).toEqual([...long.map(() => "missing"), id]);
      expect(all.simulator.counts().list).toBeGreaterThan(2);
    }));

  test("takes an unknown id and a task of vCenter for missing, and a task without information for an odd answer", () =>
    withClient(bench, async (all) => {
      const foreign = startVcenterTask(all);
      const id = startSnapTask(all);
      for (const missing of ["lost", foreign]) {
        expect(await all.client.look(refsOf([missing]), never)).toEqual([{ kind: "missing" }]);
        expect(await all.client.get({ id: missing, kind }, {}, never)).toBeUndefined();
      }
      all.simulator.fault({
        what: "status",
        status: 200,
        body: {
          items: [{ task: id, info: null }, { info: {} }, { task: "b", info: { status: "FAILED" } }, 7],
        },
        match: { operation: "list" },
      });
      const looks = await all.client.look(refsOf([id, "b", "c"]), never);
      expect(looks.map(wordOf)).toEqual(["fault", "b", "missing"]);
    }));

  test("passes on that a batch is refused, so that it is asked for in parts", () =>
    withClient(bench, async (all) => {
      all.simulator.fault({
        what: "status",
        status: 400,
        message: "task-42 is no identifier.",
        match: { operation: "list" },
      });
      const error = await errorOf(all.client.look(refsOf(["task-42", "b"]), never));
      expect(error).toMatchObject({ code: "VMWARE_BATCH_REFUSED" });
      expect(error.message).toContain("task-42 is no identifier.");
    }));
});

describe("lists tasks of Snapservice", () => {
  const idsOf = (tasks: readonly TaskSnapshot[]): string[] => tasks.map(({ ref }) => ref.id);

  test("by every filter of the API, the newest first", () =>
    withClient(bench, async (all) => {
      const ids = [1, 2, 3].map(() => {
        all.pass(1_000);
        return startSnapTask(all, { pendingMs: 0, durationMs: 60_000 });
      });
      all.simulator.finish(ids[1] ?? "", "FAILED");
      all.simulator.finish(ids[2] ?? "", "CANCELLED");
      const group = startSnapTask(all, { pendingMs: 0, durationMs: 60_000 }, groups);
      const list = async (filter: Record<string, unknown>): Promise<string[]> =>
        idsOf(await all.client.list(filter, never));
      expect(new Set(await list({}))).toEqual(new Set([...ids, group]));
      expect(await list({ operations: ["revert"] })).toEqual([...ids].reverse());
      expect(await list({ services: ["com.vmware.snapservice.clusters.protection_groups"] })).toEqual([
        group,
      ]);
      expect(await list({ status: "RUNNING", operations: ["revert"] })).toEqual([ids[0]]);
      expect(await list({ status: ["FAILED"] })).toEqual([ids[2], ids[1]]);
      // The server has no word for it: those that failed are compared after reading.
      expect(await list({ status: "CANCELLED" })).toEqual([ids[2], ids[1]]);
      expect(await list({ status: ["FAILED", "UNKNOWN"], operations: ["revert"] })).toHaveLength(3);
      expect(await list({ users: ["somebody.else@vsphere.local"] })).toHaveLength(4);
      expect(await list({ users: ["nobody"] })).toEqual([]);
      expect(await list({ tasks: [ids[0], ids[2]] })).toEqual([ids[2], ids[0]]);
      expect(all.simulator.requests.at(-1)?.query).toEqual({ tasks: [ids[0], ids[2]] });
    }));

  test("that are more than one URL names", () =>
    withClient(bench, async (all) => {
      const ids = Array.from({ length: 100 }, () => startSnapTask(all));
      expect(idsOf(await all.client.list({ tasks: ids }, never)).sort()).toEqual([...ids].sort());
      expect(all.simulator.counts().list).toBe(3);
    }));

  test("says how to narrow a filter that more tasks match than the server lists", () =>
    withClient(bench, async (all) => {
      for (let count = 0; count < 1_001; count += 1) startSnapTask(all);
      const error = await errorOf(all.client.list({}, never));
      expect(error).toMatchObject({ code: "VMWARE_REQUEST_REFUSED", refusal: { isBusy: false } });
      expect(error.message).toBe(
        'More than 1000 tasks of endpoint "lab" match the filter, and Snapservice lists no more than that: ' +
          "narrow it by `status`, `operations`, `services` or `users`.",
      );
    }));

  test("says what a server needs that lists nothing without a filter", () =>
    withClient(bench, async (all) => {
      const fault = { what: "status", status: 400, match: { operation: "list" }, times: 2 } as const;
      all.simulator.fault(fault);
      const error = await errorOf(all.client.list({ status: "FAILED" }, never));
      expect(error.message).toMatch(/INVALID_ARGUMENT[^]*without `tasks` or `services`/);
      const other = await errorOf(all.client.list({ services: ["a"] }, never));
      expect(other.message).not.toContain("without `tasks` or `services`");
    }));

  test("leaves out an item that tells nothing, and says what is odd when it is no list at all", () =>
    withClient(bench, async (all) => {
      const answer = (odd: unknown): void =>
        all.simulator.fault({ what: "status", status: 200, body: odd, match: { operation: "list" } });
      answer({ items: [{ task: "a", info: { status: "RUNNING" } }, { task: "b" }, { info: {} }], next: 1 });
      expect(idsOf(await all.client.list({}, never))).toEqual(["a"]);
      answer({ tasks: [] });
      expect((await errorOf(all.client.list({}, never))).message).toContain("no list of tasks in `items`");
    }));
});

describe("starts operations of Snapservice", () => {
  const start = (
    all: ClientBench,
    request: Parameters<typeof all.client.start>[0],
  ): ReturnType<typeof all.client.start> => all.client.start(request, { kind }, never);

  test("with the query that makes it a task, and gives the task's id", () =>
    withClient(bench, async (all) => {
      const reply = await start(all, create);
      expect(reply).toMatchObject({ kind: "task", ref: { kind: "task" } });
      expect(all.simulator.starts).toMatchObject([{ query: { "vmw-task": "true" }, body }]);
      all.pass(1_000);
      const id = reply.kind === "task" ? reply.ref.id : "";
      expect(await lookAt(all, id)).toMatchObject({ status: "SUCCEEDED", result: "pg-101" });
      expect(await all.client.read({ method: "GET", path: `${groups}/pg-101` }, never)).toMatchObject({
        name: "nightly",
        status: "ACTIVE",
      });
    }));

  test("takes an id of any form in a 202", () =>
    withClient(bench, async (all) => {
      all.simulator.script({ reply: { status: 202, body: "an-opaque-id" } });
      expect(await start(all, create)).toEqual({ kind: "task", ref: { id: "an-opaque-id", kind: "task" } });
    }));

  test("without a task, where the operation has none", () =>
    withClient(bench, async (all) => {
      const group = all.simulator.addObject(groups, { name: "a" });
      const snapshot = all.simulator.addObject(`${groups}/${group}/snapshots`, { name: "s" });
      const path = `${groups}/${group}/snapshots/${snapshot}`;
      expect(await start(all, { method: "DELETE", path })).toEqual({ kind: "done", body: undefined });
      expect(all.simulator.objects(`${groups}/${group}/snapshots`)).toEqual([]);
      expect(await errorOf(start(all, { method: "DELETE", path }))).toMatchObject({
        refusal: { isNotFound: true },
      });
    }));

  test("counts what is as wished already as done", () =>
    withClient(bench, async (all) => {
      const group = all.simulator.addObject(groups, { name: "a", status: "PAUSED" });
      expect(await start(all, { method: "POST", path: `${groups}/${group}?action=pause` })).toEqual({
        kind: "done",
        body: undefined,
        note: `Protection group ${group} is PAUSED already.`,
      });
    }));

  test.each([
    ["a group that is worked on", { error: "NOT_ALLOWED_IN_CURRENT_STATE" }, true],
    ["a locked group", { error: "UNSUPPORTED" }, false],
    ["a name that is taken", { error: "ALREADY_EXISTS" }, false],
  ])("says whether %s can be asked again later", (_title, { error: type }, isBusy) =>
    withClient(bench, async (all) => {
      all.simulator.fault({ what: "status", error: type, status: 400, match: { operation: "start" } });
      expect(await errorOf(start(all, create))).toMatchObject({ refusal: { httpStatus: 400, isBusy } });
    }),
  );

  test("never retries or cancels, for the API cannot", () =>
    withClient(bench, async ({ client }) => {
      expect((await errorOf(client.cancel({ id: "a", kind }, never))).message).toContain("cannot cancel");
      expect((await errorOf(client.retry({ id: "a", kind }, undefined, never))).message).toContain(
        "cannot continue",
      );
    }));
});

describe("finds the task of a request without a reply", () => {
  const trace: StartTrace = { request: create, kind, sentAt: midnight };
  const found = async (all: ClientBench, given = trace): Promise<string[] | undefined> =>
    (await all.client.findStarted(given, never))?.map(({ ref }) => ref.id);

  test("by service, operation, target and time", () =>
    withClient(bench, async (all) => {
      const before = startSnapTask(all, { pendingMs: 0, durationMs: 60_000 }, groups);
      all.pass(3_600_000);
      const mine = startSnapTask(all, { pendingMs: 0 }, groups.replace("c8", "c9"));
      startSnapTask(all, { pendingMs: 0 });
      const other = startSnapTask(all, { pendingMs: 0 }, groups);
      expect(before).not.toBe(other);
      const request = { ...create, path: groups.replace("c8", "c9") };
      expect(await found(all, { ...trace, request, sentAt: midnight + 3_600_000 })).toEqual([mine]);
      expect(await found(all, { ...trace, sentAt: midnight + 3_600_000 })).toEqual([other]);
    }));

  test("by service when the server lists nothing, or too much, without a filter", () =>
    withClient(bench, async (all) => {
      const mine = startSnapTask(all, { pendingMs: 0 }, groups);
      all.simulator.fault({ what: "status", status: 400, match: { operation: "list" }, times: 1 });
      expect(await found(all)).toEqual([mine]);
      for (let count = 0; count < 1_000; count += 1) startSnapTask(all, { pendingMs: 0 });
      expect(await found(all)).toEqual([mine]);
      expect(all.simulator.requests.at(-1)?.query).toEqual({
        services: "com.vmware.snapservice.clusters.protection_groups",
      });
    }));

  test("cannot tell when the server does not list", () =>
    withClient(bench, async (all) => {
      all.simulator.fault({ what: "status", status: 403, match: { operation: "list" }, times: 9 });
      expect(await found(all)).toBeUndefined();
    }));

  test("also under a service that is named a little otherwise than its path", () =>
    withClient(bench, async (all) => {
      const fields = { service: "com.vmware.snapservice.protection_groups" };
      expect(await found(all)).toEqual([]);
      const mine = startSnapTask(all, { pendingMs: 0, fields }, groups);
      expect(await found(all)).toEqual([mine]);
    }));
});
