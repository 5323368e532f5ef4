// Which of the server's tasks can be the one that a lost reply was about.
import { startSimulator, type TaskPlan } from "../../../provider/simulator";
import type { ApiRequest, StartTrace } from "../../../provider/tasks";
import { createClient } from "../../../provider/clients";
import { midnight, never, settingsOf, withClient, type ClientBench } from "../../support/with-simulator";

const trace = (request: ApiRequest, sentAt = midnight): StartTrace => ({ request, kind: "task", sentAt });

async function found(
  { client }: Pick<ClientBench, "client">,
  looked: StartTrace,
): Promise<string[] | undefined> {
  return (await client.findStarted(looked, never))?.map(({ ref }) => ref.id);
}

describe.each(["api", "rest"] as const)("at vCenter by /%s", (api) => {
  const bench = { product: "vcenter", settings: { api } } as const;
  const clone: ApiRequest = {
    method: "POST",
    path: `/${api}/vcenter/vm?action=clone`,
    body: { source: "vm-1", name: "a" },
  };
  const foreign = ({ simulator }: ClientBench, path: string, plan: TaskPlan = {}, method = "POST"): string =>
    simulator.startForeignTask({
      product: "vcenter",
      method,
      path,
      plan,
      body: { source: "vm-1", name: path },
    });

  test.each(["reset-after", "reset-during", "truncated-json"] as const)(
    "finds the task of a start that met %s",
    (what) =>
      withClient(bench, async (all) => {
        await all.client.reach(never);
        all.simulator.fault({ what, match: { operation: "start" } });
        const sentAt = Date.now() + all.client.clockOffsetMs();
        await all.client.start(clone, { kind: "task" }, never).catch(() => undefined);
        expect(await found(all, trace(clone, sentAt))).toEqual([all.simulator.starts[0]?.taskId]);
      }),
  );

  test("finds nothing of a start that was not taken", () =>
    withClient(bench, async (all) => {
      all.simulator.fault({ what: "reset-before", match: { operation: "start" } });
      await all.client.start(clone, { kind: "task" }, never).catch(() => undefined);
      expect(await found(all, trace(clone))).toEqual([]);
    }));

  test("tells tasks apart by service, action, target and time", () =>
    withClient(bench, async (all) => {
      for (const id of ["vm-1", "vm-11"]) all.simulator.addObject("/api/vcenter/vm", { name: id }, id);
      const relocate = (id: string): ApiRequest => ({
        method: "POST",
        path: `/${api}/vcenter/vm/${id}`,
        query: { action: "relocate" },
      });
      foreign(all, "/api/vcenter/vm/vm-1?action=relocate", { pendingMs: 0 });
      all.pass(60_000);
      const sentAt = midnight + 60_000;
      foreign(all, "/api/esx/settings/clusters/domain-c8/software?action=apply");
      foreign(all, "/api/vcenter/vm?action=clone");
      const ours = foreign(all, "/api/vcenter/vm/vm-1?action=relocate");
      const other = foreign(all, "/api/vcenter/vm/vm-11?action=relocate");
      all.pass(100);
      expect(await found(all, trace(relocate("vm-1"), sentAt))).toEqual([ours]);
      expect(await found(all, trace(relocate("vm-11"), sentAt))).toEqual([other]);
      expect(await found(all, trace(relocate("vm-111"), sentAt))).toEqual([]);
    }));

  test.each([
    ["a stamp of 1970", { start_time: "1970-01-01T00:00:00.000Z" }],
    ["no stamp", { start_time: null }],
    ["an odd stamp", { start_time: "yesterday" }],
    ["no target", { target: null }],
    ["an operation without $task", { operation: "clone" }],
    ["an operation that names more than the action", { operation: "clone_from_source$task" }],
    ["no operation", { operation: null }],
  ])("does not overlook a task with %s", (_title, fields) =>
    withClient(bench, async (all) => {
      const id = foreign(all, "/api/vcenter/vm?action=clone", { fields });
      expect(await found(all, trace(clone, midnight))).toEqual([id]);
    }),
  );

  test.each([
    ["PUT", "set$task", true],
    ["PUT", "enable$task", true],
    ["PUT", "delete$task", false],
    ["DELETE", "delete$task", true],
    ["DELETE", "remove$task", true],
    ["DELETE", "create$task", false],
    ["POST", "update$task", false],
  ] as const)("takes a %s without an action for %s: %p", (method, operation, isIt) =>
    withClient(bench, async (all) => {
      const path = "/api/esx/settings/clusters/domain-c8/enablement/software";
      const id = foreign(all, path, { fields: { operation } }, method);
      expect(await found(all, trace({ method, path: path.replace("/api/", `/${api}/`) }))).toEqual(
        isIt ? [id] : [],
      );
    }),
  );

  test.each([
    "esx/settings/clusters/domain-c8/software/solutions/com.vmware.vsphere-ha",
    "vcenter/trusted-infrastructure/trust-authority-clusters/domain-c8/attestation/tpm2/ca-certificates/main",
  ])("finds a task of %s, whose name has no digit", (path) =>
    withClient(bench, async (all) => {
      const id = foreign(all, `/api/${path}`, {}, "DELETE");
      expect(await found(all, trace({ method: "DELETE", path: `/${api}/${path}` }))).toEqual([id]);
    }),
  );

  test("cannot tell when the server does not list the service", () =>
    withClient(bench, async (all) => {
      all.simulator.fault({
        what: "status",
        error: "INVALID_ARGUMENT",
        message: "Cannot find provider.",
        match: { operation: "list" },
      });
      expect(await found(all, trace(clone))).toBeUndefined();
    }));

  test("is not disturbed by an odd task", () =>
    withClient(bench, async (all) => {
      foreign(all, "/api/vcenter/vm?action=clone", { omitFields: ["status"] });
      const id = all.simulator.startForeignTask({
        product: "vcenter",
        path: "/api/vcenter/vm?action=clone",
        body: { source: "vm-1", name: "b" },
      });
      expect(await found(all, trace(clone))).toEqual([id]);
    }));
});

describe("at SDDC Manager", () => {
  let count = 0;
  const bench = { product: "sddc-manager" } as const;
  const domain: ApiRequest = { method: "POST", path: "/v1/domains", body: { domainName: "a" } };
  const foreign = ({ simulator }: ClientBench, path: string, plan: TaskPlan = {}): string =>
    simulator.startForeignTask({
      product: "sddc-manager",
      path,
      plan,
      body: { domainName: `domain ${(count += 1)}` },
    });

  test.each(["reset-after", "reset-during", "truncated-json"] as const)(
    "finds the task of a start that met %s",
    (what) =>
      withClient(bench, async (all) => {
        await all.client.reach(never);
        all.simulator.fault({ what, match: { operation: "start" } });
        const sentAt = Date.now() + all.client.clockOffsetMs();
        await all.client.start(domain, { kind: "task" }, never).catch(() => undefined);
        expect(await found(all, trace(domain, sentAt))).toEqual([all.simulator.starts[0]?.taskId]);
      }),
  );

  test("tells tasks apart by type and creation", () =>
    withClient(bench, async (all) => {
      foreign(all, "/v1/domains");
      all.pass(60_000);
      foreign(all, "/v1/bundles");
      const ours = foreign(all, "/v1/domains");
      expect(await found(all, trace(domain, midnight + 60_000))).toEqual([ours]);
    }));

  test.each([
    ["a stamp of 1970", { creationTimestamp: "1970-01-20T23:06:29.526Z" }],
    ["no stamp", { creationTimestamp: null }],
    ["no type", { type: null }],
    ["a type in small letters", { type: "domain_creation" }],
    ["a type that says nothing of its place", { type: "WORKFLOW_17" }],
  ])("does not overlook a task with %s", (_title, fields) =>
    withClient(bench, async (all) => {
      const id = foreign(all, "/v1/domains", { fields });
      expect(await found(all, trace(domain))).toEqual([id]);
    }),
  );

  test.each([
    ["/v1/system/ceip", "CEIP_UPDATE", true],
    ["/v1/domains/7a1c0000-0000-4000-8000-000000000001/certificates", "CERTIFICATE_REPLACE", true],
    ["/v1/clusters/7a1c0000-0000-4000-8000-000000000001", "CLUSTER_EXPANSION", true],
    ["/v1/hosts", "CLUSTER_EXPANSION", false],
    ["/v1/hosts", "DOMAIN_CREATION", false],
    ["/v1/upgrades", "VCENTER_UPGRADE", true],
  ])("knows whether a request to %s can have started a task of type %s: %p", (path, type, isIt) =>
    withClient(bench, async (all) => {
      const id = foreign(all, "/v1/bundles", { fields: { type } });
      expect(await found(all, trace({ method: "PATCH", path }))).toEqual(isIt ? [id] : []);
    }),
  );

  test("reads on for a task that runs and bears a stamp of 1970, which the server lists last", () =>
    withClient(bench, async (all) => {
      const ours = foreign(all, "/v1/domains", {
        ...{ durationMs: 3_600_000, fields: { creationTimestamp: "1970-01-01T00:00:00Z" } },
      });
      for (let number = 0; number < 300; number += 1) foreign(all, "/v1/bundles");
      all.pass(60_000);
      expect(await found(all, trace(domain, midnight + 60_000))).toEqual([ours]);
      expect(all.simulator.counts().list).toBe(4);
    }));

  test("reads no further than the tasks go back to before the request, where it has found one", () =>
    withClient(bench, async (all) => {
      for (let number = 0; number < 300; number += 1) foreign(all, "/v1/bundles");
      all.pass(60_000);
      const ours = foreign(all, "/v1/domains");
      expect(await found(all, trace(domain, midnight + 60_000))).toEqual([ours]);
      expect(all.simulator.counts().list).toBe(1);
    }));

  test("cannot tell when there are more tasks than it reads and none is older", () =>
    withClient(bench, async (all) => {
      for (let number = 0; number < 2_001; number += 1)
        foreign(all, "/v1/bundles", { fields: { creationTimestamp: null } });
      expect(await found(all, trace(domain))).toBeUndefined();
      expect(all.simulator.counts().list).toBe(20);
    }));

  test("is not disturbed by an odd task", () =>
    withClient(bench, async (all) => {
      foreign(all, "/v1/domains", { omitFields: ["status"] });
      const id = foreign(all, "/v1/domains");
      expect(await found(all, trace(domain))).toEqual([id]);
    }));
});

describe.each([-10, 10])("with the server's clock %d minutes away", (minutes) => {
  test.each([
    [
      "vcenter",
      { method: "POST", path: "/api/vcenter/vm?action=clone", body: { source: "vm-1", name: "a" } },
    ],
    ["sddc-manager", { method: "POST", path: "/v1/domains", body: { domainName: "a" } }],
  ] as const)("finds what was started at %s just now, and nothing older", async (product, request) => {
    const simulator = await startSimulator({ clock: { now: () => Date.now() + minutes * 60_000 } });
    const client = createClient(settingsOf(simulator, product));
    try {
      await client.reach(never);
      expect(Math.abs(client.clockOffsetMs() - minutes * 60_000)).toBeLessThan(2_000);
      const sentAt = Date.now() + client.clockOffsetMs();
      simulator.fault({ what: "reset-after", match: { operation: "start" } });
      await client.start(request, { kind: "task" }, never).catch(() => undefined);
      expect(await found({ client }, trace(request, sentAt))).toEqual([simulator.starts[0]?.taskId]);
      await new Promise((resolve) => setTimeout(resolve, 250));
      expect(await found({ client }, trace(request, sentAt + 60_000))).toEqual([]);
    } finally {
      await client.close(never);
      await simulator.close();
    }
  });
});
