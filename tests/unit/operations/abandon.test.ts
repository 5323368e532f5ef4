import { abandon, type AbandonedTask } from "../../../provider/operations";
import { createRedactor } from "../../../provider/tasks";
import { fault, refusal } from "../../support/fake-server";
import { resourceUrn } from "../../support/operation-bed";
import { bedOf } from "../../support/with-bed";

const minute = 60_000;
const task: AbandonedTask = { redactor: createRedactor([]), resourceUrn, endpoint: "vc", taskId: "task-1" };

test("a running task is left alone with a warning", async () => {
  const { run, server, deployment } = bedOf();
  server.begin({ durationMs: 60 * minute });
  await run((context) => abandon(context, task));
  expect(server.cancels).toEqual([]);
  expect(deployment.warnings).toEqual([expect.stringMatching(/task-1.*still runs and is left alone/)]);
});

test("a running task is cancelled when that is wished, and waited for", async () => {
  const { run, server, deployment, clock } = bedOf();
  server.begin({ durationMs: 60 * minute });
  await run((context) => abandon(context, { ...task, onDelete: "cancel" }));
  expect(server.cancels).toEqual(["task-1"]);
  // The client asks once more, right before the request leaves.
  expect(deployment.asked).toBe(2);
  expect(deployment.warnings).toEqual([expect.stringContaining("ended as native CANCELLED")]);
  expect(clock.elapsed()).toBeLessThan(minute);
});

test("a task that does not end when it is cancelled is not waited for without end", async () => {
  const { run, server, deployment, clock } = bedOf();
  server.begin({ durationMs: 60 * minute });
  server.onCancel.push(undefined);
  await run((context) => abandon(context, { ...task, onDelete: "cancel" }));
  expect(deployment.warnings).toEqual([expect.stringContaining("has not ended yet")]);
  expect(clock.elapsed()).toBe(5 * minute);
});

test("a task that has ended is told with what it leaves behind", async () => {
  const { run, server, deployment } = bedOf();
  server.begin({ durationMs: 0, result: "vm-42" });
  await run((context) => abandon(context, { ...task, onDelete: "cancel" }));
  expect(server.cancels).toEqual([]);
  expect(deployment.warnings).toEqual([expect.stringMatching(/is not undone.*vm-42/)]);
});

test.each([
  ["cannot be reached", fault("no route")],
  ["refuses", refusal("not for you")],
])("an endpoint that %s never holds a destroy up", async (_title, error) => {
  const { run, server, deployment } = bedOf();
  server.onGet.push(error);
  await run((context) => abandon(context, task));
  expect(deployment.warnings).toEqual([expect.stringContaining(error.message)]);
});

test("an endpoint that is configured no more never holds a destroy up", async () => {
  const { run, deployment } = bedOf();
  await run((context) => abandon(context, { ...task, endpoint: "removed" }));
  expect(deployment.warnings).toEqual([expect.stringContaining("is not configured")]);
});

test("a refused cancellation is told, and does not hold a destroy up", async () => {
  const { run, server, deployment } = bedOf();
  server.begin({ durationMs: 60 * minute });
  server.onCancel.push(refusal("It cannot be cancelled now."));
  await run((context) => abandon(context, { ...task, onDelete: "cancel" }));
  expect(deployment.warnings).toEqual([expect.stringContaining("It cannot be cancelled now.")]);
});

test.each([
  ["that the server does not know", "forgotten"],
  ["that stands for an answer at once", "immediate:1"],
])("nothing is said of a task %s", async (_title, taskId) => {
  const { run, deployment } = bedOf();
  await run((context) => abandon(context, { ...task, taskId }));
  expect(deployment.warnings).toEqual([]);
});

test("with the engine gone, nothing is cancelled", async () => {
  const { error, server, deployment } = bedOf();
  server.begin({ durationMs: 60 * minute });
  deployment.isGone = true;
  expect(await error((context) => abandon(context, { ...task, onDelete: "cancel" }))).toMatchObject({
    code: "VMWARE_ENGINE_GONE",
  });
  expect(server.cancels).toEqual([]);
});

describe("a credentials task, which only takes a cancel when it has failed", () => {
  const credentials = { ...task, kind: "credentials", onDelete: "cancel" } as const;
  const sddc = { product: "sddc-manager" } as const;

  test("is cancelled then, for it would block all others", async () => {
    const { run, server, deployment } = bedOf(sddc);
    server.begin({ durationMs: 0, ends: "FAILED" });
    await run((context) => abandon(context, { ...credentials, hasFailed: true }));
    expect(server.cancels).toEqual(["task-1"]);
    expect(deployment.asked).toBe(2);
    expect(deployment.warnings).toEqual([expect.stringContaining("had failed and was cancelled")]);
  });

  test("is left alone while it runs", async () => {
    const { run, server, deployment } = bedOf(sddc);
    server.begin({ durationMs: 60 * minute });
    await run((context) => abandon(context, credentials));
    expect(server.cancels).toEqual([]);
    expect(deployment.warnings).toEqual([expect.stringContaining("only when they have failed")]);
  });

  test("that has failed is left alone where that is wished", async () => {
    const { run, server } = bedOf(sddc);
    server.begin({ durationMs: 0, ends: "FAILED" });
    await run((context) => abandon(context, { ...credentials, onDelete: "leave" }));
    expect(server.cancels).toEqual([]);
  });
});

test("nothing is said of a task that is known to have failed, where failed ones take no cancel", async () => {
  const { run, server, deployment } = bedOf();
  server.begin({ durationMs: 0, ends: "FAILED" });
  await run((context) => abandon(context, { ...task, onDelete: "cancel", hasFailed: true }));
  expect([server.cancels, deployment.warnings, server.gets]).toEqual([[], [], []]);
});

describe("a task that had failed, at a server that continues failed ones", () => {
  const failed = { ...task, hasFailed: true };
  const sddc = { product: "sddc-manager" } as const;

  test.each([
    ["as it was", { durationMs: 0, ends: "FAILED" as const }, []],
    ["running again", { durationMs: 60 * minute }, [expect.stringContaining("still runs and is left alone")]],
    ["done since", { durationMs: 0 }, [expect.stringContaining("is not undone")]],
  ])("is looked at, for somebody may have retried it: %s", async (_title, now, warnings) => {
    const { run, server, deployment } = bedOf(sddc);
    server.begin(now);
    await run((context) => abandon(context, failed));
    expect(deployment.warnings).toEqual(warnings);
  });
});

test("a task that says that it cannot be cancelled is believed", async () => {
  const { run, server, deployment } = bedOf();
  server.begin({ durationMs: 60 * minute, isCancellable: false });
  await run((context) => abandon(context, { ...task, onDelete: "cancel" }));
  expect(server.cancels).toEqual([]);
  expect(deployment.warnings).toEqual([expect.stringContaining("isCancellable is false")]);
});

test.each(["onGet", "onCancel"] as const)(
  "a task that is to be cancelled is, though the endpoint is away for a moment (%s)",
  async (where) => {
    const { run, server, deployment, clock } = bedOf();
    server.begin({ durationMs: 60 * minute });
    server[where].push(fault("HTTP 503"), fault("HTTP 503"));
    await run((context) => abandon(context, { ...task, onDelete: "cancel" }));
    expect(deployment.warnings).toEqual([expect.stringContaining("ended as native CANCELLED")]);
    expect(clock.elapsed()).toBeLessThan(minute);
  },
);

test("a task that is to be cancelled is left alone after a minute without the endpoint", async () => {
  const { run, server, deployment, clock } = bedOf();
  server.begin({ durationMs: 60 * minute });
  for (let time = 0; time < 100; time += 1) server.onGet.push(fault("HTTP 503"));
  await run((context) => abandon(context, { ...task, onDelete: "cancel" }));
  expect(deployment.warnings).toEqual([expect.stringMatching(/left alone: HTTP 503/)]);
  expect(clock.elapsed()).toBe(minute);
});

test("a cancel that got through is waited for, though the server refuses a second one", async () => {
  const { run, server, deployment, clock } = bedOf();
  const running = server.begin({ durationMs: 60 * minute });
  server.onCancel.push(() => {
    running.ends = "CANCELLED";
    running.endsAt = clock.now() + minute;
    throw fault("HTTP 502", { faultClass: "server", sent: "maybe" });
  }, refusal("is being cancelled already"));
  await run((context) => abandon(context, { ...task, onDelete: "cancel" }));
  expect(deployment.warnings).toEqual([expect.stringContaining("ended as native CANCELLED")]);
});
