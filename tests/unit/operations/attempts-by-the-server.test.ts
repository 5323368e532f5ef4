import { EngineGoneError, UnexpectedReplyError } from "../../../provider/tasks";
import { complete, type CompletionArguments } from "../../../provider/operations";
import { fault, refusal } from "../../support/fake-server";
import { resourceUrn } from "../../support/operation-bed";
import { bedOf } from "../../support/with-bed";

const minute = 60_000;
const given: CompletionArguments = {
  resourceUrn,
  endpoint: "vc",
  startedTaskId: "task-1",
  request: { method: "POST", path: "/api/vcenter/vm", body: { name: "vm" } },
};
const failing = { ends: "FAILED", causes: [{ path: [], code: "BUSY", message: "It is locked." }] } as const;

describe("the server's own retry", () => {
  const retryable = { ...failing, isRetryable: true } as const;
  const sddc = { product: "sddc-manager" } as const;

  test.each(["retryTask", "auto"] as const)("with %s continues the failed task under its id", async (how) => {
    const { run, server } = bedOf(sddc);
    server.begin(retryable);
    const { outcome, failure } = await run((context) =>
      complete(context, { ...given, retry: { how, maxAttempts: 2, delay: "10s" } }),
    );
    expect(failure).toBeUndefined();
    expect(outcome).toMatchObject({ status: "SUCCEEDED", taskId: "task-1", attempts: 2 });
    expect(server.retries).toEqual(["task-1"]);
    expect(server.starts).toEqual([]);
  });

  test("with auto, a task that cannot be retried starts again", async () => {
    const { run, server } = bedOf(sddc);
    server.begin({ ...failing, isRetryable: false });
    const { outcome } = await run((context) =>
      complete(context, { ...given, retry: { maxAttempts: 2, delay: "10s" } }),
    );
    expect(outcome.taskId).toBe("task-2");
    expect(server.retries).toEqual([]);
  });

  test("with retryTask by a policy that applies to many requests, a task that no server continues is not started again", async () => {
    const everywhere = { how: "retryTask", maxAttempts: 2, delay: "10s", applyTo: { method: "POST" } };
    const { run, server } = bedOf({ retryPolicies: { everywhere } });
    server.begin(failing);
    const { outcome, failure } = await run((context) => complete(context, given));
    expect(outcome).toMatchObject({ status: "FAILED", attempts: 1 });
    expect(failure).toContain("vCenter cannot continue such a task, and `retry.how` is retryTask.");
    expect([server.retries, server.starts]).toEqual([[], []]);
  });

  test("with retryTask, a task that cannot be retried fails and says why", async () => {
    const { run, server } = bedOf(sddc);
    server.begin({ ...failing, isRetryable: false });
    const { failure } = await run((context) =>
      complete(context, { ...given, retry: { how: "retryTask", maxAttempts: 2, delay: "10s" } }),
    );
    expect(failure).toContain("isRetryable is false");
    expect([server.retries, server.starts]).toEqual([[], []]);
  });

  test("the old failure, which the server shows for a while, is not taken for the new one", async () => {
    const { run, server, clock } = bedOf(sddc);
    const task = server.begin(retryable);
    server.onRetry.push(undefined);
    const again = clock.sleep(25_000).then(() => {
      task.endsAt = clock.now() + 10_000;
      task.ends = "SUCCEEDED";
    });
    const { outcome } = await run((context) =>
      complete(context, { ...given, retry: { maxAttempts: 2, delay: "10s" } }),
    );
    await again;
    expect(outcome).toMatchObject({ status: "SUCCEEDED", attempts: 2 });
    expect(server.retries).toHaveLength(1);
  });

  test.each([
    ["an odd reply", new UnexpectedReplyError("no task")],
    ["a refusal", refusal("not now")],
  ])("%s to the first look afterwards ends nothing", async (_title, error) => {
    const { run, server, clock } = bedOf(sddc);
    const task = server.begin(retryable);
    server.onRetry.push(() => {
      server.onGet.push(error);
      task.endsAt = clock.now() + 10_000;
      task.ends = "SUCCEEDED";
      return undefined;
    });
    const { outcome } = await run((context) =>
      complete(context, { ...given, retry: { maxAttempts: 2, delay: "10s" } }),
    );
    expect(outcome).toMatchObject({ status: "SUCCEEDED", attempts: 2 });
    expect(server.onGet).toEqual([]);
  });

  test("that is refused is no attempt, now or at the next deployment", async () => {
    const bed = bedOf(sddc);
    bed.server.begin(retryable);
    bed.server.onRetry.push(refusal("Only failed tasks can be retried."));
    const retry = { how: "retryTask", maxAttempts: 2, delay: "10s" } as const;
    const first = await bed.run((context) => complete(context, { ...given, retry }));
    expect(first.failure).toContain("refused to retry the task: Only failed tasks");
    expect(first.outcome.attempts).toBe(1);
    const second = await bed
      .restart()
      .run((context) => complete(context, { ...given, retry }, first.outcome));
    expect(second.outcome).toMatchObject({ status: "SUCCEEDED", attempts: 2 });
  });

  test("that never left is no attempt", async () => {
    const { run, server, clock } = bedOf(sddc);
    server.begin(retryable);
    server.onRetry.push(fault("no route", { sent: "no" }));
    const { outcome, failure } = await run((context) =>
      complete(context, { ...given, retry: { maxAttempts: 2, delay: "10s" } }),
    );
    expect(outcome).toMatchObject({ status: "FAILED", attempts: 1 });
    expect(failure).toContain("could not be retried: no route");
    expect(clock.elapsed()).toBeLessThan(minute);
  });

  test("that was held back, for the engine has gone, is no attempt of a later deployment's", async () => {
    const bed = bedOf(sddc);
    bed.server.begin(retryable);
    bed.server.onRetry.push(new EngineGoneError());
    const retry = { maxAttempts: 2, delay: "10s" } as const;
    const error = await bed.error((context) => complete(context, { ...given, retry }));
    expect(error).toMatchObject({ code: "VMWARE_ENGINE_GONE" });
    const { outcome } = await bed.restart().run((context) => complete(context, { ...given, retry }));
    expect(outcome).toMatchObject({ status: "SUCCEEDED", taskId: "task-1", attempts: 2 });
  });

  test("without a clear reply, the task itself tells whether it goes on", async () => {
    const { run, server, clock } = bedOf(sddc);
    const task = server.begin(retryable);
    server.onRetry.push(() => {
      task.endsAt = clock.now() + 10_000;
      task.ends = "SUCCEEDED";
      throw fault("lost", { sent: "maybe" });
    });
    const { outcome } = await run((context) =>
      complete(context, { ...given, retry: { maxAttempts: 2, delay: "10s" } }),
    );
    expect(outcome).toMatchObject({ status: "SUCCEEDED", attempts: 2 });
  });
});
