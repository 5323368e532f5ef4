import { withStack } from "../support/with-stack";

jest.setTimeout(600_000);

it("data sources read tasks in a program, and not in a preview for what does not exist yet", async () => {
  await withStack({}, async (stack, simulator) => {
    stack.program(`
      const op = new vmware.Operation("hosts", {
        endpoint: "sddc",
        request: { method: "POST", path: "/v1/hosts", body: [{ fqdn: "esx-1.example.com", username: "root", password: "VMware1!", storageType: "VSAN", networkPoolId: "np-1" }] },
      });
      const one = vmware.sddcManager.getTaskOutput({ endpoint: "sddc", id: op.taskId });
      const all = vmware.sddcManager.getTasksOutput({ endpoint: "sddc", status: "SUCCEEDED", type: "HOST_COMMISSION" }, { dependsOn: op });
      return {
        name: one.name,
        subTasks: one.native.subTasks.length,
        count: all.counts.SUCCEEDED,
        ids: all.tasks.apply((tasks) => tasks.map(({ id }) => id)),
        taskId: op.taskId,
      };`);
    const preview = await stack.preview();
    expect(preview.code).toBe(0);
    expect(simulator.requests).toHaveLength(0);

    expect((await stack.up()).code).toBe(0);
    const outputs = await stack.outputs();
    expect(outputs).toMatchObject({ count: 1, ids: [outputs.taskId], subTasks: 4 });
    // The program and the provider have logged in and out, each once.
    expect(simulator.counts()).toMatchObject({ login: 2, logout: 2 });
  });
});

it("a forgotten task is an answer where the program says so, and a clear error otherwise", async () => {
  await withStack({}, async (stack) => {
    stack.program(`
      const gone = await vmware.getTask({ endpoint: "sddc", id: "no-such-task", ifMissing: "undefined" });
      return { isGone: gone === undefined };`);
    expect((await stack.up()).code).toBe(0);
    expect(await stack.outputs()).toEqual({ isGone: true });
    stack.program('await vmware.getTask({ endpoint: "sddc", id: "no-such-task" });');
    expect((await stack.up()).text).toContain('Endpoint "sddc" knows no task "no-such-task"');
    stack.program(
      'await vmware.vcenter.getTasks({ endpoint: "sddc", services: ["com.vmware.vcenter.VM"], colour: "blue" });',
    );
    const wrong = await stack.up();
    expect(wrong.text).toContain("is of product sddc-manager");
    expect(wrong.text).toContain("there is no such argument: colour");
  });
});

it("CompletedTask waits for a task that somebody else started, and adoptTaskId follows one", async () => {
  await withStack({}, async (stack, simulator) => {
    const started = simulator.startForeignTask({
      product: "vcenter",
      path: "/api/vcenter/vm?action=clone",
      body: { source: "vm-1", name: "theirs" },
      plan: { durationMs: 1_500, result: "vm-9" },
    });
    stack.program(`
      const theirs = new vmware.CompletedTask("theirs", { endpoint: "vcenter", startedTaskId: ${JSON.stringify(started)} });
      const adopted = new vmware.Operation("adopted", { endpoint: "vcenter", adoptTaskId: ${JSON.stringify(started)} });
      return { theirs: theirs.result, adopted: adopted.result };`);
    expect((await stack.up()).code).toBe(0);
    expect(await stack.outputs()).toEqual({ theirs: "vm-9", adopted: "vm-9" });
    expect(simulator.counts().start).toBe(0);
    stack.program('new vmware.Operation("adopted", { endpoint: "vcenter", adoptTaskId: "no-such-task" });');
    const wrong = await stack.up();
    expect(wrong.code).not.toBe(0);
    expect(wrong.text).toContain('knows no task "no-such-task" (adoptTaskId)');
  });
});
