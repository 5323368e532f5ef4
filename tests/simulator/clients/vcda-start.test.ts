import type { ApiRequest, StartTrace } from "../../../provider/tasks";
import {
  canary,
  errorOf,
  midnight,
  never,
  withClient,
  type ClientBench,
  type ClientBenchOptions,
} from "../../support/with-simulator";

const username = "administrator@vsphere.local";
const vapp = "C4VAPP-11111111-1111-4111-8111-111111111111";
const other = "C4VAPP-22222222-2222-4222-8222-222222222222";
const migrate: ApiRequest = {
  method: "POST",
  path: `/vapp-replications/${vapp}/migrate`,
  body: { powerOn: true },
};

const bench: ClientBenchOptions = {
  product: "vcda",
  settings: { remoteSites: { site2: { login: "credentials", username, password: canary } } },
};

const kind = "task";

describe("a start at VCDA", () => {
  test.each<[ApiRequest["method"], string]>([
    ["POST", "/vm-replications"],
    ["POST", "/vapp-replications"],
    ["POST", `/vapp-replications/${vapp}/failover`],
    ["PATCH", `/vapp-replications/${vapp}`],
    ["DELETE", `/vapp-replications/${vapp}/failover-test`],
    ["DELETE", `/vapp-replications/${vapp}`],
    ["POST", "/sites"],
    ["DELETE", "/sites/site9"],
    ["POST", "/backups/03275f31-92eb-49dc-b4cc-41d7ddc8f00f"],
    ["GET", "/diagnostics/health"],
    ["POST", "/diagnostics/health"],
    ["GET", "/update"],
    ["GET", "/update/eula"],
  ])("%s %s gives a task that can be followed", (method, path) =>
    withClient(bench, async ({ client, pass, simulator }) => {
      const request = { method, path, ...(method === "GET" || method === "DELETE" ? {} : { body: {} }) };
      const reply = await client.start(request, { kind }, never);
      if (reply.kind !== "task") throw new Error("It was done at once.");
      pass(1_000);
      const [look] = await client.look([reply.ref], never);
      expect(look).toMatchObject({ kind: "seen", snapshot: { status: "SUCCEEDED" } });
      expect(simulator.counts().start).toBe(1);
    }),
  );

  test("goes to the site that the program names, and the task is followed there", () =>
    withClient(bench, async ({ client, simulator, pass }) => {
      const reply = await client.start(migrate, { kind, site: "site2" }, never);
      expect(reply).toMatchObject({ kind: "task", ref: { kind, site: "site2" } });
      if (reply.kind !== "task") throw new Error("It was done at once.");
      expect(simulator.starts).toMatchObject([{ query: { site: "site2" } }]);
      pass(1_000);
      expect(await client.look([reply.ref], never)).toMatchObject([{ snapshot: { status: "SUCCEEDED" } }]);
      expect(await client.get({ ...reply.ref, site: undefined }, {}, never)).toBeUndefined();
      // Refused before it was extended, which started nothing.
      expect(simulator.starts).toHaveLength(1);
    }));

  test.each<[string, Partial<ApiRequest>]>([
    ["in its query", { query: { site: "site1" } }],
    ["in its path", { path: `${migrate.path}?site=site1` }],
  ])("that names a site of its own %s goes there", (_, more) =>
    withClient(bench, async ({ client, simulator }) => {
      const reply = await client.start({ ...migrate, ...more }, { kind, site: "site2" }, never);
      expect(reply).toMatchObject({ ref: { site: "site2" } });
      expect(simulator.starts).toMatchObject([{ query: { site: "site1" } }]);
    }),
  );

  test.each([
    [200, { id: "p-1", name: "policy" }],
    [201, { id: "p-1", state: "ENABLED" }],
    [204, undefined],
  ])("that is answered at once with %d is done", (status, body) =>
    withClient(bench, async ({ client, simulator }) => {
      simulator.script({ immediate: { status, body } });
      expect(await client.start(migrate, { kind }, never)).toEqual({ kind: "done", body });
    }),
  );

  test("that is answered with 200 and a task is followed", () =>
    withClient(bench, async ({ client, simulator }) => {
      simulator.script({ reply: { status: 200, body: { id: "{taskId}", state: "RUNNING", startTime: 1 } } });
      const reply = await client.start(migrate, { kind }, never);
      expect(reply).toMatchObject({ kind: "task", ref: { id: simulator.starts[0]?.taskId } });
    }));

  test("has its id where the program says", () =>
    withClient(bench, async ({ client, simulator }) => {
      simulator.script({ reply: { status: 202, body: { task: { id: "{taskId}" } } } });
      const reply = await client.start(migrate, { kind, taskIdFrom: "task.id" }, never);
      expect(reply).toMatchObject({ ref: { id: simulator.starts[0]?.taskId } });
      expect((await errorOf(client.start(migrate, { kind }, never))).message).toContain(
        "The operation started, but cannot be followed",
      );
    }));

  test.each<[string, number, string, Record<string, unknown>]>([
    ["a refusal", 400, "BadUserInput", { isBusy: false, isNotFound: false }],
    ["a 403", 403, "Forbidden", { isBusy: false, isNotFound: false }],
    ["an object that is not there", 404, "VappReplicationNotFound", { isBusy: false, isNotFound: true }],
    ["a site that is not there", 404, "SiteNotFound", { isBusy: false, isNotFound: false }],
    ["a conflict", 409, "OperationConflict", { isBusy: true }],
    ["what is running", 400, "OperationInProgress", { isBusy: true }],
    ["what exists already", 409, "ReplicationAlreadyExists", { isBusy: false }],
  ])("that meets %s (%d %s) started nothing", (_, status, error, refusal) =>
    withClient(bench, async ({ client, simulator }) => {
      simulator.fault({ what: "status", status, error, message: "No.", match: { operation: "start" } });
      const thrown = await errorOf(client.start(migrate, { kind }, never));
      expect(thrown).toMatchObject({
        code: "VMWARE_REQUEST_REFUSED",
        refusal: { httpStatus: status, ...refusal },
      });
      expect(thrown.message).toContain(`${error}: No.`);
      expect(simulator.starts).toHaveLength(0);
    }),
  );

  test("that meets a 500 in VCDA's own words may have started", () =>
    withClient(bench, async ({ client, simulator }) => {
      simulator.fault({ what: "status", status: 500, taken: true, match: { operation: "start" } });
      const thrown = await errorOf(client.start(migrate, { kind }, never));
      expect(thrown).toMatchObject({ fault: { faultClass: "server", sent: "maybe" } });
      expect(thrown.message).toContain("GeneralServerFailure");
      expect(simulator.starts).toHaveLength(1);
    }));
});

describe("the task of a start whose reply was lost", () => {
  const trace = (request: ApiRequest, more: Partial<StartTrace> = {}): StartTrace => ({
    request,
    kind,
    sentAt: midnight,
    ...more,
  });
  const found = async (
    { client }: Pick<ClientBench, "client">,
    looked: StartTrace,
  ): Promise<string[] | undefined> => (await client.findStarted(looked, never))?.map(({ ref }) => ref.id);
  const foreign = ({ simulator }: ClientBench, path: string): string =>
    simulator.startForeignTask({ product: "vcda", path, user: username });

  test.each(["reset-after", "reset-during", "truncated-json"] as const)("is found after %s", (what) =>
    withClient(bench, async (all) => {
      await all.client.reach(never);
      all.simulator.fault({ what, match: { operation: "start" } });
      await all.client.start(migrate, { kind, site: "site1" }, never).catch(() => undefined);
      expect(await found(all, trace(migrate, { site: "site1" }))).toEqual([all.simulator.starts[0]?.taskId]);
    }),
  );

  test("is none where nothing was taken", () =>
    withClient(bench, async (all) => {
      expect(await found(all, trace(migrate))).toEqual([]);
    }));

  test("is told from others by replication, work, site and time", () =>
    withClient(bench, async (all) => {
      foreign(all, migrate.path);
      all.pass(60_000);
      const at = { sentAt: midnight + 60_000 };
      foreign(all, `/vapp-replications/${other}/migrate`);
      foreign(all, `/vapp-replications/${vapp}/sync`);
      foreign(all, "/backups");
      const local = foreign(all, migrate.path);
      const remote = foreign(all, `${migrate.path}?site=site2`);
      expect(await found(all, trace(migrate, at))).toEqual([local]);
      expect(await all.client.findStarted(trace(migrate, { ...at, site: "site2" }), never)).toMatchObject([
        { ref: { id: remote, kind, site: "site2" } },
      ]);
      // Sought where the request went, followed where the program says.
      const there = { ...migrate, query: { site: "site2" } };
      expect(await all.client.findStarted(trace(there, at), never)).toMatchObject([{ ref: { id: remote } }]);
    }));

  test("cannot be asked for where lists are refused", () =>
    withClient(bench, async (all) => {
      all.simulator.fault({ what: "status", status: 403, match: { operation: "list" } });
      expect(await found(all, trace(migrate))).toBeUndefined();
    }));
});
