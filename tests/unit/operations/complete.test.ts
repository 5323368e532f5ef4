import { complete, type CompletionArguments } from "../../../provider/operations";
import { completion as given, password } from "../../support/operation-bed";
import { bedOf } from "../../support/with-bed";

const minute = 60_000;

test("a task that succeeds gives its outputs and no failure", async () => {
  const { run, server } = bedOf();
  server.begin({ durationMs: 90_000, result: "vm-42", native: { extra: 1 } });
  const { outcome, failure } = await run((context) => complete(context, given));
  expect(failure).toBeUndefined();
  expect(outcome).toMatchObject({
    taskId: "task-1",
    status: "SUCCEEDED",
    nativeStatus: "native SUCCEEDED",
    result: "vm-42",
    attempts: 1,
    startedAt: "2026-01-01T00:00:00.000Z",
    durationSeconds: 90,
    task: { endpoint: "vc", product: "vcenter", native: { extra: 1 } },
  });
});

test("shows how the task stands", async () => {
  const { run, server, deployment } = bedOf();
  server.begin({ durationMs: minute, fraction: (at) => at / minute, message: "copying disk 2/3" });
  await run((context) => complete(context, given));
  expect(deployment.statuses.some((text) => /^\d+ % · .*left · copying disk 2\/3$/.test(text))).toBe(true);
});

test("a task that fails says what failed, where, after how long and why, and what the next deployment will do", async () => {
  const { run, server } = bedOf();
  server.begin({
    durationMs: 3 * minute,
    ends: "FAILED",
    causes: [
      {
        path: ["Commission hosts", "Validate host"],
        code: "HOST_UNREACHABLE",
        message: "esxi-7 does not answer.",
        remediation: "Check its network.",
        reference: "ABC123",
      },
    ],
  });
  const { outcome, failure } = await run((context) => complete(context, given));
  expect(outcome).toMatchObject({ status: "FAILED", taskId: "task-1", attempts: 1 });
  expect(failure?.split("\n")).toEqual([
    'Operation "vm" failed after 3m: Do it, task task-1 at endpoint "vc" (native FAILED)',
    "  at Commission hosts › Validate host",
    "  HOST_UNREACHABLE: esxi-7 does not answer.",
    "  what to do: Check its network.",
    "  reference: ABC123",
    'The next `pulumi up` tries again; `retry: { onNextUp: "look" }` makes it only look.',
    "To start it again at any time: change `triggers`, or `pulumi up --replace '**StartedTask::vm'`.",
    "If another task has done it already: `adoptTaskId` takes that one.",
  ]);
});

test("a task that was cancelled is told as that", async () => {
  const { run, server } = bedOf();
  server.begin({ ends: "CANCELLED" });
  const { outcome, failure } = await run((context) =>
    complete(context, { ...given, retry: { maxAttempts: 3 } }),
  );
  expect(outcome.status).toBe("CANCELLED");
  expect(failure).toContain("was cancelled");
  expect(server.starts).toEqual([]);
});

describe("warnings", () => {
  test("are shown, and the task counts as done", async () => {
    const { run, server, deployment } = bedOf();
    server.begin({ warnings: ["The disk is slow."] });
    const { failure } = await run((context) => complete(context, given));
    expect(failure).toBeUndefined();
    expect(deployment.warnings).toEqual(["The disk is slow."]);
  });

  test("fail the operation when they are not accepted", async () => {
    const { run, server } = bedOf();
    server.begin({ warnings: ["The disk is slow."] });
    const { outcome, failure } = await run((context) =>
      complete(context, { ...given, acceptWarnings: false }),
    );
    expect(outcome.status).toBe("FAILED");
    expect(failure).toMatch(
      /succeeded at the server, but not as the program expects.*\n.*The disk is slow\./,
    );
  });
});

describe("expect", () => {
  test.each([
    [{ path: "result", equals: "vm-42" }, undefined],
    [{ path: "native.compliance.status", in: ["COMPLIANT", "UNKNOWN"] }, undefined],
    [{ path: "native.compliance.status", matches: "^COMP" }, undefined],
    [{ path: "result", equals: "vm-43" }, '`result` is "vm-42" but should equal "vm-43"'],
    [{ path: "native.nothing", matches: "x" }, "`native.nothing` is nothing but should match /x/"],
  ])("%j gives %s", async (condition, problem) => {
    const { run, server } = bedOf();
    server.begin({ result: "vm-42", native: { compliance: { status: "COMPLIANT" } } });
    const { outcome, failure } = await run((context) => complete(context, { ...given, expect: [condition] }));
    expect(outcome.status).toBe(problem === undefined ? "SUCCEEDED" : "FAILED");
    if (problem === undefined) expect(failure).toBeUndefined();
    else expect(failure).toContain(problem);
  });
});

describe("secrets", () => {
  const secretive: CompletionArguments = {
    ...given,
    request: { method: "POST", path: "/api/x", body: { rootPassword: "request-canary", user: "root" } },
    secretValues: ["value-canary"],
  };

  test("no part of a secret is left in a report where a long message is cut", async () => {
    const { run, server } = bedOf();
    server.begin({ ends: "FAILED", causes: [{ path: [], message: `${"x".repeat(590)} ${password}` }] });
    const { failure } = await run((context) => complete(context, given));
    expect(failure).toContain("xxx");
    expect(failure).not.toContain("hunter2");
  });

  test("that the server echoes are in no failure, outcome, warning or status", async () => {
    const { run, server, deployment } = bedOf();
    const echo = `cannot log in with ${password}, request-canary or value-canary`;
    server.begin({
      durationMs: 30 * minute,
      ends: "FAILED",
      message: echo,
      causes: [{ path: [echo], message: echo, remediation: echo }],
      native: { arguments: { password: "native-canary" }, text: echo },
    });
    const completion = await run((context) => complete(context, secretive));
    const texts = JSON.stringify([completion, deployment.statuses, deployment.warnings]);
    expect(texts).toContain("cannot log in");
    expect(texts).not.toContain("canary");
  });

  test("that look like a task's id or a status do not break the state", async () => {
    const { run, server } = bedOf();
    server.begin({}, "task-1-and-more");
    const { outcome } = await run((context) =>
      complete(context, {
        ...given,
        startedTaskId: "task-1-and-more",
        secretValues: ["task-1-and-more", "SUCCEEDED"],
      }),
    );
    expect(outcome).toMatchObject({ taskId: "task-1-and-more", status: "SUCCEEDED" });
  });
});

test.each([NaN, Infinity, 1e20])("a stamp of %d does no harm", async (stamp) => {
  const { run, server } = bedOf();
  server.begin();
  server.onLook.push(() => [
    {
      kind: "seen",
      snapshot: { ...server.snapshot("task-1"), status: "SUCCEEDED", startedAt: stamp, finishedAt: stamp },
    },
  ]);
  const { outcome } = await run((context) => complete(context, given));
  expect(outcome.status).toBe("SUCCEEDED");
  expect(outcome.startedAt).toBeUndefined();
});

describe("an operation that was answered at once", () => {
  const immediate = { ...given, startedTaskId: "immediate:1", immediateResult: { id: "vm-42" } };

  test("succeeds with the body as its result, and nothing is asked", async () => {
    const { run, server } = bedOf();
    const { outcome, failure } = await run((context) => complete(context, immediate));
    expect(failure).toBeUndefined();
    expect(outcome).toMatchObject({
      status: "SUCCEEDED",
      taskId: "immediate:1",
      result: { id: "vm-42" },
      attempts: 1,
    });
    expect(server.looks).toEqual([]);
  });

  test.each([
    ["has them among its outputs", undefined, "SUCCEEDED"],
    ["fails where the program does not accept them", false, "FAILED"],
  ])("with warnings %s", async (_title, acceptWarnings, status) => {
    const { run, server } = bedOf();
    server.warningsAtOnce = ["The password c4nary+Pass is weak."];
    const { outcome, failure = "" } = await run((context) =>
      complete(context, { ...immediate, acceptWarnings, secretValues: ["c4nary+Pass"] }),
    );
    expect(outcome).toMatchObject({ status, warnings: [expect.stringMatching(/^The password .* is weak/)] });
    expect(JSON.stringify([outcome.warnings, failure])).not.toContain("c4nary");
    expect(failure).toMatch(status === "FAILED" ? /warning: The password .*triggers/s : /^$/);
  });

  test("fails when it is not as expected, and says how to start it again", async () => {
    const { run } = bedOf();
    const { outcome, failure } = await run((context) =>
      complete(context, { ...immediate, expect: [{ path: "result.id", equals: "vm-1" }] }),
    );
    expect(outcome.status).toBe("FAILED");
    expect(failure).toMatch(/result\.id.*triggers/s);
  });
});
