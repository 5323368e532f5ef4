import type { TaskScript } from "../../../provider/simulator";
import { midnight, withSimulator, type Send } from "./with-simulator";

const applyPath = "/api/esx/settings/clusters/domain-c8/software?action=apply&vmw-task=true";

async function start(vcenter: Send, path = applyPath, method = "POST"): Promise<string> {
  const answer = await vcenter(method, path, {});
  expect(answer.status).toBe(202);
  return String(answer.body);
}

const names = (body: unknown): string[] => Object.keys(body as object).sort();

test("answers a start with 202 and a bare string that ends in the service", async () => {
  await withSimulator({}, async ({ vcenter, simulator }) => {
    const id = await start(vcenter);
    expect(id).toMatch(
      /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}:com\.vmware\.esx\.settings\.clusters\.software$/,
    );
    expect(simulator.starts).toMatchObject([
      { taskId: id, method: "POST", product: "vcenter", at: midnight },
    ]);
    expect(simulator.starts).toHaveLength(1);
  });
});

test.each([
  ["POST", "/api/vcenter/vm/vm-101?action=relocate", "com.vmware.vcenter.VM", "relocate$task"],
  [
    "POST",
    "/api/esx/settings/clusters/domain-c8/software?action=apply",
    "com.vmware.esx.settings.clusters.software",
    "apply$task",
  ],
  [
    "POST",
    "/api/esx/settings/clusters/prod/configuration?action=checkCompliance",
    "com.vmware.esx.settings.clusters.configuration",
    "check_compliance$task",
  ],
  [
    "POST",
    "/api/esx/settings/clusters/c1/software/drafts/7?action=commit",
    "com.vmware.esx.settings.clusters.software.drafts",
    "commit$task",
  ],
  [
    "PUT",
    "/api/esx/settings/hosts/host-9/enablement/software",
    "com.vmware.esx.settings.hosts.enablement.software",
    "set$task",
  ],
  ["DELETE", "/api/esx/settings/depots/online/3", "com.vmware.esx.settings.depots.online", "delete$task"],
  ["POST", "/api/appliance/support-bundle", "com.vmware.appliance.support_bundle", "create$task"],
  [
    "POST",
    "/api/appliance/vcenter/settings/v1/config?action=scan-desired-state",
    "com.vmware.appliance.vcenter.settings.v1.config",
    "scan_desired_state$task",
  ],
  [
    "GET",
    "/api/vcenter/trusted-infrastructure/trust-authority-clusters/c/kms/providers",
    "com.vmware.vcenter.trusted_infrastructure.trust_authority_clusters.kms.providers",
    "list$task",
  ],
  [
    "GET",
    "/api/vcenter/trusted-infrastructure/trust-authority-clusters/c/kms/providers/p",
    "com.vmware.vcenter.trusted_infrastructure.trust_authority_clusters.kms.providers",
    "get$task",
  ],
])("names service and operation of %s %s", async (method, path, service, operation) => {
  await withSimulator({}, async ({ vcenter, simulator }) => {
    simulator.addObject("/api/vcenter/vm", { name: "a" });
    const task = path.includes("?") ? `${path}&vmw-task=true` : `${path}?vmw-task=true`;
    const answer = await vcenter(method, task);
    expect(answer.status).toBe(202);
    const info = await vcenter("GET", `/api/cis/tasks/${String(answer.body)}`);
    expect(info.body).toMatchObject({ service, operation });
  });
});

test("shows at each state the fields that go with it", async () => {
  await withSimulator({ defaultDurationMs: 1000 }, async ({ vcenter, simulator, pass }) => {
    simulator.script({ result: { status: "COMPLIANT" }, blockedMs: 500, pendingMs: 200 });
    const id = await start(vcenter, "/api/vcenter/vcha/cluster?action=failover&vmw-task=true");
    const info = async (): Promise<Record<string, unknown>> =>
      (await vcenter("GET", `/api/cis/tasks/${id}`)).body as Record<string, unknown>;
    const always = ["cancelable", "description", "operation", "service", "status", "user"];

    expect(await info()).toMatchObject({ status: "PENDING" });
    expect(names(await info())).toEqual(always);
    pass(300);
    expect(await info()).toMatchObject({
      status: "RUNNING",
      start_time: new Date(midnight + 200).toISOString(),
      progress: { total: 100, completed: 12, message: { args: [] } },
    });
    expect(names(await info())).toEqual([...always, "progress", "start_time"].sort());
    pass(400);
    expect(await info()).toMatchObject({ status: "BLOCKED", progress: { completed: 50 } });
    pass(799);
    expect(await info()).toMatchObject({ status: "RUNNING", progress: { completed: 99 } });
    pass(1);
    expect(await info()).toMatchObject({
      status: "SUCCEEDED",
      cancelable: false,
      result: { status: "COMPLIANT" },
      progress: { completed: 100 },
      end_time: new Date(midnight + 1500).toISOString(),
    });
    expect(names(await info())).toEqual([...always, "end_time", "progress", "result", "start_time"].sort());
  });
});

test("leaves the result out when asked to", async () => {
  await withSimulator({}, async ({ vcenter, simulator, pass }) => {
    simulator.script({ result: "made" });
    const id = await start(vcenter);
    pass(1000);
    const info = await vcenter("GET", `/api/cis/tasks/${id}?exclude_result=true&return_all=true`);
    expect(info.body).not.toHaveProperty("result");
  });
});

test("sends an empty parent, notifications and a target for Lifecycle Manager, and none of them elsewhere", async () => {
  await withSimulator({}, async ({ vcenter, simulator }) => {
    simulator.script({ warnings: ["Host esx1 was skipped."], times: 1 });
    const lifecycle = await vcenter("GET", `/api/cis/tasks/${await start(vcenter)}`);
    expect(lifecycle.body).toMatchObject({
      parent: "",
      last_update_time: new Date(midnight).toISOString(),
      target: { type: "ClusterComputeResource", id: "domain-c8" },
      notifications: {
        info: [],
        errors: [],
        warnings: [{ message: { default_message: "Host esx1 was skipped." } }],
      },
    });
    const appliance = await start(vcenter, "/api/appliance/networking?action=change&vmw-task=true");
    const { body } = await vcenter("GET", `/api/cis/tasks/${appliance}`);
    for (const name of ["parent", "target", "notifications"]) expect(body).not.toHaveProperty(name);
  });
});

const failures: [string, TaskScript, Record<string, unknown>, string[]][] = [
  ["an internal error by default", {}, { error: { error_type: "INTERNAL_SERVER_ERROR" } }, ["result"]],
  [
    "a message as an error",
    { error: "No space." },
    { error: { messages: [{ default_message: "No space." }] } },
    [],
  ],
  [
    "an error body as it is",
    { error: { error_type: "TIMED_OUT", messages: [] } },
    { error: { error_type: "TIMED_OUT", messages: [] } },
    [],
  ],
  [
    "the reason in the result only",
    { error: null, result: { reason: "x" } },
    { result: { reason: "x" } },
    ["error"],
  ],
  ["neither error nor result", { error: null }, {}, ["error", "result"]],
];

test.each(failures)("fails with %s", async (_, script, shown, absent) => {
  await withSimulator({}, async ({ vcenter, simulator, pass }) => {
    simulator.script({ ...script, outcome: "FAILED" });
    const id = await start(vcenter);
    pass(1000);
    const { body } = await vcenter("GET", `/api/cis/tasks/${id}`);
    expect(body).toMatchObject({ status: "FAILED", progress: { completed: 60 }, ...shown });
    for (const name of absent) expect(body).not.toHaveProperty(name);
  });
});

test("answers 404 for a task it does not know or has forgotten", async () => {
  await withSimulator({ retentionMs: 5000 }, async ({ vcenter, simulator, pass }) => {
    const id = await start(vcenter);
    const unknown = await vcenter("GET", "/api/cis/tasks/nothing");
    expect(unknown).toMatchObject({ status: 404, body: { error_type: "NOT_FOUND", messages: [{}] } });
    pass(5999);
    expect((await vcenter("GET", `/api/cis/tasks/${id}`)).status).toBe(200);
    pass(1);
    expect((await vcenter("GET", `/api/cis/tasks/${id}`)).status).toBe(404);
    const second = await start(vcenter);
    simulator.forget(second);
    expect((await vcenter("GET", `/api/cis/tasks/${second}`)).status).toBe(404);
  });
});

test("takes an id whose colon is percent-encoded", async () => {
  await withSimulator({}, async ({ vcenter }) => {
    const id = await start(vcenter);
    expect((await vcenter("GET", `/api/cis/tasks/${encodeURIComponent(id)}`)).status).toBe(200);
  });
});

describe("cancel", () => {
  const cancel = (vcenter: Send, id: string): ReturnType<Send> =>
    vcenter("POST", `/api/cis/tasks/${id}?action=cancel`);

  test("answers 204 and ends the task as FAILED with CANCELED, after the time it takes", async () => {
    await withSimulator({}, async ({ vcenter, simulator, pass }) => {
      simulator.script({ cancelMs: 300 });
      const id = await start(vcenter);
      pass(400);
      expect(await cancel(vcenter, id)).toMatchObject({ status: 204, text: "" });
      pass(299);
      expect((await vcenter("GET", `/api/cis/tasks/${id}`)).body).toMatchObject({ status: "RUNNING" });
      pass(1);
      const { body } = await vcenter("GET", `/api/cis/tasks/${id}`);
      expect(body).toMatchObject({ status: "FAILED", error: { error_type: "CANCELED" }, cancelable: false });
      expect(simulator.task(id)?.status).toBe("CANCELLED");
    });
  });

  test("is best effort: a task may go on to its end", async () => {
    await withSimulator({}, async ({ vcenter, simulator, pass }) => {
      simulator.script({ cancelMs: "never" });
      const id = await start(vcenter);
      expect((await cancel(vcenter, id)).status).toBe(204);
      pass(1000);
      expect((await vcenter("GET", `/api/cis/tasks/${id}`)).body).toMatchObject({ status: "SUCCEEDED" });
    });
  });

  test("loses against an end that comes first", async () => {
    await withSimulator({}, async ({ vcenter, simulator, pass }) => {
      simulator.script({ cancelMs: 300 });
      const id = await start(vcenter);
      pass(900);
      expect((await cancel(vcenter, id)).status).toBe(204);
      expect((await cancel(vcenter, id)).status).toBe(400);
      pass(100);
      expect((await vcenter("GET", `/api/cis/tasks/${id}`)).body).toMatchObject({ status: "SUCCEEDED" });
    });
  });

  test("is refused when the task has ended, cannot be cancelled, or is unknown", async () => {
    await withSimulator({}, async ({ vcenter, simulator, pass }) => {
      const ended = await start(vcenter);
      pass(1000);
      expect(await cancel(vcenter, ended)).toMatchObject({
        status: 400,
        body: { error_type: "NOT_ALLOWED_IN_CURRENT_STATE" },
      });
      simulator.script({ cancellable: false });
      const stubborn = await start(vcenter);
      expect(await cancel(vcenter, stubborn)).toMatchObject({
        status: 400,
        body: { error_type: "UNSUPPORTED" },
      });
      expect((await cancel(vcenter, "nothing")).status).toBe(404);
    });
  });
});

describe("a start that is not one", () => {
  test.each([
    [
      "another value of vmw-task",
      "POST",
      "/api/vcenter/vcha/cluster?action=deploy&vmw-task=yes",
      400,
      "INVALID_ARGUMENT",
    ],
    [
      "an operation that exists as a task only",
      "POST",
      "/api/vcenter/vcha/cluster?action=deploy",
      404,
      "OPERATION_NOT_FOUND",
    ],
    ["a list of tasks with GET", "GET", "/api/cis/tasks", 404, "NOT_FOUND"],
    ["a read of nothing", "GET", "/api/vcenter/nothing", 404, "NOT_FOUND"],
  ])("refuses %s", async (_, method, path, status, error_type) => {
    await withSimulator({}, async ({ vcenter, simulator }) => {
      expect(await vcenter(method, path)).toMatchObject({ status, body: { error_type } });
      expect(simulator.starts).toHaveLength(0);
    });
  });

  test("refuses a body that is no JSON", async () => {
    await withSimulator({}, async ({ vcenter, simulator, send }) => {
      await vcenter("GET", "/api/session");
      const login = await send("POST", "/api/session", undefined, {
        authorization: `Basic ${btoa("administrator@vsphere.local:simulator-password")}`,
      });
      const answer = await fetch(`${simulator.url}${applyPath}`, {
        method: "POST",
        headers: { "vmware-api-session-id": String(login.body) },
        body: "{ not json",
      });
      expect(answer.status).toBe(400);
      expect(simulator.starts).toHaveLength(0);
    });
  });
});
