import { complete, type CompletionArguments } from "../../../provider/operations";
import { fault } from "../../support/fake-server";
import { password, resourceUrn } from "../../support/operation-bed";
import { bedOf } from "../../support/with-bed";

const minute = 60_000;
const given: CompletionArguments = {
  resourceUrn,
  endpoint: "vc",
  startedTaskId: "task-1",
  request: { method: "POST", path: "/api/vcenter/vm" },
};

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

describe("when the time is up", () => {
  test("the task goes on, the state says so, and nothing claims that it failed", async () => {
    const { run, server, clock } = bedOf();
    server.begin({ durationMs: 60 * minute, fraction: () => 0.4, message: "copying" });
    const { outcome, failure } = await run((context) => complete(context, { ...given, timeout: "10m" }));
    expect(clock.elapsed()).toBe(10 * minute);
    expect(outcome).toMatchObject({ status: "RUNNING", taskId: "task-1" });
    expect(failure).toMatch(/timed out after 10m; it may still be running.*task-1/);
    expect(failure).toContain("native RUNNING, 40 %: copying");
    expect(failure).toContain("goes on waiting for it and starts nothing");
    expect(server.cancels).toEqual([]);
  });

  test("the product's own time holds when the program names none", async () => {
    const { run, server, clock } = bedOf();
    server.begin({ durationMs: 1_000 * minute });
    await run((context) => complete(context, given));
    expect(clock.elapsed()).toBe(120 * minute);
  });

  test("with onTimeout cancel the task is cancelled, and its own word counts", async () => {
    const { run, server } = bedOf();
    server.begin({ durationMs: 60 * minute });
    const { outcome, failure } = await run((context) =>
      complete(context, { ...given, timeout: "10m", onTimeout: "cancel" }),
    );
    expect(server.cancels).toEqual(["task-1"]);
    expect(outcome.status).toBe("CANCELLED");
    expect(failure).toMatch(/was cancelled after 10m/);
    expect(failure).toMatch(/`timeout`.*was asked to cancel/);
    expect(failure).not.toContain("may still be running");
  });

  test("a task that ends well although it was to be cancelled is done", async () => {
    const { run, server } = bedOf();
    server.begin({ durationMs: 11 * minute, result: "vm-42" });
    server.onCancel.push(undefined);
    const { outcome, failure } = await run((context) =>
      complete(context, { ...given, timeout: "10m", onTimeout: "cancel" }),
    );
    expect({ status: outcome.status, failure }).toEqual({ status: "SUCCEEDED", failure: undefined });
  });

  test("a task that ends while it is to be cancelled, but not as expected, is not stored as done", async () => {
    const { run, server } = bedOf();
    server.begin({ durationMs: 11 * minute, result: "vm-42" });
    server.onCancel.push(undefined);
    const { outcome } = await run((context) =>
      complete(context, {
        ...given,
        timeout: "10m",
        onTimeout: "cancel",
        expect: [{ path: "result", equals: "vm-43" }],
      }),
    );
    expect(outcome.status).toBe("FAILED");
  });

  test("a task that cannot be cancelled is said to run on", async () => {
    const { run, server } = bedOf();
    server.begin({ durationMs: 60 * minute });
    server.onCancel.push(fault("not now"));
    const { outcome, failure } = await run((context) =>
      complete(context, { ...given, timeout: "10m", onTimeout: "cancel" }),
    );
    expect(outcome.status).toBe("RUNNING");
    expect(failure).toMatch(/may still be running.*could not be cancelled: not now/);
    expect(failure).toContain("goes on waiting for it and starts nothing");
  });

  test("with the engine gone, nothing is cancelled", async () => {
    const { error, server, deployment } = bedOf();
    server.begin({ durationMs: 60 * minute });
    deployment.isGone = true;
    const thrown = await error((context) =>
      complete(context, { ...given, timeout: "10m", onTimeout: "cancel" }),
    );
    expect(thrown).toMatchObject({ code: "VMWARE_ENGINE_GONE" });
    expect(server.cancels).toEqual([]);
  });
});

test("a task that does not move ends the wait as stalled, with the task left running", async () => {
  const { run, server } = bedOf();
  server.begin({ durationMs: 90 * minute, fraction: () => 0.3 });
  const { outcome, failure } = await run((context) => complete(context, { ...given, stallTimeout: "20m" }));
  expect(outcome.status).toBe("RUNNING");
  expect(failure).toMatch(/stalled: nothing has changed for 20m/);
});

test("a task that does not move for long is warned of once, and waited for", async () => {
  const { run, server, deployment } = bedOf();
  server.begin({ durationMs: 90 * minute, fraction: () => 0.3 });
  const { failure } = await run((context) => complete(context, given));
  expect(failure).toBeUndefined();
  expect(deployment.warnings).toEqual([
    expect.stringMatching(/Nothing has changed for 15m.*30 %.*still waited for/),
  ]);
});

test("a task that the server forgets has an unknown outcome, with both ways out", async () => {
  const { run, server, context, clock } = bedOf();
  server.begin({ durationMs: 60 * minute });
  const work = complete(context, given);
  await clock.advance(minute);
  server.tasks.clear();
  const { outcome, failure } = await run(() => work);
  expect(outcome).toMatchObject({ status: "UNKNOWN", taskId: "task-1" });
  expect(failure).toMatch(/unknown.*triggers.*--replace.*adoptTaskId/s);
  expect(server.starts).toEqual([]);
});

test("an endpoint that stays away keeps the state: the task may still run, and nothing is started", async () => {
  const { run, server, context, clock } = bedOf();
  server.begin({ durationMs: 60 * minute });
  const work = complete(context, given);
  await clock.advance(minute);
  server.onLook.push(...Array.from({ length: 1_000 }, () => fault("No route to vc.")));
  const { outcome, failure } = await run(() => work);
  expect(outcome).toMatchObject({ status: "RUNNING", taskId: "task-1", task: { name: "Do it" } });
  expect(failure).toMatch(/can no longer be followed; it may still be running.*\n.*No route to vc\./);
  expect(failure).toContain("goes on waiting for it and starts nothing");
});

test("the end of the engine ends the wait at once", async () => {
  const { server, context, clock, deployment } = bedOf();
  server.begin({ durationMs: 60 * minute });
  const work = complete(context, given);
  await clock.advance(minute);
  deployment.end();
  await expect(work).rejects.toMatchObject({ code: "VMWARE_ENGINE_GONE" });
  expect(clock.elapsed()).toBe(minute);
  expect(clock.sleepers()).toBe(0);
});

describe("secrets", () => {
  const secretive: CompletionArguments = {
    ...given,
    request: { method: "POST", path: "/api/x", body: { rootPassword: "request-canary", user: "root" } },
    secretValues: ["value-canary"],
  };

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

  test("fails when it is not as expected, and says how to start it again", async () => {
    const { run } = bedOf();
    const { outcome, failure } = await run((context) =>
      complete(context, { ...immediate, expect: [{ path: "result.id", equals: "vm-1" }] }),
    );
    expect(outcome.status).toBe("FAILED");
    expect(failure).toMatch(/result\.id.*triggers/s);
  });
});
