import { complete } from "../../../provider/operations";
import { EngineGoneError } from "../../../provider/tasks";
import { fault, refusal } from "../../support/fake-server";
import { completion as given } from "../../support/operation-bed";
import { bedOf } from "../../support/with-bed";

const minute = 60_000;

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
    const { run, server, deployment } = bedOf();
    server.begin({ durationMs: 60 * minute });
    const { outcome, failure } = await run((context) =>
      complete(context, { ...given, timeout: "10m", onTimeout: "cancel" }),
    );
    expect(server.cancels).toEqual(["task-1"]);
    // The client asks once more, right before the request leaves.
    expect(deployment.asked).toBe(2);
    expect(outcome.status).toBe("CANCELLED");
    expect(failure).toMatch(/was cancelled after 10m/);
    expect(failure).toMatch(/`timeout`.*was asked to cancel/);
    expect(failure).not.toContain("may still be running");
  });

  test("with onTimeout cancel a cancellation that the end of the engine holds back is no answer of the server's", async () => {
    const { error, server } = bedOf();
    server.begin({ durationMs: 60 * minute });
    server.onCancel.push(new EngineGoneError());
    expect(
      await error((context) => complete(context, { ...given, timeout: "10m", onTimeout: "cancel" })),
    ).toMatchObject({ code: "VMWARE_ENGINE_GONE" });
  });

  test("a task that says that it cannot be cancelled is not asked to", async () => {
    const { run, server, clock } = bedOf();
    server.begin({ durationMs: 60 * minute, isCancellable: false });
    const { outcome, failure } = await run((context) =>
      complete(context, { ...given, timeout: "10m", onTimeout: "cancel" }),
    );
    expect(server.cancels).toEqual([]);
    expect(clock.elapsed()).toBe(10 * minute);
    expect(outcome.status).toBe("RUNNING");
    expect(failure).toContain("isCancellable is false");
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
    server.onCancel.push(refusal("not now"));
    const { outcome, failure } = await run((context) =>
      complete(context, { ...given, timeout: "10m", onTimeout: "cancel" }),
    );
    expect(outcome.status).toBe("RUNNING");
    expect(failure).toMatch(/may still be running.*could not be cancelled: not now/);
    expect(failure).toContain("goes on waiting for it and starts nothing");
  });

  test("a cancel that the server refuses is not waited for", async () => {
    const { run, server, clock } = bedOf();
    server.begin({ durationMs: 60 * minute });
    server.onCancel.push(refusal("not now"));
    await run((context) => complete(context, { ...given, timeout: "10m", onTimeout: "cancel" }));
    expect(clock.elapsed()).toBeLessThan(11 * minute);
  });

  test("a cancel that does not get through is sent again", async () => {
    const { run, server, clock } = bedOf();
    server.begin({ durationMs: 60 * minute });
    server.onCancel.push(fault("HTTP 503"), fault("HTTP 503"));
    const { outcome } = await run((context) =>
      complete(context, { ...given, timeout: "10m", onTimeout: "cancel" }),
    );
    expect(outcome.status).toBe("CANCELLED");
    expect(server.cancels).toHaveLength(3);
    expect(clock.elapsed()).toBeLessThan(11 * minute);
  });

  test("a cancel that got through is waited for, though the server refuses a second one", async () => {
    const { run, server, clock } = bedOf();
    const task = server.begin({ durationMs: 60 * minute });
    server.onCancel.push(() => {
      task.ends = "CANCELLED";
      task.endsAt = clock.now() + minute;
      throw fault("HTTP 502", { faultClass: "server", sent: "maybe" });
    }, refusal("is being cancelled already"));
    const { outcome } = await run((context) =>
      complete(context, { ...given, timeout: "10m", onTimeout: "cancel" }),
    );
    expect(outcome.status).toBe("CANCELLED");
  });

  test("a busy server is waited for no longer", async () => {
    const { run, server, clock } = bedOf();
    server.begin({ durationMs: 0, ends: "FAILED" });
    for (let time = 0; time < 100; time += 1) server.onStart.push(refusal("busy", { isBusy: true }));
    const { failure } = await run((context) =>
      complete(context, { ...given, timeout: "2m", retry: { maxAttempts: 2, delay: "1s" } }),
    );
    expect(failure).toMatch(/busy.*\(timeout\); nothing was started/);
    expect(clock.elapsed()).toBe(2 * minute);
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

describe("a completion of its own, whose task the server does not know", () => {
  test("is told what can be corrected, and of nothing that it does not have", async () => {
    const { run } = bedOf();
    const { failure } = await run((context) => complete(context, { ...given, request: undefined }));
    expect(failure).toContain("correct the id");
    expect(failure).not.toMatch(/triggers|--replace/);
  });
});
