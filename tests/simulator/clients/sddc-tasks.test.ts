import type { SubTaskScript, TaskPlan } from "../../../provider/simulator";
import { kind, lookAt, startSddcTask } from "../../support/look-at";
import { errorOf, midnight, never, withClient, type ClientBenchOptions } from "../../support/with-simulator";

const bench = (more: Partial<ClientBenchOptions> = {}): ClientBenchOptions => ({
  product: "sddc-manager",
  ...more,
});

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
      const id = startSddcTask(all, { pendingMs: 0, durationMs: 3_000, subTasks });
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
      expect((await lookAt(all, startSddcTask(all, { resources }))).resources).toEqual([
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
      expect(await lookAt(all, startSddcTask(all, { nativeStatus }))).toMatchObject({ status, nativeStatus });
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
      const id = startSddcTask(all, { subTasks: [], outcome: "FAILED", ...plan });
      all.pass(1_000);
      const task = await lookAt(all, id);
      expect(task.status).toBe("FAILED");
      expect(task.causes).toMatchObject(causes);
      expect(task.causes).toHaveLength(causes.length);
    }),
  );

  test("that ended with a warning tells it", () =>
    withClient(bench(), async (all) => {
      const id = startSddcTask(all, { warnings: ["Host esx-2 was skipped."] });
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
      const id = startSddcTask(all, { fields: { errors } });
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
        const id = startSddcTask(all, { outcome, fields });
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
      const odd = startSddcTask(all, plan);
      const good = startSddcTask(all);
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
      const id = startSddcTask(all, { subTasks });
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
