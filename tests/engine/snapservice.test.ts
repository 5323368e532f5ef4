import { withStack } from "../support/with-stack";

jest.setTimeout(600_000);

const groups = "/api/snapservice/clusters/domain-c8/protection-groups";

it("another spec changes a protection group by PATCH, and destroy removes it", async () => {
  await withStack({ example: "snapservice-protection-group" }, async (stack, simulator) => {
    const up = await stack.up();
    if (up.code !== 0) throw new Error(up.text);
    await stack.run("config", "set", "keepDays", "30");
    const changed = await stack.up();
    if (changed.code !== 0) throw new Error(changed.text);
    expect(simulator.starts.map(({ method, path }) => `${method} ${path}`)).toEqual([
      `POST ${groups}`,
      `PATCH ${groups}/pg-101`,
    ]);
    expect(simulator.objects(groups)).toMatchObject([
      { id: "pg-101", body: { snapshot_policies: [{ retention: { unit: "DAY", duration: 30 } }] } },
    ]);
    expect((await stack.preview("--expect-no-changes")).code).toBe(0);
    simulator.addObject(`${groups}/pg-101/snapshots`, { name: "last night" });
    const destroy = await stack.destroy();
    if (destroy.code !== 0) throw new Error(destroy.text);
    expect(simulator.starts.at(-1)).toMatchObject({ method: "DELETE", path: `${groups}/pg-101` });
    expect(simulator.objects(groups)).toEqual([]);
  });
});

it("a preview refuses to cancel where there is no cancel, and filters that the API lacks", async () => {
  await withStack({}, async (stack, simulator) => {
    stack.program(`
      new vmware.Operation("group", {
        endpoint: "snap",
        request: { method: "POST", path: "${groups}", body: { name: "a", target_entities: {} } },
        onTimeout: "cancel",
      });`);
    const preview = await stack.preview();
    expect(preview.code).not.toBe(0);
    expect(preview.text).toContain("onTimeout: Snapservice cannot cancel a task; leave it out");
    stack.program('await vmware.snapservice.getTasks({ endpoint: "snap", targets: [] });');
    expect((await stack.preview()).text).toContain("there is no such argument: targets");
    expect(simulator.requests).toHaveLength(0);
  });
});

it("a failed task is told with the causes of the vCenter task behind it", async () => {
  await withStack({}, async (stack, simulator) => {
    simulator.addObject("/api/vcenter/vm", { name: "db" }, "vm-1");
    const behind = simulator.startForeignTask({
      product: "vcenter",
      path: "/api/vcenter/vm/vm-1?action=relocate",
      plan: { durationMs: 100, outcome: "FAILED", error: "The guest did not quiesce." },
    });
    simulator.script({
      match: { product: "snapservice" },
      outcome: "FAILED",
      error: "The snapshot failed.",
      fields: { vc_task: behind },
    });
    const endpoints = JSON.parse(stack.environment.VMWARE_TASKS_ENDPOINTS ?? "{}") as Record<string, object>;
    stack.environment.VMWARE_TASKS_ENDPOINTS = JSON.stringify({
      ...endpoints,
      snap: { ...endpoints.snap, vcenter: "vcenter" },
    });
    stack.program(`
      new vmware.Operation("group", {
        endpoint: "snap",
        request: { method: "POST", path: "${groups}", body: { name: "a", target_entities: {} } },
      });`);
    const up = await stack.up();
    expect(up.code).not.toBe(0);
    expect(up.text).toContain("ERROR: The snapshot failed.");
    expect(up.text).toContain(`at vCenter task ${behind}`);
    expect(up.text).toContain("ERROR: The guest did not quiesce.");
  });
});
