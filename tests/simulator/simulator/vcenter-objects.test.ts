import { withSimulator, type Send } from "./with-simulator";

const clone = (vcenter: Send, name: string, more: object = {}): ReturnType<Send> =>
  vcenter("POST", "/api/vcenter/vm?action=clone&vmw-task=true", { source: "vm-1", name, ...more });

test("makes a virtual machine when its clone has ended, not before, and gives its id as the result", async () => {
  await withSimulator({}, async ({ vcenter, pass, simulator }) => {
    const { body: id } = await clone(vcenter, "web");
    pass(999);
    expect((await vcenter("GET", "/api/vcenter/vm")).body).toEqual([]);
    pass(1);
    expect(simulator.objects("/api/vcenter/vm")).toMatchObject([{ id: "vm-101", name: "web" }]);
    expect((await vcenter("GET", `/api/cis/tasks/${String(id)}`)).body).toMatchObject({ result: "vm-101" });
    expect((await vcenter("GET", "/api/vcenter/vm/vm-101")).body).toMatchObject({
      name: "web",
      power_state: "POWERED_OFF",
      identity: { name: "web" },
    });
  });
});

test("refuses a name that exists or is being made, and frees it when the clone fails or the machine goes", async () => {
  await withSimulator({}, async ({ vcenter, pass, simulator }) => {
    await clone(vcenter, "web");
    const refused = { status: 400, body: { error_type: "ALREADY_EXISTS" } };
    expect(await clone(vcenter, "web")).toMatchObject(refused);
    pass(1000);
    expect(await clone(vcenter, "web")).toMatchObject(refused);
    expect((await vcenter("DELETE", "/api/vcenter/vm/vm-101")).status).toBe(204);
    simulator.script({ outcome: "FAILED", times: 1 });
    expect((await clone(vcenter, "web")).status).toBe(202);
    pass(1000);
    expect((await clone(vcenter, "web")).status).toBe(202);
    expect(simulator.starts).toHaveLength(4);
  });
});

test.each([["name"], ["source"]])("refuses a clone without %s", async (field) => {
  await withSimulator({}, async ({ vcenter }) => {
    const body = { name: "a", source: "b", [field]: undefined };
    const answer = await vcenter("POST", "/api/vcenter/vm?action=clone&vmw-task=true", body);
    expect(answer).toMatchObject({ status: 400, body: { error_type: "INVALID_ARGUMENT" } });
    expect(answer.text).toContain(field);
  });
});

test("deletes a virtual machine at once, and answers 404 for one that is not there", async () => {
  await withSimulator({}, async ({ vcenter, simulator }) => {
    const id = simulator.addObject("/api/vcenter/vm", { name: "seeded" });
    expect(await vcenter("DELETE", `/api/vcenter/vm/${id}`)).toMatchObject({ status: 204, text: "" });
    const gone = { status: 404, body: { error_type: "NOT_FOUND" } };
    expect(await vcenter("DELETE", `/api/vcenter/vm/${id}`)).toMatchObject(gone);
    expect(await vcenter("GET", `/api/vcenter/vm/${id}`)).toMatchObject(gone);
    expect(await vcenter("POST", `/api/vcenter/vm/${id}?action=relocate&vmw-task=true`)).toMatchObject(gone);
    expect(simulator.starts).toMatchObject([{ method: "DELETE", path: `/api/vcenter/vm/${id}` }]);
  });
});

test("brings the guest up some time after the machine is switched on", async () => {
  await withSimulator({ guestReadyMs: 3000, defaultDurationMs: 0 }, async ({ vcenter, pass }) => {
    await clone(vcenter, "web", { power_on: true });
    const identity = "/api/vcenter/vm/vm-101/guest/identity";
    pass(2999);
    expect(await vcenter("GET", identity)).toMatchObject({
      status: 503,
      body: { error_type: "SERVICE_UNAVAILABLE" },
    });
    expect((await vcenter("GET", "/api/vcenter/vm/vm-101")).body).toMatchObject({
      guest: { tools: "NOT_RUNNING" },
    });
    pass(1);
    expect(await vcenter("GET", identity)).toMatchObject({
      status: 200,
      body: { ip_address: "192.0.2.102" },
    });
    expect((await vcenter("GET", "/api/vcenter/vm/vm-101")).body).toMatchObject({
      power_state: "POWERED_ON",
      guest: { tools: "RUNNING", ip_address: "192.0.2.102" },
    });
  });
});

test("switches a machine on and off, says when it is so already, and deletes none that is on", async () => {
  await withSimulator({ defaultDurationMs: 0 }, async ({ vcenter }) => {
    await clone(vcenter, "web");
    const power = "/api/vcenter/vm/vm-101/power";
    expect((await vcenter("POST", `${power}?action=start`)).status).toBe(204);
    expect((await vcenter("GET", power)).body).toEqual({ state: "POWERED_ON" });
    expect(await vcenter("POST", `${power}?action=start`)).toMatchObject({
      status: 400,
      body: { error_type: "ALREADY_IN_DESIRED_STATE" },
    });
    const machine = "/api/vcenter/vm/vm-101";
    expect(await vcenter("DELETE", machine)).toMatchObject({
      status: 400,
      body: { error_type: "NOT_ALLOWED_IN_CURRENT_STATE" },
    });
    expect((await vcenter("POST", `${power}?action=stop`)).status).toBe(204);
    expect((await vcenter("GET", power)).body).toEqual({ state: "POWERED_OFF" });
    expect((await vcenter("DELETE", machine)).status).toBe(204);
  });
});

describe("a collection of the user's own", () => {
  const groups = "/api/vcenter/clusters/domain-c8/protection-groups";
  const options = {
    defaultDurationMs: 100,
    collections: [{ path: "/api/vcenter/clusters/{cluster}/protection-groups", idPrefix: "pg-" }],
  };

  test("makes, changes and removes its objects by tasks", async () => {
    await withSimulator(options, async ({ vcenter, pass }) => {
      const run = async (method: string, path: string, body?: object): Promise<unknown> => {
        const { status, body: id } = await vcenter(method, `${path}?vmw-task=true`, body);
        expect(status).toBe(202);
        pass(100);
        return (await vcenter("GET", `/api/cis/tasks/${String(id)}`)).body;
      };
      expect(await run("POST", groups, { name: "nightly", locked: false })).toMatchObject({
        result: "pg-101",
      });
      expect((await vcenter("GET", groups)).body).toEqual([{ id: "pg-101", name: "nightly", locked: false }]);
      await run("PATCH", `${groups}/pg-101`, { locked: true });
      expect((await vcenter("GET", `${groups}/pg-101`)).body).toEqual({ name: "nightly", locked: true });
      await run("PUT", `${groups}/pg-101`, { name: "weekly" });
      expect((await vcenter("GET", `${groups}/pg-101`)).body).toEqual({ name: "weekly" });
      await run("POST", groups, { name: "nightly" });
      await run("DELETE", `${groups}/pg-101`);
      expect((await vcenter("DELETE", `${groups}/pg-101?vmw-task=true`)).status).toBe(404);
      expect((await vcenter("GET", groups)).body).toEqual([{ id: "pg-102", name: "nightly" }]);
    });
  });

  test("keeps names unique within one path only", async () => {
    await withSimulator(options, async ({ vcenter }) => {
      const other = groups.replace("domain-c8", "domain-c9");
      expect((await vcenter("POST", `${groups}?vmw-task=true`, { name: "a" })).status).toBe(202);
      expect((await vcenter("POST", `${other}?vmw-task=true`, { name: "a" })).status).toBe(202);
      const again = await vcenter("POST", `${groups}?vmw-task=true`, { name: "a" });
      expect(again).toMatchObject({ status: 400, body: { error_type: "ALREADY_EXISTS" } });
    });
  });

  test("is changed in the order in which the tasks end, even if nobody looks in between", async () => {
    await withSimulator(options, async ({ vcenter, simulator, pass }) => {
      const id = simulator.addObject(groups, { name: "a" });
      for (const [round, durationMs] of [500, 100].entries()) {
        simulator.script({ durationMs, times: 1 });
        await vcenter("PATCH", `${groups}/${id}?vmw-task=true`, { round });
      }
      pass(1000);
      expect((await vcenter("GET", `${groups}/${id}`)).body).toEqual({ name: "a", round: 0 });
    });
  });

  test("leaves an object alone when the task that should remove it fails", async () => {
    await withSimulator(options, async ({ vcenter, simulator, pass }) => {
      const id = simulator.addObject(groups, { name: "a" });
      simulator.script({ match: { method: "DELETE" }, outcome: "FAILED" });
      await vcenter("DELETE", `${groups}/${id}?vmw-task=true`);
      pass(100);
      expect(simulator.objects(groups)).toMatchObject([{ id, name: "a" }]);
      simulator.removeObject(groups, id);
      expect(simulator.objects(groups)).toEqual([]);
    });
  });
});
