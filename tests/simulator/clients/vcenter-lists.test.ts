import { kind, startVcenterTask } from "../../support/look-at";
import { errorOf, midnight, never, withClient, type ClientBenchOptions } from "../../support/with-simulator";

const vmService = "com.vmware.vcenter.VM";

describe.each(["api", "rest"] as const)("lists and looks at several tasks of vCenter by /%s", (api) => {
  const bench: ClientBenchOptions = { product: "vcenter", settings: { api } };

  test("asks for as many tasks as one request takes and answers in their order, missing ones in their place", () =>
    withClient(bench, async (all) => {
      const unknown = ["dead", "beef"].map((end) => `00000000-0000-4000-8000-00000000${end}:${vmService}`);
      const ids = Array.from({ length: all.client.batchSize - 2 }, () => startVcenterTask(all));
      const asked = [...ids.slice(9), unknown[0] ?? "", ...ids.slice(0, 9), unknown[1] ?? ""];
      const looks = await all.client.look(
        asked.map((id) => ({ id, kind })),
        never,
      );
      expect(looks.map((look) => (look.kind === "seen" ? look.snapshot.ref.id : look.kind))).toEqual(
        asked.map((id) => (ids.includes(id) ? id : "missing")),
      );
      expect(asked).toHaveLength(api === "api" ? 1_000 : 30);
      expect(all.simulator.counts()).toMatchObject({ get: 0, list: 1 });
    }));

  test("lists more tasks by their ids than one request takes", () =>
    withClient(bench, async (all) => {
      const ids = Array.from({ length: api === "api" ? 1_500 : 80 }, () => startVcenterTask(all));
      const found = await all.client.list({ tasks: ids }, never);
      expect(found.map(({ ref }) => ref.id).sort()).toEqual([...ids].sort());
      expect(all.simulator.counts().list).toBe(api === "api" ? 2 : 3);
    }));

  test("keeps tasks of several services apart, for a list takes one provider", () =>
    withClient(bench, async (all) => {
      const cluster = startVcenterTask(all, {}, "/api/esx/settings/clusters/domain-c8/software?action=apply");
      const ids = [startVcenterTask(all), cluster];
      expect(ids.map((id) => all.client.groupOf({ id, kind }))).toEqual([
        vmService,
        "com.vmware.esx.settings.clusters.software",
      ]);
      expect(all.client.groupOf({ id: "no-colon", kind })).toBe("");
      const error = await errorOf(
        all.client.look(
          ids.map((id) => ({ id, kind })),
          never,
        ),
      );
      expect(error).toMatchObject({ code: "VMWARE_BATCH_REFUSED" });
      expect(error.message).toContain("same provider");
    }));

  test("passes on that a batch is refused for a strange id", () =>
    withClient(bench, async (all) => {
      const error = await errorOf(
        all.client.look(
          [startVcenterTask(all), "task-42"].map((id) => ({ id, kind })),
          never,
        ),
      );
      expect(error).toMatchObject({ code: "VMWARE_BATCH_REFUSED" });
      expect(error.message).toContain("task-42");
    }));

  test("lists what matches, the newest first", () =>
    withClient(bench, async (all) => {
      const ids = [1, 2, 3].map(() => {
        all.pass(1_000);
        return startVcenterTask(all, { pendingMs: 0, durationMs: 60_000 });
      });
      all.simulator.finish(ids[1] ?? "", "FAILED");
      const list = async (filter: Record<string, unknown>): Promise<string[]> =>
        (await all.client.list({ services: [vmService], ...filter }, never)).map(({ ref }) => ref.id);
      expect(await list({})).toEqual([...ids].reverse());
      expect(await list({ status: "FAILED" })).toEqual([ids[1]]);
      expect(await list({ status: ["RUNNING", "BLOCKED"], users: "somebody.else@vsphere.local" })).toEqual([
        ids[2],
        ids[0],
      ]);
      expect(await list({ operations: ["clone$task"] })).toEqual([]);
      expect(await list({ tasks: [ids[0], ids[2]] })).toEqual([ids[2], ids[0]]);
      expect(await list({ targets: [{ type: "VirtualMachine", id: "vm-1" }] })).toHaveLength(3);
      expect(await list({ targets: [{ type: "VirtualMachine", id: "vm-2" }] })).toEqual([]);
    }));

  test("says what a list needs when it names neither tasks nor services", () =>
    withClient(bench, async (all) => {
      const error = await errorOf(all.client.list({ status: "FAILED" }, never));
      expect(error).toMatchObject({ code: "VMWARE_REQUEST_REFUSED", refusal: { isBusy: false } });
      expect(error.message).toContain("At least one of tasks and services");
    }));

  test("explains that more than 1000 tasks match", () =>
    withClient(bench, async (all) => {
      for (let number = 0; number < 1_001; number += 1) startVcenterTask(all);
      const error = await errorOf(all.client.list({ services: [vmService] }, never));
      expect(error).toMatchObject({ code: "VMWARE_REQUEST_REFUSED" });
      expect(error.message).toBe(
        'More than 1000 tasks of endpoint "lab" match the filter, and vCenter lists no more than that: ' +
          "narrow it by `status`, `operations`, `targets` or `users`.",
      );
      const trace = {
        request: { method: "POST", path: "/api/vcenter/vm?action=clone" },
        kind,
        sentAt: midnight,
      } as const;
      expect(await all.client.findStarted(trace, never)).toBeUndefined();
    }));

  test("takes the same error type without that limit for a server in trouble", () =>
    withClient(bench, async (all) => {
      all.simulator.fault({
        what: "status",
        error: "RESOURCE_INACCESSIBLE",
        message: "The service is down.",
        match: { operation: "list" },
      });
      expect(await errorOf(all.client.list({ services: [vmService] }, never))).toMatchObject({
        code: "VMWARE_ENDPOINT_FAULT",
      });
    }));

  test.each([
    ["returnAll", "return_all"],
    ["excludeResult", "exclude_result"],
  ])("passes on %s", (option, parameter) =>
    withClient(bench, async (all) => {
      const id = startVcenterTask(all, { result: "vm-9" });
      all.pass(1_000);
      const task = await all.client.get({ id, kind }, { [option]: true }, never);
      expect(all.simulator.requests.at(-1)?.query).toEqual({
        [api === "api" ? parameter : `spec.${parameter}`]: "true",
      });
      expect(task?.result).toBe(option === "excludeResult" ? undefined : "vm-9");
      const [listed] = await all.client.list({ services: [vmService], [option]: true }, never);
      expect(listed?.result).toBe(option === "excludeResult" ? undefined : "vm-9");
    }),
  );
});
