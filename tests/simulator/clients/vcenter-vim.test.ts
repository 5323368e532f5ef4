// Tasks of the Virtual Infrastructure JSON API at a vCenter endpoint: `kind: "vim"`.
import type { TaskPlan } from "../../../provider/simulator";
import type { TaskRef } from "../../../provider/tasks";
import { seen, startVcenterTask } from "../../support/look-at";
import {
  errorOf,
  midnight,
  never,
  withClient,
  type ClientBench,
  type ClientBenchOptions,
} from "../../support/with-simulator";

const bench: ClientBenchOptions = { product: "vcenter" };
const vim = (id: string): TaskRef => ({ id, kind: "vim" });
const powerOn = "/sdk/vim25/8.0.2.0/VirtualMachine/vm-1/PowerOnVM_Task";

function startVimTask({ simulator }: ClientBench, plan: TaskPlan = {}): string {
  return simulator.startForeignTask({ product: "vcenter", path: powerOn, plan });
}

const lookAt = async ({ client }: ClientBench, id: string): Promise<ReturnType<typeof seen>> =>
  seen((await client.look([vim(id)], never))[0]);

test("shows a task from its start to its end", () =>
  withClient(bench, async (all) => {
    const id = startVimTask(all, { pendingMs: 100, result: "vm-9", messages: ["Powering on"] });
    expect(id).toMatch(/^task-\d+$/);
    expect(await lookAt(all, id)).toMatchObject({
      ref: vim(id),
      status: "PENDING",
      nativeStatus: "queued",
      name: "VirtualMachine.PowerOnVM name of vm-1",
      startedAt: midnight,
      resources: [{ type: "VirtualMachine", id: "vm-1", name: "name of vm-1" }],
      isCancellable: true,
      causes: [],
    });
    all.pass(550);
    expect(await lookAt(all, id)).toMatchObject({
      status: "RUNNING",
      nativeStatus: "running",
      progress: { fraction: 0.5, message: "Powering on" },
      startedAt: midnight + 100,
    });
    all.pass(1_000);
    expect(await lookAt(all, id)).toMatchObject({
      status: "SUCCEEDED",
      nativeStatus: "success",
      result: "vm-9",
      finishedAt: midnight + 1_000,
    });
    expect(all.simulator.requests.at(-1)?.path).toBe(`/sdk/vim25/8.0.2.0/Task/${id}/info`);
  }));

test("asks in the release that the endpoint names", () =>
  withClient({ ...bench, settings: { vimRelease: "9.0.0.0" } }, async (all) => {
    const id = startVimTask(all);
    expect(await all.client.get(vim(id), {}, never)).toMatchObject({ ref: vim(id) });
    expect(all.simulator.requests.at(-1)?.path).toBe(`/sdk/vim25/9.0.0.0/Task/${id}/info`);
  }));

test("shows the twin of a CIS task under its own id", () =>
  withClient(bench, async (all) => {
    const id = startVcenterTask(all, { vimTask: "task-7" });
    expect(await lookAt(all, "task-7")).toMatchObject({
      status: "PENDING",
      resources: [{ type: "VirtualMachine", id: "vm-1" }],
    });
    all.simulator.finish(id);
    expect(await lookAt(all, "task-7")).toMatchObject({ status: "SUCCEEDED" });
  }));

test("keeps these tasks apart from CIS tasks, and looks at each alone", () =>
  withClient(bench, async (all) => {
    const { client, simulator } = all;
    const ids = Array.from({ length: 6 }, () => startVimTask(all));
    const refs = [...ids.slice(0, 3), "task-99999", ...ids.slice(3)].map(vim);
    expect(new Set(refs.map((ref) => client.groupOf(ref)))).toEqual(new Set(["vim"]));
    expect(client.groupOf({ id: "task-7", kind: "task" })).toBe("");
    expect([client.costOf(7, "vim"), client.costOf(7, "com.vmware.vcenter.VM")]).toEqual([7, 1]);
    const looks = await client.look(refs, never);
    expect(looks.map((look) => (look.kind === "seen" ? look.snapshot.ref.id : look.kind))).toEqual([
      ...ids.slice(0, 3),
      "missing",
      ...ids.slice(3),
    ]);
    expect(simulator.counts()).toMatchObject({ get: 7, list: 0 });
    // The other API does not know them.
    expect(await client.get({ id: ids[0] ?? "", kind: "task" }, {}, never)).toBeUndefined();
    expect(await client.get(vim("task-99999"), {}, never)).toBeUndefined();
  }));

test("cancels, and sees the task end as CANCELLED; a second cancel is no error", () =>
  withClient(bench, async (all) => {
    const id = startVimTask(all, { cancelMs: 500 });
    await all.client.cancel(vim(id), never);
    expect(await lookAt(all, id)).toMatchObject({ status: "PENDING" });
    all.pass(600);
    expect(await lookAt(all, id)).toMatchObject({
      status: "CANCELLED",
      nativeStatus: "error",
      causes: [{ code: "RequestCanceled" }],
    });
    await all.client.cancel(vim(id), never);
  }));

test("passes on that a task cannot be cancelled or is not known", () =>
  withClient(bench, async (all) => {
    const error = await errorOf(all.client.cancel(vim(startVimTask(all, { cancellable: false })), never));
    expect(error).toMatchObject({ refusal: { causes: [{ code: "NotSupported" }] } });
    expect(error.message).toMatch(/goes on to its end\.$/);
    expect(await errorOf(all.client.cancel(vim("task-99999"), never))).toMatchObject({
      refusal: { isNotFound: true },
    });
  }));

const inner = {
  _typeName: "NotEnoughLicenses",
  faultMessage: [{ key: "k", message: "There is no license for this." }],
};

test.each<[string, unknown, unknown[]]>([
  [
    "a fault as the API documents it",
    { ...inner, faultCause: { _typeName: "SystemError", faultMessage: [{ message: "Deeper." }] } },
    [
      { path: [], code: "NotEnoughLicenses", message: "There is no license for this." },
      { path: [], code: "SystemError", message: "Deeper." },
    ],
  ],
  [
    "a fault wrapped as the older APIs do it",
    { _typeName: "LocalizedMethodFault", fault: inner, localizedMessage: "No license." },
    [{ code: "NotEnoughLicenses", message: "No license." }, { message: "There is no license for this." }],
  ],
  [
    "a fault without a word",
    { _typeName: "SystemError" },
    [{ code: "SystemError", message: "the server gives no message" }],
  ],
  ["nothing", null, []],
  ["a text", "broken", []],
  ["odd fields", { _typeName: 4, faultMessage: "x", faultCause: [] }, []],
])("explains a failure by %s", (_title, error, causes) =>
  withClient(bench, async (all) => {
    const id = startVimTask(all, { outcome: "FAILED", fields: { error } });
    all.pass(1_000);
    const task = await lookAt(all, id);
    expect(task.status).toBe("FAILED");
    expect(task.causes).toHaveLength(causes.length);
    expect(task.causes).toMatchObject(causes);
  }),
);

test.each<[string, Record<string, unknown>]>([
  [
    "nulls",
    { name: null, entity: null, progress: null, startTime: null, description: null, cancelled: null },
  ],
  ["numbers", { name: 1, entity: 2, entityName: 3, startTime: 4, descriptionId: 5, cancelable: 6 }],
  ["progress beyond its end", { progress: 140 }],
])("looks at a task with odd fields: %s", (_title, fields) =>
  withClient(bench, async (all) => {
    const id = startVimTask(all, { fields });
    all.pass(500);
    const task = await lookAt(all, id);
    expect(task.status).toBe("RUNNING");
    expect(task.progress.fraction ?? 0).toBeLessThanOrEqual(1);
  }),
);

test("takes no word that is not known for a success, and names a state that is missing", () =>
  withClient(bench, async (all) => {
    expect(await lookAt(all, startVimTask(all, { nativeStatus: "finished" }))).toMatchObject({
      status: "UNKNOWN",
    });
    const odd = startVimTask(all, { omitFields: ["state"] });
    const [look] = await all.client.look([vim(odd)], never);
    expect(look).toMatchObject({ kind: "fault", fault: { fault: { faultClass: "shape" } } });
    expect(look?.kind === "fault" ? look.fault.message : "").toContain('the field "state" of a task');
  }));

test("starts a method that answers with a task, as the program writes it", () =>
  withClient(bench, async ({ client, simulator }) => {
    const request = { method: "POST", path: powerOn, body: {} } as const;
    const reply = await client.start(request, { kind: "vim" }, never);
    expect(reply).toEqual({ kind: "task", ref: vim(simulator.tasks()[0]?.id ?? "") });
    expect(simulator.starts).toMatchObject([{ query: {} }]);
  }));

test.each([
  ["InvalidPowerState", "VMWARE_REQUEST_REFUSED", { refusal: { isBusy: false } }],
  ["TaskInProgress", "VMWARE_REQUEST_REFUSED", { refusal: { isBusy: true } }],
  ["HostCommunication", "VMWARE_ENDPOINT_FAULT", { fault: { sent: "maybe" } }],
])("takes the fault %s at a start for what it says", (error, code, more) =>
  withClient(bench, async ({ client, simulator }) => {
    simulator.script({ reply: { error, message: "For a reason.", starts: false } });
    const request = { method: "POST", path: powerOn } as const;
    const thrown = await errorOf(client.start(request, { kind: "vim" }, never));
    expect(thrown).toMatchObject({ code, ...more });
    expect(thrown.message).toContain(`${error}: For a reason.`);
  }),
);

test.each([401, 500])("renews a session that has ended, told by %p", (status) =>
  withClient(bench, async (all) => {
    const id = startVimTask(all);
    await all.client.reach(never);
    all.simulator.expireSessions();
    all.simulator.fault({ what: "status", status, error: "NotAuthenticated", match: { operation: "get" } });
    expect(await lookAt(all, id)).toMatchObject({ status: "PENDING" });
    expect(all.simulator.counts().login).toBe(2);
  }),
);

test("explains a vCenter whose session does not hold for this API, and asks no more", () =>
  withClient({ ...bench, simulate: { vimSession: "separate" } }, async (all) => {
    const { client, simulator } = all;
    const id = startVimTask(all);
    for (let round = 0; round < 3; round += 1) {
      const [look] = await client.look([vim(id)], never);
      if (look?.kind !== "fault") throw new Error("It is no fault.");
      expect(look.fault.fault).toMatchObject({ faultClass: "login", httpStatus: 401 });
      expect(look.fault.message).toContain(`/sdk/vim25/8.0.2.0/Task/${id}/info`);
      expect(look.fault.message).toContain("Only vCenter 8.0 U3 and later share it");
    }
    expect(simulator.counts().login).toBeLessThanOrEqual(3);
    expect(simulator.counts().get).toBeLessThanOrEqual(4);
    // CIS tasks go on.
    expect(await client.list({ services: ["com.vmware.vcenter.VM"] }, never)).toEqual([]);
  }));

describe("the search for a start whose reply was lost", () => {
  const trace = { request: { method: "POST", path: powerOn }, kind: "vim", sentAt: midnight } as const;
  const found = async ({ client }: ClientBench, sentAt = midnight): Promise<string[] | undefined> =>
    (await client.findStarted({ ...trace, sentAt }, never))?.map(({ ref }) => ref.id);

  test("finds the same method on the same object, by the history since then", () =>
    withClient(bench, async (all) => {
      startVimTask(all);
      all.pass(60_000);
      const ids = [startVimTask(all, { durationMs: 0 }), startVimTask(all, { fields: { name: null } })];
      const foreign = (path: string): string => all.simulator.startForeignTask({ product: "vcenter", path });
      foreign("/sdk/vim25/8.0.2.0/VirtualMachine/vm-11/PowerOnVM_Task");
      foreign("/sdk/vim25/8.0.2.0/VirtualMachine/vm-1/PowerOffVM_Task");
      startVimTask(all, { fields: { reason: { _typeName: "TaskReasonSchedule" } } });
      expect(await found(all, midnight + 60_000)).toEqual(ids);
      expect(all.simulator.requests.filter(({ path }) => path.includes("Collector"))).toMatchObject([
        { path: "/sdk/vim25/8.0.2.0/TaskManager/TaskManager/CreateCollectorForTasks", status: 200 },
        { path: expect.stringMatching(/TaskHistoryCollector.*ReadNextTasks/) as string, status: 200 },
        { path: expect.stringMatching(/TaskHistoryCollector.*ReadNextTasks/) as string, status: 200 },
        { path: expect.stringMatching(/HistoryCollector.*DestroyCollector/) as string, status: 204 },
      ]);
    }));

  test.each([
    ["a stamp of 1970", { queueTime: "1970-01-01T00:00:00Z", startTime: "1970-01-01T00:00:00Z" }],
    ["no stamp", { queueTime: null, startTime: null }],
    ["no object", { entity: null }],
    ["an object of another type", { entity: { type: "Folder", value: "group-v3" } }],
  ])("does not overlook a task with %s", (_title, fields) =>
    withClient(bench, async (all) => {
      const id = startVimTask(all, { fields });
      expect(await found(all)).toEqual([id]);
    }),
  );

  test("cannot tell while a task without a state may be the one", () =>
    withClient(bench, async (all) => {
      startVimTask(all, { omitFields: ["state"] });
      expect(await found(all)).toBeUndefined();
      const id = startVimTask(all);
      expect(await found(all)).toEqual([id]);
    }));

  test("cannot tell when there are more tasks than it reads", () =>
    withClient(bench, async (all) => {
      for (let number = 0; number < 2_000; number += 1) startVimTask(all);
      expect(await found(all)).toBeUndefined();
      expect(all.simulator.counts().list).toBe(20);
    }));

  test("leaves no collector behind, also when it fails", () =>
    withClient(bench, async (all) => {
      all.simulator.fault({ what: "status", status: 503, times: 33, match: { operation: "list" } });
      // A session may have 32 of them.
      for (let number = 0; number < 33; number += 1)
        expect(await errorOf(found(all))).toMatchObject({ code: "VMWARE_ENDPOINT_FAULT" });
      expect(await found(all)).toEqual([]);
    }));
});
