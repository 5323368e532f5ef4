import { gzipSync } from "node:zlib";

import { assertionOf, jwtOf } from "../../support/bearer-tokens";
import { basic, midnight, withSimulator, type Answer, type Bench } from "./with-simulator";

const groups = "/api/snapservice/clusters/domain-c8/protection-groups";
const user = "administrator@vsphere.local";
const sign = (assertion: string): Record<string, string> => ({
  authorization: `SIGN token="${gzipSync(assertion).toString("base64")}"`,
});

type Run = (method: string, path: string, body?: object) => Promise<unknown>;

/** Runs an operation to its end and gives its result. */
const runner =
  ({ snap, pass }: Bench): Run =>
  async (method, path, body) => {
    const answer = await snap(method, `${path}${path.includes("?") ? "&" : "?"}vmw-task=true`, body);
    if (answer.status !== 202) throw new Error(`${String(answer.status)} ${answer.text}`);
    pass(1_000);
    const task = await snap("GET", `/api/snapservice/tasks/${String(answer.body)}`);
    expect(task.body).toMatchObject({ status: "SUCCEEDED" });
    return (task.body as { result?: unknown }).result;
  };

const typeOf = ({ status, body }: Answer): string =>
  `${String(status)} ${(body as { error_type?: string }).error_type ?? ""}`;

describe("sessions of Snapservice", () => {
  test("are made, shown and ended, and are not those of vCenter", () =>
    withSimulator({}, async ({ send, pass }) => {
      const made = await send("POST", "/api/snapservice/sessions", undefined, basic());
      expect(made.status).toBe(201);
      const session = { "vmware-api-session-id": String(made.body) };
      pass(1_000);
      expect((await send("GET", "/api/snapservice/sessions", undefined, session)).body).toEqual({
        user,
        created_time: "2026-01-01T00:00:00.000Z",
        last_accessed_time: "2026-01-01T00:00:01.000Z",
      });
      expect((await send("GET", "/api/vcenter/vm", undefined, session)).status).toBe(401);
      expect((await send("DELETE", "/api/snapservice/sessions", undefined, session)).status).toBe(204);
      expect(typeOf(await send("GET", groups, undefined, session))).toBe("401 UNAUTHENTICATED");
    }));

  test.each([
    ["an assertion", sign(assertionOf("Administrator@VSPHERE.LOCAL", midnight + 1)), 201],
    ["an assertion that has expired", sign(assertionOf(user, midnight)), 401],
    ["somebody else's assertion", sign(assertionOf("eve@vsphere.local")), 401],
    ["no assertion at all", { authorization: 'SIGN token="rubbish"' }, 401],
    ["a JWT", { authorization: `Bearer ${jwtOf(user)}` }, 401],
    ["nothing", {}, 401],
  ])("are asked for with %s", (_title, headers, status) =>
    withSimulator({}, async ({ send }) => {
      expect((await send("POST", "/api/snapservice/sessions", undefined, headers)).status).toBe(status);
    }),
  );

  test("do not exist in 8.0.3, where each call has a token", () =>
    withSimulator({ snapserviceVersion: "8.0.3" }, async ({ send, simulator, pass }) => {
      const log = await send("POST", "/api/snapservice/sessions", undefined, basic());
      expect(typeOf(log)).toBe("404 OPERATION_NOT_FOUND");
      const about = async (headers: Record<string, string>): Promise<number> =>
        (await send("GET", "/api/snapservice/info/about", undefined, headers)).status;
      const jwt = { authorization: `Bearer ${jwtOf(user, midnight + 60_000)}` };
      expect(await about(basic())).toBe(401);
      expect(await about({ authorization: "Bearer rubbish" })).toBe(401);
      expect(await about(sign(assertionOf(user)))).toBe(200);
      expect(await about(jwt)).toBe(200);
      simulator.expireSessions();
      expect([await about(jwt), await about(sign(assertionOf(user)))]).toEqual([401, 401]);
      simulator.reset();
      expect(await about(jwt)).toBe(200);
      pass(60_000);
      expect(await about(jwt)).toBe(401);
    }));

  test.each(["9.0", "9.1"] as const)("version %s tells itself", (snapserviceVersion) =>
    withSimulator({ snapserviceVersion }, async ({ snap }) => {
      expect((await snap("GET", "/api/snapservice/info/about")).body).toEqual({
        version: snapserviceVersion,
      });
    }),
  );
});

describe("protection groups", () => {
  const spec = { name: "nightly", target_entities: { vms: ["vm-1", "vm-2"] } };

  test("are made, changed, paused, shown and removed by tasks", () =>
    withSimulator({}, async (bench) => {
      const { snap } = bench;
      const run = runner(bench);
      expect(await run("POST", groups, spec)).toBe("pg-101");
      await run("PATCH", `${groups}/pg-101`, { name: "weekly" });
      await run("POST", `${groups}/pg-101?action=pause`);
      const info = {
        name: "weekly",
        status: "PAUSED",
        locked: false,
        target_entities: spec.target_entities,
        vms: ["vm-1", "vm-2"],
        snapshots: [],
        snapshot_policies: [],
      };
      expect((await snap("GET", `${groups}/pg-101`)).body).toEqual(info);
      expect((await snap("GET", `${groups}?names=weekly&states=PAUSED`)).body).toEqual({
        items: [{ pg: "pg-101", info }],
      });
      expect((await snap("GET", `${groups}?pgs=pg-7`)).body).toEqual({ items: [] });
      expect(typeOf(await snap("POST", `${groups}/pg-101?action=pause&vmw-task=true`))).toBe(
        "400 ALREADY_IN_DESIRED_STATE",
      );
      await run("POST", `${groups}/pg-101?action=resume`);
      await run("DELETE", `${groups}/pg-101`);
      expect(typeOf(await snap("GET", `${groups}/pg-101`))).toBe("404 NOT_FOUND");
    }));

  test("have snapshots, which go at once, and the group with the last of them", () =>
    withSimulator({}, async (bench) => {
      const { snap } = bench;
      const run = runner(bench);
      await run("POST", groups, spec);
      const path = `${groups}/pg-101/snapshots`;
      expect(await run("POST", path, { name: "first" })).toEqual({
        snapshot: "snapshot-101",
        snapshot_type: "ONE_TIME",
        total_vms: 2,
        successful_vms: 2,
        failed_vms: 0,
      });
      expect((await snap("GET", path)).body).toMatchObject({
        snapshots: [{ snapshot: "snapshot-101", info: { name: "first", pg: "pg-101" } }],
      });
      expect((await snap("GET", `${groups}/pg-101`)).body).toMatchObject({
        snapshots: ["snapshot-101"],
        last_snapshot_time: "2026-01-01T00:00:02.000Z",
      });
      await run("DELETE", `${groups}/pg-101`);
      expect((await snap("GET", `${groups}/pg-101`)).body).toMatchObject({ status: "MARKED_FOR_DELETE" });
      expect(typeOf(await snap("DELETE", `${path}/snapshot-101?vmw-task=true`))).toBe(
        "404 OPERATION_NOT_FOUND",
      );
      expect((await snap("DELETE", `${path}/snapshot-101`)).status).toBe(204);
      expect((await snap("GET", `${groups}/pg-101`)).status).toBe(404);
      expect(typeOf(await snap("POST", `${path}?vmw-task=true`, { name: "late" }))).toBe("404 NOT_FOUND");
    }));

  test("are removed with all snapshots by force", () =>
    withSimulator({}, async (bench) => {
      const run = runner(bench);
      await run("POST", groups, spec);
      await run("POST", `${groups}/pg-101/snapshots`, { name: "first" });
      await run("DELETE", `${groups}/pg-101?force=true`);
      expect(bench.simulator.objects(groups)).toEqual([]);
      expect(bench.simulator.objects(`${groups}/pg-101/snapshots`)).toEqual([]);
    }));

  test.each([
    ["a name that is taken", "POST", groups, { ...spec, name: "locked" }, "400 ALREADY_EXISTS"],
    ["no targets", "POST", groups, { name: "b" }, "400 INVALID_ARGUMENT"],
    ["no name", "POST", groups, { target_entities: {} }, "400 INVALID_ARGUMENT"],
    ["a change of a locked one", "PATCH", `${groups}/pg-1`, {}, "400 UNSUPPORTED"],
    ["the end of a locked one", "DELETE", `${groups}/pg-1`, undefined, "400 UNSUPPORTED"],
    ["one that is not there", "PATCH", `${groups}/pg-2`, {}, "404 NOT_FOUND"],
    [
      "a copy of no snapshot",
      "POST",
      "/api/snapservice/clusters/c/virtual-machines/vm-1?action=restore",
      {},
      "400 INVALID_ARGUMENT",
    ],
  ])("refuse %s", (_title, method, path, body, wanted) =>
    withSimulator({}, async ({ simulator, snap }) => {
      simulator.addObject(groups, { name: "locked", locked: true }, "pg-1");
      const answer = await snap(method, `${path}${path.includes("?") ? "&" : "?"}vmw-task=true`, body);
      expect(typeOf(answer)).toBe(wanted);
      expect(simulator.tasks()).toEqual([]);
    }),
  );
});

describe("tasks of Snapservice", () => {
  test("start with vmw-task=true only", () =>
    withSimulator({}, async ({ snap, simulator }) => {
      const spec = { name: "a", target_entities: {} };
      expect(typeOf(await snap("POST", groups, spec))).toBe("404 OPERATION_NOT_FOUND");
      expect(typeOf(await snap("POST", `${groups}?vmw-task=false`, spec))).toBe("400 INVALID_ARGUMENT");
      expect(typeOf(await snap("POST", "/api/snapservice/sites?action=probe", {}))).toBe("400 UNSUPPORTED");
      expect(simulator.tasks()).toEqual([]);
      const copy =
        "/api/snapservice/clusters/domain-c8/virtual-machines/vm-1?action=linked-clone&vmw-task=true";
      expect((await snap("POST", copy, { snapshot: "s", name: "n" })).status).toBe(202);
    }));

  test("are listed with the fields of a plan, and cannot be cancelled", () =>
    withSimulator({}, async ({ snap, simulator }) => {
      simulator.script({ fields: { vc_task: "task-7" }, durationMs: 60_000 });
      const { body: id } = await snap("POST", `${groups}?vmw-task=true`, { name: "a", target_entities: {} });
      const info = (await snap("GET", `/api/snapservice/tasks/${String(id)}`)).body;
      expect(info).toMatchObject({
        vc_task: "task-7",
        service: "com.vmware.snapservice.clusters.protection_groups",
        operation: "create",
        status: "PENDING",
        cancelable: false,
      });
      expect((await snap("GET", `/api/snapservice/tasks?tasks=${String(id)}&tasks=b`)).body).toEqual({
        items: [{ task: id, info }],
      });
      expect(typeOf(await snap("POST", `/api/snapservice/tasks/${String(id)}?action=cancel`))).toBe(
        "404 OPERATION_NOT_FOUND",
      );
      expect(typeOf(await snap("GET", "/api/snapservice/tasks?status=DONE"))).toBe("400 INVALID_ARGUMENT");
    }));

  test("that are more than 1000 are an error", () =>
    withSimulator({}, async ({ snap, simulator }) => {
      const path = "/api/snapservice/cluster-pairs?action=create-precheck";
      for (let count = 0; count < 1_000; count += 1)
        simulator.startForeignTask({ product: "snapservice", path });
      expect((await snap("GET", "/api/snapservice/tasks")).status).toBe(200);
      simulator.startForeignTask({ product: "snapservice", path });
      expect(typeOf(await snap("GET", "/api/snapservice/tasks"))).toBe("500 RESOURCE_INACCESSIBLE");
    }));

  test("are no tasks of vCenter", () =>
    withSimulator({}, async ({ snap, vcenter, simulator }) => {
      const id = simulator.startForeignTask({
        product: "vcenter",
        path: "/api/esx/settings/depots?action=sync",
      });
      expect((await snap("GET", `/api/snapservice/tasks/${id}`)).status).toBe(404);
      const own = simulator.startForeignTask({
        product: "snapservice",
        path: "/api/snapservice/sites?action=add",
      });
      expect((await vcenter("GET", `/api/cis/tasks/${own}`)).status).toBe(404);
    }));
});
