// VCDA with the real CLI: an operation at a remote site, and tasks as data.
import { withStack } from "../support/with-stack";

jest.setTimeout(600_000);

const vapp = "C4VAPP-11111111-1111-4111-8111-111111111111";

it("an operation runs at its site, is data there, and is started once", async () => {
  await withStack({}, async (stack, simulator) => {
    stack.program(`
      const failover = new vmware.Operation("shop", {
        endpoint: "vcda",
        site: "site2",
        request: { method: "POST", path: "/vapp-replications/${vapp}/failover", body: { type: "vcloud" } },
      });
      const at = { endpoint: "vcda", site: "site2" };
      const options = { dependsOn: failover };
      const found = (filter) =>
        vmware.vcda.getTasksOutput({ ...at, ...filter }, options).tasks.apply((tasks) => tasks.map(({ id }) => id));
      return {
        id: failover.taskId,
        result: failover.result,
        one: vmware.vcda.getTaskOutput({ ...at, id: failover.taskId }).nativeStatus,
        failovers: found({ type: "failover", status: "SUCCEEDED", startTimeAfter: "2020-01-01T00:00:00Z" }),
        old: found({ startTimeBefore: "2020-01-01T00:00:00Z" }),
        named: found({ ids: [failover.taskId] }),
      };`);
    const up = await stack.up();
    if (up.code !== 0) throw new Error(up.text);
    const { id, ...outputs } = await stack.outputs();
    expect(outputs).toEqual({
      result: { id: vapp },
      one: "SUCCEEDED",
      failovers: [id],
      old: [],
      named: [id],
    });
    expect(simulator.starts).toMatchObject([{ query: { site: "site2" }, taskId: id }]);
    expect((await stack.preview("--expect-no-changes")).code).toBe(0);
    expect(simulator.starts).toHaveLength(1);
  });
});

it("what VCDA cannot do, and a site without a log-in, are told in words", async () => {
  await withStack({ endpoint: {} }, async (stack, simulator) => {
    stack.program(`
      new vmware.Operation("shop", {
        endpoint: "vcda",
        request: { method: "POST", path: "/vapp-replications/${vapp}/failover" },
        onTimeout: "cancel",
      });`);
    const preview = await stack.preview();
    expect(preview.text).toContain("VMware Cloud Director Availability cannot cancel a task");
    stack.program(`
      new vmware.Operation("shop", {
        endpoint: "vcda",
        site: "site3",
        request: { method: "POST", path: "/vapp-replications/${vapp}/failover" },
      });`);
    const up = await stack.up();
    expect(up.code).not.toBe(0);
    expect(up.text).toContain("SiteNotFound: Site site3 was not found.");
    expect(simulator.starts).toHaveLength(0);
  });
});
