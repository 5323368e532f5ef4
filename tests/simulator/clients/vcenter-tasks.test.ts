import type { TaskPlan } from "../../../provider/simulator";
import { kind, lookAt, seen, startVcenterTask } from "../../support/look-at";
import { errorOf, midnight, never, withClient, type ClientBenchOptions } from "../../support/with-simulator";

describe.each(["api", "rest"] as const)("tasks of vCenter by /%s", (api) => {
  const bench: ClientBenchOptions = { product: "vcenter", settings: { api } };

  test("shows a task from its start to its end", () =>
    withClient(bench, async (all) => {
      const id = startVcenterTask(all, {
        pendingMs: 100,
        blockedMs: 1_000,
        result: { vm: "vm-9" },
        messages: ["Copying"],
      });
      expect(await lookAt(all, id)).toMatchObject({
        ref: { id, kind },
        status: "PENDING",
        nativeStatus: "PENDING",
        name: "com.vmware.vcenter.VM relocate",
        progress: {},
        resources: [{ type: "VirtualMachine", id: "vm-1" }],
        causes: [],
        warnings: [],
        isCancellable: true,
      });
      all.pass(300);
      expect(await lookAt(all, id)).toMatchObject({
        status: "RUNNING",
        progress: { fraction: 0.22, message: "Copying" },
        startedAt: midnight + 100,
      });
      all.pass(500);
      expect(await lookAt(all, id)).toMatchObject({ status: "BLOCKED", nativeStatus: "BLOCKED" });
      all.pass(1_500);
      const end = await lookAt(all, id);
      expect(end).toMatchObject({
        status: "SUCCEEDED",
        progress: { fraction: 1 },
        finishedAt: midnight + 2_000,
        result: { vm: "vm-9" },
        isCancellable: false,
        native: { service: "com.vmware.vcenter.VM", operation: "relocate$task" },
      });
      expect(end.isRetryable).toBeUndefined();
    }));

  test("finds a task whose id holds a colon, by itself and among others", () =>
    withClient(bench, async (all) => {
      const ids = [startVcenterTask(all), startVcenterTask(all), startVcenterTask(all)];
      expect(ids[0]).toMatch(/:com\.vmware\.vcenter\.VM$/);
      for (const count of [1, 3]) {
        const looks = await all.client.look(
          ids.slice(0, count).map((id) => ({ id, kind })),
          never,
        );
        expect(looks.map((look) => seen(look).ref.id)).toEqual(ids.slice(0, count));
      }
      expect(all.simulator.counts()).toMatchObject({ get: 1, list: 1 });
    }));

  test("says that a task is missing, alone", () =>
    withClient(bench, async (all) => {
      const id = startVcenterTask(all);
      all.simulator.forget(id);
      expect(await all.client.look([{ id, kind }], never)).toEqual([{ kind: "missing" }]);
      expect(await all.client.get({ id, kind }, {}, never)).toBeUndefined();
      expect(await all.client.look([], never)).toEqual([]);
    }));

  test("takes a 404 that is not vCenter's own for no answer", () =>
    withClient(bench, async (all) => {
      const id = startVcenterTask(all);
      all.simulator.fault({ what: "html", status: 404, match: { operation: "get" }, times: 2 });
      const error = await errorOf(all.client.look([{ id, kind }], never));
      expect(error).toMatchObject({ fault: { faultClass: "malformed", httpStatus: 404 } });
      expect(await errorOf(all.client.get({ id, kind }, {}, never))).toMatchObject({
        code: "VMWARE_ENDPOINT_FAULT",
      });
    }));

  test("cancels, and sees the task end as CANCELLED", () =>
    withClient(bench, async (all) => {
      const id = startVcenterTask(all, { cancelMs: 500 });
      await all.client.cancel({ id, kind }, never);
      expect(await lookAt(all, id)).toMatchObject({ status: "PENDING" });
      all.pass(600);
      expect(await lookAt(all, id)).toMatchObject({
        status: "CANCELLED",
        nativeStatus: "FAILED",
        causes: [{ code: "CANCELED", message: "The task was canceled." }],
      });
    }));

  test("takes the cancel of a task that has just ended for done: the task itself tells what became of it", () =>
    withClient(bench, async (all) => {
      const id = startVcenterTask(all);
      all.simulator.finish(id);
      await all.client.cancel({ id, kind }, never);
      expect(all.simulator.requests.at(-1)).toMatchObject({ operation: "cancel", status: 400 });
      expect(await lookAt(all, id)).toMatchObject({ status: "SUCCEEDED" });
    }));

  test("passes on that a task cannot be cancelled or is not known", () =>
    withClient(bench, async (all) => {
      const id = startVcenterTask(all, { cancellable: false });
      const error = await errorOf(all.client.cancel({ id, kind }, never));
      expect(error).toMatchObject({
        refusal: { isBusy: false, isNotFound: false, causes: [{ code: "UNSUPPORTED" }] },
      });
      expect(error.message).toMatch(/cannot cancel this task .* goes on to its end\.$/);
      all.simulator.forget(id);
      expect(await errorOf(all.client.cancel({ id, kind }, never))).toMatchObject({
        refusal: { isNotFound: true },
      });
    }));

  const error = {
    "@class": "com.vmware.vapi.std.errors.error",
    error_type: "ERROR",
    messages: [
      { id: "a", default_message: "The upgrade failed.", args: [] },
      { id: "b", default_message: "Host esx-1 is not reachable.", args: ["esx-1"] },
    ],
  };

  test.each<[string, TaskPlan, unknown[]]>([
    [
      "an error",
      { error },
      [
        { path: [], code: "ERROR", message: "The upgrade failed." },
        { path: [], message: "Host esx-1 is not reachable." },
      ],
    ],
    ["an error and a result", { error, result: { status: "x" } }, [{ code: "ERROR" }, {}]],
    [
      "a result that is an error",
      { error: null, result: error },
      [{ code: "ERROR", message: "The upgrade failed." }, {}],
    ],
    [
      "a result that is a text",
      { error: null, result: "It was too late." },
      [{ path: [], message: "It was too late." }],
    ],
    [
      "a result that is a message",
      { error: null, result: { id: "x", default_message: "No room.", args: [] } },
      [{ message: "No room." }],
    ],
    ["neither", { error: null }, []],
    ["a text as error", { fields: { error: "Something broke." } }, [{ message: "Something broke." }]],
    [
      "an error without a type",
      { error: { messages: error.messages } },
      [{ code: "ERROR", message: "The upgrade failed." }, {}],
    ],
    [
      "notified errors",
      {
        error: null,
        fields: {
          notifications: { errors: [{ message: { id: "n", default_message: "No licence." } }, 7, "plain"] },
        },
      },
      [{ message: "No licence." }, { message: "plain" }],
    ],
  ])("explains a failure by %s", (_title, plan, causes) =>
    withClient(bench, async (all) => {
      const id = startVcenterTask(all, { outcome: "FAILED", ...plan });
      all.pass(1_000);
      const task = await lookAt(all, id);
      expect(task.status).toBe("FAILED");
      expect(task.causes).toHaveLength(causes.length);
      expect(task.causes).toMatchObject(causes);
    }),
  );

  test("shows what Lifecycle Manager warns of, and takes an empty parent for none", () =>
    withClient(bench, async (all) => {
      const id = startVcenterTask(
        all,
        {
          warnings: [
            "Host esx-2 was skipped.",
            { message: { id: "k", default_message: "e", localized: "Übersprungen" } },
            null,
            5,
          ],
        },
        "/api/esx/settings/clusters/domain-c8/software?action=apply",
      );
      all.pass(1_000);
      const task = await lookAt(all, id);
      expect(task).toMatchObject({
        status: "SUCCEEDED",
        name: "software apply",
        warnings: ["Host esx-2 was skipped.", "Übersprungen"],
        native: { parent: "" },
      });
    }));

  test.each<[string, Record<string, unknown>]>([
    [
      "nulls",
      {
        description: null,
        operation: null,
        service: null,
        target: null,
        progress: null,
        start_time: null,
        result: null,
        error: null,
        notifications: null,
        cancelable: null,
        user: null,
        parent: null,
      },
    ],
    [
      "numbers",
      {
        description: 1,
        operation: 2,
        service: 3,
        target: 4,
        progress: 5,
        start_time: 6,
        end_time: 7,
        notifications: 8,
        cancelable: 9,
      },
    ],
    [
      "texts",
      {
        description: "a",
        target: "b",
        progress: "c",
        start_time: "soon",
        end_time: "",
        notifications: "d",
        cancelable: "yes",
      },
    ],
    [
      "lists",
      {
        description: [],
        operation: [],
        service: [],
        target: [],
        progress: [],
        notifications: [],
        cancelable: [],
      },
    ],
    [
      "a total of 0",
      { progress: { total: 0, completed: 0, message: { id: "", default_message: "", args: [] } } },
    ],
    ["texts for numbers", { progress: { total: "100", completed: "5", message: null } }],
    ["more done than there is", { progress: { total: 10, completed: 12 } }],
    ["half a target", { target: { type: "VirtualMachine" } }],
    ["stamps of 1970", { start_time: "1970-01-01T00:00:00.000Z", end_time: "1970-01-01T00:00:00.000Z" }],
  ])("looks at a task with odd fields: %s", (_title, fields) =>
    withClient(bench, async (all) => {
      for (const outcome of ["SUCCEEDED", "FAILED"] as const) {
        const id = startVcenterTask(all, { outcome, fields });
        all.pass(1_000);
        const task = await lookAt(all, id);
        expect(task.status).toBe(outcome);
        expect(task.native).toMatchObject(fields);
        const { fraction } = task.progress;
        if (fraction !== undefined) expect(fraction).toBeLessThanOrEqual(1);
      }
    }),
  );

  test.each<[string, TaskPlan, string]>([
    ["absent", { omitFields: ["status"] }, "status"],
    ["null", { fields: { status: null } }, "status"],
    ["a number", { fields: { status: 4 } }, "status"],
  ])("does not look at a task whose status is %s, and names the field; others go on", (_title, plan, field) =>
    withClient(bench, async (all) => {
      const odd = startVcenterTask(all, plan);
      const good = startVcenterTask(all);
      for (const refs of [[odd], [good, odd]]) {
        const looks = await all.client.look(
          refs.map((id) => ({ id, kind })),
          never,
        );
        expect(looks.at(-1)).toMatchObject({
          kind: "fault",
          fault: { code: "VMWARE_ENDPOINT_FAULT", fault: { faultClass: "shape" } },
        });
        const last = looks.at(-1);
        expect(last?.kind === "fault" ? last.fault.message : "").toContain(`the field "${field}" of a task`);
        if (refs.length > 1) expect(looks[0]).toMatchObject({ kind: "seen" });
      }
      const error = await errorOf(all.client.get({ id: odd, kind }, {}, never));
      expect(error).toMatchObject({ code: "VMWARE_UNEXPECTED_REPLY" });
      expect(error.message).toContain(`the field "${field}" of a task`);
    }),
  );

  test.each([
    ["PENDING", "PENDING"],
    ["running", "RUNNING"],
    ["Blocked", "BLOCKED"],
    ["SUCCEEDED", "SUCCEEDED"],
    ["FAILED", "FAILED"],
    ["CANCELED", "CANCELLED"],
    ["DONE_SOMEHOW", "UNKNOWN"],
    ["", "UNKNOWN"],
  ])("reads the status %p as %s", (nativeStatus, status) =>
    withClient(bench, async (all) => {
      expect(await lookAt(all, startVcenterTask(all, { nativeStatus }))).toMatchObject({
        status,
        nativeStatus,
      });
    }),
  );

  test("cannot continue a failed task", () =>
    withClient(bench, async (all) => {
      expect((await errorOf(all.client.retry({ id: "a", kind }, undefined, never))).message).toBe(
        "vCenter cannot continue a failed task.",
      );
    }));

  test("reads an object, and knows one that is not there", () =>
    withClient(bench, async ({ client, simulator }) => {
      simulator.addObject("/api/vcenter/vm", { name: "one" }, "vm-1");
      expect(await client.read({ method: "GET", path: `/${api}/vcenter/vm/vm-1` }, never)).toMatchObject({
        name: "one",
      });
      expect(await client.read({ method: "GET", path: `/${api}/vcenter/vm/vm-2` }, never)).toBeUndefined();
    }));
});
