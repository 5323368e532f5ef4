import { withSimulator } from "./with-simulator";

const info = (moId: string, release = "8.0.2.0"): string => `/sdk/vim25/${release}/Task/${moId}/info`;
const powerOn = "/sdk/vim25/8.0.3.0/VirtualMachine/vm-1/PowerOnVM_Task";

test("starts a task of the VIM JSON API, shows it in its own words, and tells how to", async () => {
  await withSimulator({}, async ({ vcenter, send, simulator, pass }) => {
    const started = await vcenter("POST", powerOn);
    expect(started).toMatchObject({ status: 200, body: { type: "Task", value: "task-101" } });
    expect(await vcenter("GET", info("task-101"))).toMatchObject({
      status: 200,
      body: {
        key: "task-101",
        task: { type: "Task", value: "task-101" },
        name: "PowerOnVM_Task",
        descriptionId: "VirtualMachine.PowerOnVM",
        entity: { type: "VirtualMachine", value: "vm-1" },
        state: "queued",
        cancelled: false,
        reason: { userName: "administrator@vsphere.local" },
      },
    });
    pass(550);
    expect((await vcenter("GET", info("task-101", "9.0.0.0"))).body).toMatchObject({
      state: "running",
      progress: 50,
    });
    pass(500);
    expect((await vcenter("GET", info("task-101"))).body).toMatchObject({ state: "success" });
    expect(simulator.starts).toMatchObject([{ taskId: "task-101", path: powerOn }]);
    expect(simulator.counts()).toMatchObject({ start: 1, get: 3 });
    expect(simulator.task("task-101")?.native).toMatchObject({ state: "success" });
    expect(JSON.stringify((await send("GET", "/_simulator")).body)).toContain("/sdk/vim25/{release}/Task");
  });
});

test("is no part of the other API, which has no place for such tasks", async () => {
  await withSimulator({}, async ({ vcenter }) => {
    await vcenter("POST", powerOn);
    expect((await vcenter("GET", "/api/cis/tasks/task-101")).status).toBe(404);
    const list = await vcenter("POST", "/api/cis/tasks?action=list", {
      filter_spec: { services: ["com.vmware.vcenter.VM"] },
    });
    expect(list.body).toEqual({});
  });
});

test("shows a CIS task as a VIM task, where a script says under which id", async () => {
  await withSimulator({}, async ({ vcenter, simulator }) => {
    simulator.script({ vimTask: "task-7", outcome: "FAILED", error: "No room.", durationMs: 0 });
    simulator.addObject("/api/vcenter/vm", { name: "a" }, "vm-1");
    await vcenter("POST", "/api/vcenter/vm/vm-1?action=relocate&vmw-task=true", {});
    expect((await vcenter("GET", info("task-7"))).body).toMatchObject({
      state: "error",
      entity: { type: "VirtualMachine", value: "vm-1" },
      error: { _typeName: "SystemError", faultMessage: [{ message: "No room." }] },
    });
  });
});

test.each([
  ["an unknown task", "GET", info("task-9"), 500, "ManagedObjectNotFound"],
  [
    "an unknown method",
    "POST",
    "/sdk/vim25/8.0.2.0/VirtualMachine/vm-1/Destroy",
    500,
    "ManagedObjectNotFound",
  ],
])("answers %s with a fault", async (_title, method, path, status, type) => {
  await withSimulator({}, async ({ vcenter }) => {
    expect(await vcenter(method, path)).toMatchObject({ status, body: { _typeName: type } });
  });
});

test("refuses who has no session, and every session of /api where the options say so", async () => {
  for (const vimSession of ["shared", "separate"] as const) {
    await withSimulator({ vimSession }, async ({ send, vcenter, simulator }) => {
      const id = simulator.startForeignTask({ product: "vcenter", path: powerOn });
      const refused = { status: 401, body: { _typeName: "NotAuthenticated" } };
      expect(await send("GET", info(id))).toMatchObject(refused);
      expect(await vcenter("GET", info(id))).toMatchObject(
        vimSession === "shared" ? { status: 200 } : refused,
      );
    });
  }
});

test("takes a SAML assertion in place of user and password, and no other one", async () => {
  await withSimulator({ samlAssertion: "<a/>" }, async ({ send }) => {
    const { gzipSync } = await import("node:zlib");
    const logIn = async (token: string): Promise<number> =>
      (await send("POST", "/api/session", undefined, { authorization: `SIGN token="${token}"` })).status;
    expect(await logIn(gzipSync("<a/>").toString("base64"))).toBe(201);
    expect(await logIn(gzipSync("<b/>").toString("base64"))).toBe(401);
    expect(await logIn("not packed")).toBe(401);
  });
});

test("collects the history of tasks since a time, oldest first, and an empty page at the end", async () => {
  await withSimulator({}, async ({ vcenter, simulator, pass }) => {
    simulator.startForeignTask({ product: "vcenter", path: powerOn });
    pass(60_000);
    for (let count = 0; count < 3; count += 1)
      simulator.startForeignTask({ product: "vcenter", path: powerOn });
    const root = "/sdk/vim25/8.0.3.0";
    const create = `${root}/TaskManager/TaskManager/CreateCollectorForTasks`;
    const times = simulator.tasks().map(({ createdAt }) => createdAt);
    const filter = {
      time: { timeType: "queuedTime", beginTime: new Date((times[0] ?? 0) + 1).toISOString() },
    };
    const made = await vcenter("POST", create, { filter });
    expect(made).toMatchObject({ status: 200, body: { type: "TaskHistoryCollector" } });
    const { value } = made.body as { value: string };
    const read = async (): Promise<unknown> => {
      const { body } = await vcenter("POST", `${root}/TaskHistoryCollector/${value}/ReadNextTasks`, {
        maxCount: 2,
      });
      return (body as { key: string }[]).map(({ key }) => key);
    };
    expect([await read(), await read(), await read()]).toEqual([["task-102", "task-103"], ["task-104"], []]);
    expect((await vcenter("POST", `${root}/HistoryCollector/${value}/DestroyCollector`)).status).toBe(204);
    expect(await vcenter("POST", `${root}/TaskHistoryCollector/${value}/ReadNextTasks`, {})).toMatchObject({
      status: 500,
      body: { _typeName: "ManagedObjectNotFound" },
    });
    for (let count = 0; count < 32; count += 1) await vcenter("POST", create, { filter });
    expect((await vcenter("POST", create, { filter })).body).toMatchObject({ _typeName: "InvalidState" });
    expect((await vcenter("POST", create, {})).body).toMatchObject({ _typeName: "InvalidArgument" });
  });
});
