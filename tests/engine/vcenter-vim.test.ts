// Tasks as the vSphere Client shows them, followed by the real CLI.
import { withStack } from "../support/with-stack";

jest.setTimeout(600_000);

const path = "/sdk/vim25/8.0.2.0/VirtualMachine/vm-1/UpgradeTools_Task";

it("CompletedTask waits for somebody's, an Operation starts its own once, and getTask reads both", async () => {
  await withStack({}, async (stack, simulator) => {
    const theirs = simulator.startForeignTask({ product: "vcenter", path, plan: { durationMs: 1_500 } });
    stack.program(`
      const vim = { endpoint: "vcenter", kind: "vim" };
      const theirs = new vmware.CompletedTask("theirs", { ...vim, startedTaskId: ${JSON.stringify(theirs)} });
      const own = new vmware.Operation("own", { ...vim, request: { method: "POST", path: ${JSON.stringify(path)} } });
      const now = vmware.getTaskOutput({ ...vim, id: own.taskId });
      return { theirs: theirs.status, own: own.status, word: now.nativeStatus, taskId: own.taskId, entity: own.resources[0].id };`);
    const up = await stack.up();
    if (up.code !== 0) throw new Error(up.text);
    const outputs = await stack.outputs();
    expect(outputs).toMatchObject({ theirs: "SUCCEEDED", own: "SUCCEEDED", word: "success", entity: "vm-1" });
    expect(outputs.taskId).toMatch(/^task-\d+$/);
    expect(simulator.starts).toHaveLength(1);
    expect((await stack.preview("--expect-no-changes")).code).toBe(0);
  });
});

it("a failed one is told with its faults, and an unknown id with what ids look like", async () => {
  await withStack({}, async (stack, simulator) => {
    const id = simulator.startForeignTask({
      product: "vcenter",
      path,
      plan: { durationMs: 100, outcome: "FAILED", error: "VMware Tools is locked." },
    });
    stack.program(
      `new vmware.CompletedTask("theirs", { endpoint: "vcenter", kind: "vim", startedTaskId: ${JSON.stringify(id)} });`,
    );
    const failed = await stack.up();
    expect(failed.code).not.toBe(0);
    expect(failed.text).toContain("SystemError: VMware Tools is locked.");
    stack.program(`await vmware.getTask({ endpoint: "vcenter", id: ${JSON.stringify(id)} });`);
    expect((await stack.up()).text).toContain('one like this is of `kind: "vim"`');
  });
});
