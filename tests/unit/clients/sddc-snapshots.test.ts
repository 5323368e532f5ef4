import { condense } from "../../../provider/clients/sddc-manager/steps";
import { toSnapshot } from "../../../provider/clients/sddc-manager/task";
import type { TaskSnapshot } from "../../../provider/tasks";

const validation = (execution: string, outcome: string, checks: object[] = []): TaskSnapshot =>
  toSnapshot(
    "validation",
    {
      id: "v",
      description: "Validate a domain",
      executionStatus: execution,
      resultStatus: outcome,
      validationChecks: checks,
    },
    "/v1/domains/validations/v",
  );

describe("a validation", () => {
  test.each([
    ["IN_PROGRESS", "UNKNOWN", "RUNNING", "IN_PROGRESS"],
    ["IN_PROGRESS", "SUCCEEDED", "RUNNING", "IN_PROGRESS"],
    ["COMPLETED", "SUCCEEDED", "SUCCEEDED", "SUCCEEDED"],
    ["COMPLETED", "FAILED", "FAILED", "FAILED"],
    ["COMPLETED", "WARNING", "SUCCEEDED", "WARNING"],
    ["COMPLETED", "FAILED_WITH_WARNINGS", "SUCCEEDED", "FAILED_WITH_WARNINGS"],
    ["COMPLETED", "UNKNOWN", "UNKNOWN", "UNKNOWN"],
    ["COMPLETED", "CANCELLATION_IN_PROGRESS", "RUNNING", "CANCELLATION_IN_PROGRESS"],
    ["CANCELLATION_IN_PROGRESS", "UNKNOWN", "RUNNING", "CANCELLATION_IN_PROGRESS"],
    ["CANCELLED", "UNKNOWN", "CANCELLED", "CANCELLED"],
    ["FAILED", "SUCCEEDED", "FAILED", "FAILED"],
    ["SKIPPED", "FAILED", "FAILED", "FAILED"],
    ["UNKNOWN", "SUCCEEDED", "UNKNOWN", "UNKNOWN"],
    ["EXPLODED", "SUCCEEDED", "UNKNOWN", "EXPLODED"],
  ])("executed as %s with the result %s is %s (%s)", (execution, outcome, status, nativeStatus) => {
    expect(validation(execution, outcome)).toMatchObject({ status, nativeStatus });
  });

  const minor = {
    description: "vSAN version",
    severity: "WARNING",
    resultStatus: "FAILED",
    errorResponse: { errorCode: "OLD", message: "The version is old." },
  };
  const silent = { description: "Time servers", severity: "WARNING", resultStatus: "FAILED" };
  const serious = {
    description: "Networks",
    severity: "ERROR",
    resultStatus: "FAILED",
    nestedValidationChecks: [
      {
        description: "MTU of esx-1",
        severity: "ERROR",
        resultStatus: "FAILED",
        errorResponse: {
          errorCode: "MTU",
          message: "The MTU is 1500.",
          remediationMessage: "Set it to 9000.",
          nestedErrors: [{ errorCode: "PING", message: "No reply to a large packet." }],
        },
      },
    ],
  };

  test("that only warns has succeeded, and its warnings say what of", () => {
    expect(validation("COMPLETED", "WARNING", [minor, silent]).warnings).toEqual([
      'The server ended the task as "WARNING".',
      "The version is old.",
      "Time servers: warned; the server gives no reason",
    ]);
  });

  test("that failed names the serious checks first, with the way to each", () => {
    const failed = validation("COMPLETED", "FAILED", [minor, serious]);
    expect(failed.causes).toEqual([
      {
        path: ["Networks", "MTU of esx-1"],
        code: "MTU",
        message: "The MTU is 1500.",
        remediation: "Set it to 9000.",
        reference: undefined,
      },
      expect.objectContaining({ code: "PING", message: "No reply to a large packet." }),
      expect.objectContaining({ path: ["vSAN version"], code: "OLD" }),
    ]);
    expect(failed.progress.fraction).toBe(1);
  });

  test("is stored with the checks that failed, and counts", () => {
    const { native } = validation("COMPLETED", "FAILED", [
      { description: "Names", resultStatus: "SUCCEEDED" },
      minor,
    ]);
    expect(condense(native)).toMatchObject({
      validationChecks: [minor],
      validationCheckCounts: { SUCCEEDED: 1, FAILED: 1 },
    });
  });

  test.each([
    ["executionStatus", { id: "v", resultStatus: "SUCCEEDED" }],
    ["resultStatus", { id: "v", executionStatus: "COMPLETED" }],
    ["id", { executionStatus: "COMPLETED", resultStatus: "SUCCEEDED" }],
  ])("without %s is no good look", (field, body) => {
    expect(() => toSnapshot("validation", body, "/v")).toThrow(`the field "${field}" of a validation`);
  });
});

describe("the causes of a task that failed", () => {
  const errors = [{ errorCode: "NO_SPACE", message: "No space is left." }];
  const host = (name: string) => ({ name, status: "FAILED", errors });
  const pathsOf = (body: object): unknown =>
    toSnapshot("task", { id: "t", status: "FAILED", ...body }, "t").causes.map(({ path }) => path);

  test("name each of the hosts that failed alike, and not what stands above them", () => {
    const subTasks = [
      { name: "Upgrade", status: "FAILED", errors, subTasks: [host("esx-1"), host("esx-2")] },
    ];
    expect(pathsOf({ subTasks, errors })).toEqual([
      ["Upgrade", "esx-1"],
      ["Upgrade", "esx-2"],
    ]);
  });

  test("are told once where a step tells one twice", () => {
    expect(pathsOf({ subTasks: [{ ...host("esx-1"), errors: [...errors, ...errors] }] })).toEqual([
      ["esx-1"],
    ]);
  });

  test("are told at a warning below, too", () => {
    const subTasks = [
      { name: "esx-1", status: "SUCCEEDED", errors: [{ ...errors[0], errorType: "WARNING" }] },
    ];
    expect(pathsOf({ subTasks, errors })).toEqual([["esx-1"]]);
  });
});

test("a precheck of a host has the host's name", () => {
  const hostPrechecks = [
    { hostPrecheckDetails: { fqdn: "esx-1.example.com" }, result: "FAILED", error: "No disk." },
  ];
  const body = { id: "p", executionStatus: "COMPLETED", result: "FAILED", hostPrechecks };
  expect(toSnapshot("hostsPrecheck", body, "p").causes).toMatchObject([
    { path: ["esx-1.example.com"], message: "No disk." },
  ]);
});

describe("a flag", () => {
  test.each([
    [{ completed: false }, "RUNNING"],
    [{ completed: true }, "SUCCEEDED"],
    [{ completed: true, failure: true }, "FAILED"],
    [{ completed: false, failure: true }, "FAILED"],
  ])("%j is %s", (queryInfo, status) => {
    expect(toSnapshot("query", { queryInfo }, "/q").status).toBe(status);
  });

  test.each([[{}], [{ completed: "true" }], [{ completed: null }]])("%j is no flag", (queryInfo) => {
    expect(() => toSnapshot("query", { queryInfo }, "/q")).toThrow(
      'the field "queryInfo.completed" of a query',
    );
  });
});

test.each([
  [1e300, undefined],
  [8.64e15, 8.64e15],
  [0, undefined],
  [-1, undefined],
])("a stamp of %d is %p", (creationTimestamp, stamp) => {
  const body = { id: "t", status: "RUNNING", creationTimestamp };
  expect(toSnapshot("task", body, "t").startedAt).toBe(stamp);
});

test("steps are counted under whatever word the server has for their status", () => {
  const subTasks = ["constructor", "__proto__", "constructor"].map((status) => ({ status }));
  expect(Object.entries(condense({ subTasks }).subTaskCounts as object)).toEqual([
    ["constructor", 2],
    ["__proto__", 1],
  ]);
});

test("the objects that a query has found are not stored twice", () => {
  expect(condense({ queryInfo: { completed: true }, result: { elements: [1] } })).toEqual({
    queryInfo: { completed: true },
  });
  expect(condense({ id: "p", result: "SUCCEEDED" })).toEqual({ id: "p", result: "SUCCEEDED" });
});

describe("a credentials task", () => {
  const oldPassword = "Old-c4nary!1";
  const newPassword = "New-c4nary!2";
  const body = {
    id: "c",
    name: "Credentials rotate operation",
    type: "ROTATE",
    status: "FAILED",
    creationTimestamp: "2026-01-01T00:00:00.000Z",
    errors: [{ errorCode: "NOT_SET", message: `The password ${newPassword} was not taken.` }],
    subTasks: [
      {
        id: "s",
        resourceName: "esx-1.example.com",
        description: `Set ${newPassword} for root`,
        status: "FAILED",
        entityType: "ESXI",
        username: "root",
        credentialType: "SSH",
        oldPassword,
        newPassword,
        errors: [{ message: `login with "${oldPassword}" failed` }],
        dependentSubTasks: [{ name: newPassword, status: "IN_PROGRESS", oldPassword, newPassword: "short" }],
      },
    ],
  };

  test("tells no password anywhere, and everything else", () => {
    const seen = toSnapshot("credentials", body, "c");
    const text = JSON.stringify([seen, condense(seen.native)]);
    expect(text).not.toContain("c4nary");
    expect(text).toContain("[secret]");
    expect(seen).toMatchObject({
      status: "FAILED",
      native: { subTasks: [{ credentialType: "SSH", username: "root", oldPassword: "[secret]" }] },
    });
    expect(seen.causes.map(({ message }) => message)).toEqual([
      'login with "[secret]" failed',
      "The password [secret] was not taken.",
    ]);
  });

  test.each([
    ["USER_CANCELLED", "CANCELLED"],
    ["INCONSISTENT", "FAILED"],
  ])("that ended as %s is %s", (word, status) => {
    expect(toSnapshot("credentials", { ...body, status: word }, "c").status).toBe(status);
  });
});

describe("a bring-up", () => {
  test("that tells no sub-tasks yet shows its milestones", () => {
    const milestones = [
      { name: "a", status: "COMPLETED_WITH_SUCCESS" },
      { name: "b", description: "Deploying NSX", status: "IN_PROGRESS" },
    ];
    expect(toSnapshot("bringUp", { status: "IN_PROGRESS", milestones }, "b").progress).toEqual({
      fraction: 0.5,
      message: "Deploying NSX (2/2)",
    });
  });

  test("that was rolled back well has failed", () => {
    expect(toSnapshot("bringUp", { status: "ROLLBACK_SUCCESS" }, "b").status).toBe("FAILED");
  });
});
