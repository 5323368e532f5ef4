import type { SubTaskScript, TaskPlan } from "../../../provider/simulator";
import type { Look, TaskSnapshot } from "../../../provider/tasks";
import {
  errorOf,
  midnight,
  never,
  withClient,
  type ClientBench,
  type ClientBenchOptions,
} from "../../support/with-simulator";

const kind = "task";
const bench = (more: Partial<ClientBenchOptions> = {}): ClientBenchOptions => ({
  product: "sddc-manager",
  ...more,
});

function start({ simulator }: ClientBench, plan: TaskPlan = {}, path = "/v1/bundles"): string {
  return simulator.startForeignTask({ product: "sddc-manager", path, plan });
}

function seen(look: Look | undefined): TaskSnapshot {
  if (look?.kind !== "seen") throw new Error(`It is ${look?.kind ?? "absent"}.`);
  return look.snapshot;
}

async function lookAt({ client }: ClientBench, id: string): Promise<TaskSnapshot> {
  const [look] = await client.look([{ id, kind }], never);
  return seen(look);
}

const error = (code: string, message: string, more: object = {}): object => ({
  errorCode: code,
  message,
  ...more,
});

describe("a task of SDDC Manager", () => {
  test("shows its sub-tasks as progress", () =>
    withClient(bench(), async (all) => {
      const subTasks = [
        { name: "OneAction" },
        { name: "TwoAction", stages: [{ name: "A" }, { name: "B" }] },
        { name: "ThreeAction" },
      ];
      const id = start(all, { pendingMs: 0, durationMs: 3_000, subTasks });
      all.pass(500);
      expect(await lookAt(all, id)).toMatchObject({
        ref: { id, kind },
        status: "RUNNING",
        nativeStatus: "In Progress",
        progress: { fraction: 0, message: "One (1/4)" },
        startedAt: midnight,
        isCancellable: true,
      });
      all.pass(1_100);
      expect((await lookAt(all, id)).progress).toEqual({ fraction: 0.5, message: "B (3/4)" });
      all.pass(2_000);
      expect(await lookAt(all, id)).toMatchObject({
        status: "SUCCEEDED",
        nativeStatus: "Successful",
        progress: { fraction: 1, message: undefined },
        finishedAt: midnight + 3_000,
        isCancellable: false,
        warnings: [],
        causes: [],
      });
    }));

  test("names what it made", () =>
    withClient(bench(), async (all) => {
      const resources = [
        { resourceId: "a", type: "ESXI", fqdn: "esx-1.test", name: "esx-1" },
        { resourceId: "b", type: "DOMAIN", name: "mgmt", sans: ["x"] },
        { resourceId: "c", type: "HOST" },
        { type: "HOST" },
        { resourceId: 4, type: "HOST" },
        null,
      ];
      expect((await lookAt(all, start(all, { resources }))).resources).toEqual([
        { type: "ESXI", id: "a", name: "esx-1.test" },
        { type: "DOMAIN", id: "b", name: "mgmt" },
        { type: "HOST", id: "c", name: undefined },
      ]);
    }));

  test.each([
    ["Pending", "PENDING"],
    ["QUEUED", "PENDING"],
    ["Queued", "PENDING"],
    ["SCHEDULED", "PENDING"],
    ["In Progress", "RUNNING"],
    ["IN_PROGRESS", "RUNNING"],
    ["IN PROGRESS", "RUNNING"],
    ["INPROGRESS", "RUNNING"],
    ["in-progress", "RUNNING"],
    ["Successful", "SUCCEEDED"],
    ["SUCCESSFUL", "SUCCEEDED"],
    ["SUCCESS", "SUCCEEDED"],
    ["COMPLETED", "SUCCEEDED"],
    ["COMPLETED_WITH_WARNING", "SUCCEEDED"],
    ["Completed With Warning", "SUCCEEDED"],
    ["SKIPPED", "SUCCEEDED"],
    ["Failed", "FAILED"],
    ["FAILED", "FAILED"],
    ["TIMED_OUT", "FAILED"],
    ["Timed Out", "FAILED"],
    ["INCONSISTENT", "FAILED"],
    ["Cancelled", "CANCELLED"],
    ["CANCELED", "CANCELLED"],
    ["USER_CANCELLED", "CANCELLED"],
    ["UNKNOWN", "UNKNOWN"],
    ["NEARLY_DONE", "UNKNOWN"],
    ["NOT_SUCCESSFUL", "UNKNOWN"],
  ])("of status %p is %s", (nativeStatus, status) =>
    withClient(bench(), async (all) => {
      expect(await lookAt(all, start(all, { nativeStatus }))).toMatchObject({ status, nativeStatus });
    }),
  );

  test.each<[string, TaskPlan, unknown[]]>([
    [
      "the task",
      { error: [error("A", "It broke.", { remediationMessage: "Mend it.", referenceToken: "T0K3N1" })] },
      [{ path: [], code: "A", message: "It broke.", remediation: "Mend it.", reference: "T0K3N1" }],
    ],
    [
      "a sub-task, with an empty list at the task",
      {
        fields: { errors: [] },
        subTasks: [
          { name: "One", description: "First step" },
          { name: "Two", outcome: "FAILED", errors: [error("B", "No host.")] },
        ],
      },
      [{ path: ["Two"], code: "B", message: "No host." }],
    ],
    [
      "a stage",
      {
        subTasks: [
          {
            name: "Outer",
            outcome: "FAILED",
            errors: [],
            stages: [{ name: "Inner", outcome: "FAILED", errors: [error("C", "No disk.")] }],
          },
        ],
      },
      [{ path: ["Outer", "Inner"], code: "C", message: "No disk." }],
    ],
    [
      "a sub-task of a sub-task, before what passes it on",
      {
        error: [error("TOP", "Workflow failed.")],
        subTasks: [
          {
            name: "A",
            outcome: "FAILED",
            errors: [error("MID", "Step failed.")],
            subTasks: [{ name: "B", outcome: "FAILED", errors: [error("DEEP", "No DNS.")] }],
          },
        ],
      },
      [
        { path: ["A", "B"], code: "DEEP", message: "No DNS." },
        { path: ["A"], code: "MID", message: "Step failed." },
        { path: [], code: "TOP", message: "Workflow failed." },
      ],
    ],
    [
      "nested errors and causes",
      {
        error: [
          error("OUT", "Failed.", {
            nestedErrors: [error("IN", "Deeper.", { nestedErrors: [error("ROOT", "Deepest.")] })],
            causes: [
              { type: "java.io.IOException", message: "Broken pipe" },
              { type: "x", message: " " },
            ],
          }),
        ],
      },
      [
        { code: "OUT", message: "Failed." },
        { code: "IN", message: "Deeper." },
        { code: "ROOT", message: "Deepest." },
        { code: "java.io.IOException", message: "Broken pipe" },
      ],
    ],
    [
      "an error that stands at the task and at its sub-task, told once",
      {
        error: [error("A", "Same.")],
        subTasks: [{ name: "One", outcome: "FAILED", errors: [error("A", "Same.")] }],
      },
      [{ path: ["One"], code: "A", message: "Same." }],
    ],
    [
      "an error, not by the warning of a step that went well before it",
      {
        error: null,
        subTasks: [
          { name: "One", errors: [] },
          {
            name: "Two",
            outcome: "FAILED",
            errors: [
              error("W", "Slow.", { errorType: "WARNING" }),
              error("E", "Dead.", { errorType: "ERROR" }),
            ],
          },
        ],
      },
      [
        { code: "E", message: "Dead." },
        { code: "W", message: "Slow." },
      ],
    ],
    [
      "a sub-task without errors",
      { subTasks: [{ name: "One" }, { name: "Two", outcome: "FAILED", errors: [] }] },
      [{ path: ["Two"], message: "failed; the server gives no reason" }],
    ],
    [
      "an error without a message",
      { error: [{ errorCode: "ONLY_CODE", message: "" }] },
      [{ code: "ONLY_CODE", message: "the server gives no message" }],
    ],
    [
      "odd errors",
      {
        error: [
          null,
          4,
          "text",
          {},
          { message: 4 },
          { errorCode: null, message: "Kept.", nestedErrors: null, causes: "x" },
        ],
      },
      [{ message: "text" }, { message: "Kept." }],
    ],
  ])("that failed is explained by %s", (_title, plan, causes) =>
    withClient(bench(), async (all) => {
      const id = start(all, { subTasks: [], outcome: "FAILED", ...plan });
      all.pass(1_000);
      const task = await lookAt(all, id);
      expect(task.status).toBe("FAILED");
      expect(task.causes).toMatchObject(causes);
      expect(task.causes).toHaveLength(causes.length);
    }),
  );

  test("that ended with a warning tells it", () =>
    withClient(bench(), async (all) => {
      const id = start(all, { warnings: ["Host esx-2 was skipped."] });
      all.pass(1_000);
      expect(await lookAt(all, id)).toMatchObject({
        status: "SUCCEEDED",
        nativeStatus: "COMPLETED_WITH_WARNING",
        warnings: ['The server ended the task as "COMPLETED_WITH_WARNING".', "Host esx-2 was skipped."],
        causes: [],
      });
    }));

  test("that succeeded after a retry does not warn of what had failed before", () =>
    withClient(bench(), async (all) => {
      const errors = [error("OLD", "It had failed."), error("W", "Slow.", { errorType: "WARNING" })];
      const id = start(all, { fields: { errors } });
      all.pass(1_000);
      expect(await lookAt(all, id)).toMatchObject({ status: "SUCCEEDED", causes: [], warnings: ["Slow."] });
    }));

  test.each<[string, Record<string, unknown>]>([
    [
      "nulls",
      {
        name: null,
        type: null,
        subTasks: null,
        errors: null,
        resources: null,
        creationTimestamp: null,
        completionTimestamp: null,
        isRetryable: null,
        isCancellable: null,
        localizableDescriptionPack: null,
      },
    ],
    [
      "numbers",
      {
        name: 1,
        type: 2,
        subTasks: 3,
        errors: 4,
        resources: 5,
        creationTimestamp: 6,
        completionTimestamp: 7,
        isRetryable: 8,
        isCancellable: 9,
      },
    ],
    [
      "texts",
      {
        subTasks: "a",
        errors: "b",
        resources: "c",
        creationTimestamp: "d",
        isRetryable: "e",
        isCancellable: "f",
      },
    ],
    [
      "objects",
      { name: {}, type: {}, subTasks: {}, errors: {}, resources: {}, creationTimestamp: {}, isRetryable: {} },
    ],
    [
      "odd sub-tasks",
      {
        subTasks: [
          null,
          4,
          "a",
          {},
          { name: 4, status: 5, stages: 6, errors: 7, subTasks: 8 },
          { status: null, stages: [null] },
        ],
      },
    ],
    ["odd resources", { resources: [null, {}, { resourceId: null, type: null }] }],
    ["a stamp of 1970", { creationTimestamp: "1970-01-20T23:06:29.526Z" }],
  ])("with odd fields is looked at: %s", (_title, fields) =>
    withClient(bench(), async (all) => {
      for (const outcome of ["SUCCEEDED", "FAILED"] as const) {
        const id = start(all, { outcome, fields });
        all.pass(1_000);
        const task = await lookAt(all, id);
        expect(task.status).toBe(outcome);
        expect(task.native).toMatchObject(fields);
      }
    }),
  );

  test.each<[string, TaskPlan, string]>([
    ["no status", { omitFields: ["status"] }, "status"],
    ["the status null", { fields: { status: null } }, "status"],
    ["an empty status", { fields: { status: "" } }, "status"],
    ["no id", { omitFields: ["id"] }, "id"],
    ["a number for its id", { fields: { id: 4 } }, "id"],
  ])("with %s is no good look, which names the field; others go on", (_title, plan, field) =>
    withClient(bench(), async (all) => {
      const odd = start(all, plan);
      const good = start(all);
      const [first, second] = await all.client.look(
        [
          { id: good, kind },
          { id: odd, kind },
        ],
        never,
      );
      expect(first).toMatchObject({ kind: "seen" });
      expect(second).toMatchObject({ kind: "fault", fault: { fault: { faultClass: "shape" } } });
      expect(second?.kind === "fault" ? second.fault.message : "").toContain(
        `the field "${field}" of a task`,
      );
      expect(await errorOf(all.client.get({ id: odd, kind }, {}, never))).toMatchObject({
        code: "VMWARE_UNEXPECTED_REPLY",
      });
    }),
  );

  test("keeps only failed sub-tasks and counts when it is condensed", () =>
    withClient(bench(), async (all) => {
      const subTasks: SubTaskScript[] = [
        { name: "One" },
        { name: "Two", outcome: "FAILED" },
        { name: "Three" },
        { name: "Four" },
      ];
      const id = start(all, { subTasks });
      all.pass(1_000);
      const { native } = await lookAt(all, id);
      expect(all.client.condense(native)).toMatchObject({
        id,
        subTasks: [{ name: "Two", status: "FAILED" }],
        subTaskCounts: { SUCCESSFUL: 1, FAILED: 1, PENDING: 2 },
      });
      expect(all.client.condense({ id: "a", subTasks: null })).toEqual({ id: "a", subTasks: null });
    }));
});

describe("retry and cancel at SDDC Manager", () => {
  test("continue a failed task under its id", () =>
    withClient(bench(), async (all) => {
      const id = start(all, { outcome: "FAILED", retryable: true });
      all.pass(1_000);
      expect(await lookAt(all, id)).toMatchObject({ status: "FAILED", isRetryable: true });
      await all.client.retry({ id, kind }, never);
      expect(await lookAt(all, id)).toMatchObject({
        ref: { id },
        status: "RUNNING",
        isRetryable: false,
        causes: [],
      });
      all.pass(1_000);
      expect(await lookAt(all, id)).toMatchObject({ status: "SUCCEEDED" });
    }));

  test.each<[string, TaskPlan, number]>([
    ["runs", {}, 500],
    ["succeeded", {}, 1_000],
    ["says that it cannot be retried", { outcome: "FAILED", retryable: false }, 1_000],
  ])("refuse a retry of a task that %s", (_title, plan, ms) =>
    withClient(bench(), async (all) => {
      const id = start(all, plan);
      all.pass(ms);
      const refused = await errorOf(all.client.retry({ id, kind }, never));
      expect(refused).toMatchObject({ code: "VMWARE_REQUEST_REFUSED", refusal: { httpStatus: 409 } });
      expect(refused.message).toContain("TA_TASK_CAN_NOT_BE_RETRIED");
      expect(all.simulator.counts().retry).toBe(1);
    }),
  );

  test("cancel a task that runs, and no other", () =>
    withClient(bench(), async (all) => {
      const id = start(all);
      all.pass(500);
      await all.client.cancel({ id, kind }, never);
      expect(await lookAt(all, id)).toMatchObject({ status: "CANCELLED" });
      const refused = await errorOf(all.client.cancel({ id, kind }, never));
      expect(refused).toMatchObject({ code: "VMWARE_REQUEST_REFUSED", refusal: { httpStatus: 409 } });
    }));

  test("say that a task is not known", () =>
    withClient(bench(), async ({ client }) => {
      const ref = { id: "00000000-0000-4000-8000-00000000dead", kind };
      for (const attempt of [client.retry(ref, never), client.cancel(ref, never)]) {
        expect(await errorOf(attempt)).toMatchObject({
          code: "VMWARE_REQUEST_REFUSED",
          refusal: { isNotFound: true },
        });
      }
      expect(await client.get(ref, {}, never)).toBeUndefined();
      expect(await client.look([ref], never)).toEqual([{ kind: "missing" }]);
    }));
});

describe.each([0, 1] as const)("lists of SDDC Manager whose first page is %d", (firstPage) => {
  const paged = bench({ simulate: { firstPage } });

  test("are read to their end, the newest task first", () =>
    withClient(paged, async (all) => {
      const ids = Array.from({ length: 250 }, () => {
        all.pass(1_000);
        return start(all);
      });
      const found = await all.client.list({}, never);
      expect(found.map(({ ref }) => ref.id)).toEqual([...ids].reverse());
      expect(
        all.simulator.requests.filter(({ operation }) => operation === "list").map(({ query }) => query),
      ).toEqual([
        { pageSize: "100" },
        { pageSize: "100", pageNumber: String(firstPage + 1) },
        { pageSize: "100", pageNumber: String(firstPage + 2) },
      ]);
    }));

  test("are empty when nothing matches", () =>
    withClient(paged, async (all) => {
      expect(await all.client.list({ type: "NONE" }, never)).toEqual([]);
      expect(all.simulator.counts().list).toBe(1);
    }));

  test("serve a look at many tasks, which costs fewer requests than single ones", () =>
    withClient(paged, async (all) => {
      const ids = Array.from({ length: 120 }, () => start(all));
      const looks = await all.client.look(
        ids.map((id) => ({ id, kind })),
        never,
      );
      expect(looks.map((look) => seen(look).ref.id)).toEqual(ids);
      expect(all.simulator.counts()).toMatchObject({ list: 2, get: 0 });
      expect(all.client.costOf(120)).toBeGreaterThanOrEqual(2);
    }));
});

describe("lists of SDDC Manager", () => {
  test("filter by everything that its API filters by", () =>
    withClient(bench(), async (all) => {
      const other = start(all, { resources: [{ resourceId: "r-1", type: "ESXI" }] }, "/v1/licensing-info");
      all.pass(2_000);
      const bundle = start(all);
      const list = async (filter: Record<string, unknown>): Promise<string[]> =>
        (await all.client.list(filter, never)).map(({ ref }) => ref.id);
      expect(await list({ type: "BUNDLE_CREATION" })).toEqual([bundle]);
      expect(await list({ name: "bundle" })).toEqual([bundle]);
      expect(await list({ resourceId: "r-1" })).toEqual([other]);
      expect(await list({ resourceType: "ESXI" })).toEqual([other]);
      expect(await list({ completedAfter: midnight })).toEqual([other]);
      expect(await list({ completedAfter: midnight + 5_000 })).toEqual([]);
      expect(await list({ limit: 1 })).toEqual([bundle]);
      expect(await list({ orderBy: "creationTimestamp", orderDirection: "ASC" })).toEqual([other, bundle]);
      expect(all.simulator.requests.at(-1)?.query).toEqual({
        pageSize: "100",
        orderBy: "creationTimestamp",
        orderDirection: "ASC",
      });
    }));

  test("are one page when the server says nothing of pages", () =>
    withClient(bench(), async (all) => {
      const task = all.simulator.task(start(all))?.native;
      for (const body of [
        { elements: [task] },
        { elements: [task], pageMetadata: null },
        { elements: [task], pageMetadata: { totalPages: 9 } },
      ]) {
        all.simulator.fault({ what: "status", status: 200, body, match: { operation: "list" } });
        expect(await all.client.list({}, never)).toHaveLength(1);
      }
      expect(all.simulator.counts().list).toBe(3);
    }));

  test("tell a task once although it moved to the next page", () =>
    withClient(bench(), async (all) => {
      const task = all.simulator.task(start(all))?.native;
      const body = {
        elements: [task],
        pageMetadata: { pageNumber: 0, pageSize: 1, totalElements: 2, totalPages: 2 },
      };
      all.simulator.fault({ what: "status", status: 200, body, match: { operation: "list" }, times: 2 });
      expect(await all.client.list({}, never)).toHaveLength(1);
      expect(all.simulator.counts().list).toBe(2);
    }));

  test.each([[{}], [[]], [{ elements: {} }], [null]])("are nothing else: %j", (body) =>
    withClient(bench(), async (all) => {
      all.simulator.fault({ what: "status", status: 200, body, match: { operation: "list" } });
      const odd = await errorOf(all.client.list({}, never));
      expect(odd).toMatchObject({ code: expect.stringMatching(/UNEXPECTED_REPLY/) as string });
      expect(odd.message).toContain('the field "elements" is no list');
    }),
  );
});

describe("a look at several tasks of SDDC Manager", () => {
  test("asks for each of a few", () =>
    withClient(bench(), async (all) => {
      const ids = Array.from({ length: 7 }, () => start(all));
      all.simulator.forget(ids[3] ?? "");
      const looks = await all.client.look(
        ids.map((id) => ({ id, kind })),
        never,
      );
      expect(looks.map((look) => look.kind)).toEqual(
        ids.map((_id, index) => (index === 3 ? "missing" : "seen")),
      );
      expect(all.simulator.counts()).toMatchObject({ list: 0, get: 7 });
    }));

  test("asks for those alone that the list does not show", () =>
    withClient(bench(), async (all) => {
      const old = start(all);
      for (let number = 0; number < 150; number += 1) start(all, {}, "/v1/licensing-info");
      const ids = [
        old,
        ...Array.from({ length: 8 }, () => start(all)),
        "00000000-0000-4000-8000-00000000dead",
      ];
      const looks = await all.client.look(
        ids.map((id) => ({ id, kind })),
        never,
      );
      expect(looks.map((look) => look.kind)).toEqual([...ids.slice(1).map(() => "seen"), "missing"]);
      expect(all.simulator.counts()).toMatchObject({ list: 2, get: 1 });
    }));

  test("goes on when one of them meets a fault", () =>
    withClient(bench(), async (all) => {
      const ids = [start(all), start(all), start(all)];
      all.simulator.fault({ what: "status", status: 500, match: { operation: "get", taskId: ids[1] ?? "" } });
      const looks = await all.client.look(
        ids.map((id) => ({ id, kind })),
        never,
      );
      expect(looks.map((look) => look.kind)).toEqual(["seen", "fault", "seen"]);
    }));

  test("is not disturbed by an odd task of somebody else in the list", () =>
    withClient(bench(), async (all) => {
      start(all, { omitFields: ["status", "id"] });
      const ids = Array.from({ length: 10 }, () => start(all));
      const looks = await all.client.look(
        ids.map((id) => ({ id, kind })),
        never,
      );
      expect(looks.every((look) => look.kind === "seen")).toBe(true);
    }));
});

describe("a start at SDDC Manager", () => {
  const domain = { method: "POST", path: "/v1/domains", body: { domainName: "a" } } as const;

  test("answers with the id of the task", () =>
    withClient(bench(), async ({ client, simulator }) => {
      const reply = await client.start(domain, { kind }, never);
      expect(reply).toEqual({ kind: "task", ref: { id: simulator.starts[0]?.taskId, kind } });
    }));

  test.each<[string, { status: number; body?: unknown }, string | undefined, unknown]>([
    [
      "a task with 200",
      { status: 200, body: { id: "t", name: "n", status: "Pending", creationTimestamp: "x" } },
      undefined,
      { kind: "task", ref: { id: "t", kind } },
    ],
    [
      "a domain with 200",
      { status: 200, body: { id: "d", name: "n", status: "ACTIVE" } },
      undefined,
      { kind: "done", body: { id: "d", name: "n", status: "ACTIVE" } },
    ],
    ["nothing with 204", { status: 204 }, undefined, { kind: "done", body: undefined }],
    ["a list with 200", { status: 200, body: [1] }, undefined, { kind: "done", body: [1] }],
    [
      "an upgrade that names its task",
      { status: 200, body: { id: "u", taskId: "t" } },
      "taskId",
      { kind: "task", ref: { id: "t", kind } },
    ],
  ])("understands %s", (_title, immediate, taskIdFrom, wanted) =>
    withClient(bench({ simulate: { scripts: [{ immediate }] } }), async ({ client }) => {
      expect(await client.start(domain, { kind, taskIdFrom }, never)).toEqual(wanted);
    }),
  );

  test.each([
    [{ status: 202 }, undefined, "id"],
    [{ status: 202, body: { name: "n" } }, undefined, "id"],
    [{ status: 202, body: "text" }, undefined, "id"],
    [{ status: 200, body: { id: "u" } }, "taskId", "taskId"],
  ])("says that %j cannot be followed", (immediate, taskIdFrom, where) =>
    withClient(bench({ simulate: { scripts: [{ immediate }] } }), async ({ client }) => {
      const odd = await errorOf(client.start(domain, { kind, taskIdFrom }, never));
      expect(odd).toMatchObject({ code: "VMWARE_UNEXPECTED_REPLY" });
      expect(odd.message).toBe(
        `Endpoint "lab" answered POST /v1/domains with something else than its API documents: there is no task id at \`${where}\`. ` +
          "The operation started, but cannot be followed.",
      );
    }),
  );

  test.each([
    [409, "SOME_CONFLICT", "x", true],
    [500, "WORKFLOW_LOCKED", "Another workflow is in progress.", true],
    [500, "SYSTEM_BUSY", "x", true],
    [400, "BAD", "Too many tasks are running.", true],
    [400, "BAD", "Field domainName is required.", false],
    [404, "RESOURCE_NOT_FOUND", "x", false],
    [405, "NOT_ALLOWED", "x", false],
    [422, "INVALID", "x", false],
  ])("takes %d %s %j for a no (busy: %p)", (status, code, message, isBusy) =>
    withClient(
      bench({ simulate: { scripts: [{ reply: { status, error: code, message, starts: false } }] } }),
      async ({ client }) => {
        expect(await errorOf(client.start(domain, { kind }, never))).toMatchObject({
          code: "VMWARE_REQUEST_REFUSED",
          refusal: { httpStatus: status, isBusy, isNotFound: status === 404, causes: [{ code, message }] },
        });
      },
    ),
  );

  test("does not know after an error of the server whether it started", () =>
    withClient(
      bench({
        simulate: { scripts: [{ reply: { status: 500, error: "OOPS", message: "Broken.", starts: true } }] },
      }),
      async ({ client }) => {
        const fault = await errorOf(client.start(domain, { kind }, never));
        expect(fault).toMatchObject({
          code: "VMWARE_ENDPOINT_FAULT",
          fault: { faultClass: "server", sent: "maybe" },
        });
        expect(fault.message).toContain("OOPS: Broken.");
      },
    ));
});
