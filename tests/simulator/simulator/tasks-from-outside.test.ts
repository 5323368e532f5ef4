import { withSimulator, type Bench } from "./with-simulator";

const sync = "/api/esx/settings/depots?action=sync&vmw-task=true";

async function start({ vcenter }: Bench): Promise<string> {
  return String((await vcenter("POST", sync)).body);
}

test.each(["SUCCEEDED", "FAILED", "CANCELLED"] as const)(
  "ends a task as %s at once, even one that is stuck",
  async (outcome) => {
    await withSimulator({ scripts: [{ outcome: "BLOCKED" }] }, async (bench) => {
      const id = await start(bench);
      bench.pass(60_000);
      bench.simulator.finish(id, outcome, { result: 42 });
      const { body } = await bench.vcenter("GET", `/api/cis/tasks/${id}`);
      expect(body).toMatchObject({ status: outcome === "CANCELLED" ? "FAILED" : outcome, result: 42 });
      expect(() => bench.simulator.finish(id)).toThrow(/has ended already/);
      expect(() => bench.simulator.change(id, {})).toThrow(/has ended already/);
    });
  },
);

test("makes the object of a clone that is ended by hand", async () => {
  await withSimulator({}, async ({ vcenter, simulator }) => {
    const { body } = await vcenter("POST", "/api/vcenter/vm?action=clone&vmw-task=true", {
      source: "a",
      name: "b",
    });
    simulator.finish(String(body));
    expect(simulator.objects("/api/vcenter/vm")).toMatchObject([{ name: "b" }]);
  });
});

test("shows the cause where the change puts it, however early the task fails", async () => {
  await withSimulator({}, async ({ sddc, simulator }) => {
    const { body } = await sddc("POST", "/v1/clusters", {});
    const { id } = body as { id: string };
    simulator.finish(id, "FAILED", {
      subTasks: [{ name: "A" }, { name: "B", outcome: "FAILED", errors: ["No."] }],
    });
    expect((await sddc("GET", `/v1/tasks/${id}`)).body).toMatchObject({
      status: "Failed",
      subTasks: [{ status: "SUCCESSFUL" }, { status: "FAILED", errors: [{ message: "No." }] }],
    });
  });
});

test("lets the sub-task fail that runs, when a task is ended as failed", async () => {
  await withSimulator({}, async ({ sddc, simulator, pass }) => {
    for (const [ms, states] of [
      [0, ["FAILED", "PENDING", "PENDING"]],
      [500, ["SUCCESSFUL", "FAILED", "PENDING"]],
    ] as const) {
      const { body } = await sddc("POST", "/v1/edge-clusters", {});
      const { id } = body as { id: string };
      pass(ms);
      simulator.finish(id, "FAILED");
      const task = (await sddc("GET", `/v1/tasks/${id}`)).body as {
        subTasks: { status: string; errors: unknown[] }[];
      };
      expect(task.subTasks.map(({ status }) => status)).toEqual(states);
      expect(task.subTasks.find(({ status }) => status === "FAILED")?.errors).toHaveLength(1);
    }
  });
});

test("shows every sub-task as successful when a task is ended as such", async () => {
  await withSimulator({ scripts: [{ outcome: "FAILED" }] }, async ({ sddc, simulator, pass }) => {
    const { id } = (await sddc("POST", "/v1/edge-clusters", {})).body as { id: string };
    pass(500);
    simulator.finish(id);
    const task = (await sddc("GET", `/v1/tasks/${id}`)).body as { subTasks: { status: string }[] };
    expect(task.subTasks.map(({ status }) => status)).toEqual(["SUCCESSFUL", "SUCCESSFUL", "SUCCESSFUL"]);
  });
});

test("retries a failed task as an operator would, and refuses one that has not failed", async () => {
  await withSimulator({}, async ({ sddc, simulator, pass }) => {
    simulator.script({ outcome: "FAILED", retryable: false });
    const { id } = (await sddc("POST", "/v1/clusters", {})).body as { id: string };
    expect(() => simulator.retry(id)).toThrow(/PENDING; only a failed one/);
    pass(1000);
    simulator.retry(id, { durationMs: 10 });
    expect(simulator.task(id)).toMatchObject({ status: "RUNNING", attempts: 2 });
    pass(10);
    expect(simulator.task(id)).toMatchObject({ status: "SUCCEEDED", percent: 100 });
  });
});

test("starts a task that somebody else is said to have started", async () => {
  await withSimulator({}, async ({ vcenter, simulator, pass }) => {
    const id = simulator.startForeignTask({
      product: "vcenter",
      path: "/api/vcenter/vm?action=clone",
      body: { source: "a", name: "theirs" },
      user: "bob@vsphere.local",
      plan: { durationMs: 10 },
    });
    expect(simulator.starts).toEqual([]);
    expect(simulator.counts().start).toBe(0);
    expect(simulator.task(id)).toMatchObject({ foreign: true, user: "bob@vsphere.local" });
    pass(10);
    expect((await vcenter("GET", `/api/cis/tasks/${id}`)).body).toMatchObject({
      user: "bob@vsphere.local",
      status: "SUCCEEDED",
    });
    const taken = {
      product: "vcenter",
      path: "/api/vcenter/vm?action=clone",
      body: { source: "a", name: "theirs" },
    } as const;
    expect(() => simulator.startForeignTask(taken)).toThrow(/refuses/);
  });
});

test("says which task or collection it does not know", async () => {
  await withSimulator({}, async ({ simulator }) => {
    for (const act of [
      () => simulator.finish("x"),
      () => simulator.change("x", {}),
      () => simulator.retry("x"),
      () => simulator.forget("x"),
    ]) {
      expect(act).toThrow("There is no task x.");
    }
    expect(() => simulator.objects("/v1/none")).toThrow(
      /There is no collection at \/v1\/none; there are .*\/v1\/hosts/,
    );
    expect(() => simulator.addObject("/v1/hosts", {})).toThrow(/needs a fqdn/);
    simulator.addObject("/v1/hosts", { fqdn: "a" }, "host-1");
    expect(() => simulator.addObject("/v1/hosts", { fqdn: "a" })).toThrow(/exists already/);
    expect(() => simulator.removeObject("/v1/hosts", "none")).toThrow(/There is no none/);
    expect(simulator.objects("/v1/hosts")).toMatchObject([{ id: "host-1" }]);
    return Promise.resolve();
  });
});

test("forgets everything but its options at a reset", async () => {
  await withSimulator(
    { scripts: [{ match: { path: "/api/esx/*" }, result: "own" }], defaultDurationMs: 0 },
    async (bench) => {
      const { simulator, send } = bench;
      simulator.script({ outcome: "FAILED" });
      simulator.fault({ what: "status", times: Infinity, match: { operation: "list" } });
      simulator.addObject("/v1/hosts", { fqdn: "a" });
      const before = await start(bench);
      simulator.reset();
      expect(simulator.requests).toEqual([]);
      expect(simulator.starts).toEqual([]);
      expect(simulator.tasks()).toEqual([]);
      expect(simulator.objects("/v1/hosts")).toEqual([]);
      expect((await bench.vcenter("GET", "/api/cis/tasks/x")).status).toBe(401);
      const login = await send("POST", "/api/session", undefined, {
        authorization: `Basic ${btoa("administrator@vsphere.local:simulator-password")}`,
      });
      const headers = { "vmware-api-session-id": String(login.body) };
      const started = await send("POST", sync, {}, headers);
      expect(started.body).not.toBe(before);
      const path = `/api/cis/tasks/${String(started.body)}`;
      expect((await send("GET", path, undefined, headers)).body).toMatchObject({
        status: "SUCCEEDED",
        result: "own",
      });
      const filter_spec = { tasks: [started.body] };
      expect((await send("POST", "/api/cis/tasks?action=list", { filter_spec }, headers)).status).toBe(200);
    },
  );
});
