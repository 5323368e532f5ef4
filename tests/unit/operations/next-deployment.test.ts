import { complete, start, type CompletionArguments, type Outcome } from "../../../provider/operations";
import type { TaskStatus } from "../../../provider/tasks";
import { fault, refusal } from "../../support/fake-server";
import { completion as given, resourceUrn } from "../../support/operation-bed";
import { bedOf } from "../../support/with-bed";

const minute = 60_000;
const stored = (status: TaskStatus, more: Partial<Outcome> = {}): Outcome => ({
  taskId: "task-1",
  status,
  nativeStatus: "",
  resources: [],
  warnings: [],
  attempts: 1,
  ...more,
});
const failing = { ends: "FAILED", causes: [{ path: [], message: "It is locked." }], durationMs: 0 } as const;

test.each<TaskStatus>(["RUNNING", "PENDING", "BLOCKED"])(
  "a stored %s is waited for, and nothing is started",
  async (status) => {
    const { run, server } = bedOf();
    server.begin({ result: "vm-1" });
    const { outcome, failure } = await run((context) => complete(context, given, stored(status)));
    expect(failure).toBeUndefined();
    expect(outcome).toMatchObject({ status: "SUCCEEDED", attempts: 1 });
    expect(server.starts).toEqual([]);
  },
);

describe("a stored failure", () => {
  test("is attempted again, and the attempts of all deployments are counted", async () => {
    const { run, server } = bedOf();
    server.begin(failing);
    const { outcome } = await run((context) => complete(context, given, stored("FAILED", { attempts: 3 })));
    expect(outcome).toMatchObject({ status: "SUCCEEDED", taskId: "task-2", attempts: 4 });
  });

  test("that somebody has mended since is a success, and nothing is started", async () => {
    const { run, server } = bedOf();
    server.begin({ durationMs: 0, result: "vm-1" });
    const { outcome } = await run((context) => complete(context, given, stored("FAILED")));
    expect(outcome).toMatchObject({ status: "SUCCEEDED", attempts: 1 });
    expect(server.starts).toEqual([]);
  });

  test.each<TaskStatus>(["RUNNING", "PENDING", "BLOCKED", "UNKNOWN"])(
    "whose task is %s again, for somebody retried it, is waited for and never started beside it",
    async (runs) => {
      const { run, server } = bedOf();
      server.begin({ durationMs: 5 * minute, runs });
      const { outcome } = await run((context) => complete(context, given, stored("FAILED")));
      expect(outcome).toMatchObject({ status: "SUCCEEDED", taskId: "task-1" });
      expect(server.starts).toEqual([]);
    },
  );

  test('with onNextUp "look" is only looked at', async () => {
    const { run, server } = bedOf();
    server.begin(failing);
    const { outcome, failure } = await run((context) =>
      complete(context, { ...given, retry: { onNextUp: "look" } }, stored("FAILED")),
    );
    expect(outcome).toMatchObject({ status: "FAILED", taskId: "task-1" });
    expect(failure).toMatch(/It is locked\..*looks at the task again and starts nothing/s);
    expect(server.starts).toEqual([]);
  });

  test("that the server has forgotten is attempted again", async () => {
    const { run, server } = bedOf();
    const { outcome } = await run((context) => complete(context, given, stored("FAILED")));
    expect(outcome).toMatchObject({ status: "SUCCEEDED", attempts: 2 });
    expect(server.starts).toHaveLength(1);
  });

  test('that the server has forgotten stays as it is with onNextUp "look"', async () => {
    const { run, server } = bedOf();
    const known = stored("CANCELLED", {
      nativeStatus: "CANCELLED",
      result: { id: 1 },
      durationSeconds: 90,
      task: { name: "create group", causes: [{ path: ["disk"], message: "It is full." }] },
    });
    const { outcome, failure } = await run((context) =>
      complete(context, { ...given, retry: { onNextUp: "look" } }, known),
    );
    expect(outcome).toEqual(known);
    expect(failure).toMatch(/was cancelled after 1m 30s: create group, task task-1.*It is full\./s);
    expect(server.starts).toEqual([]);
  });

  test("whose task runs again leaves nothing of itself beside an outage", async () => {
    const { run, server } = bedOf();
    server.begin({ durationMs: 60 * minute });
    server.onLook.push(...Array.from({ length: 1_000 }, () => fault("away")));
    const known = stored("FAILED", { nativeStatus: "SUCCEEDED", task: { name: "before" } });
    const { outcome } = await run((context) => complete(context, given, known));
    expect(outcome).toEqual(stored("RUNNING"));
  });

  test("that the server has forgotten stays as it is where a new start is refused", async () => {
    const { run, server } = bedOf();
    const known = stored("FAILED", { task: { causes: [{ path: [], message: "It is full." }] } });
    server.onStart.push(refusal("no room"));
    const { outcome, failure } = await run((context) => complete(context, given, known));
    expect(outcome).toEqual(known);
    expect(failure).toMatch(/It is full\..*no room/s);
  });

  test("of a later attempt is looked at by that attempt's task", async () => {
    const { run, server } = bedOf();
    server.begin(failing);
    server.begin({ durationMs: 0, result: "vm-2" });
    const { outcome } = await run((context) =>
      complete(context, given, stored("FAILED", { taskId: "task-2", attempts: 2 })),
    );
    expect(outcome).toMatchObject({ status: "SUCCEEDED", taskId: "task-2", attempts: 2 });
  });

  test("of an attempt that was answered at once is attempted again", async () => {
    const { run, server } = bedOf();
    server.script.push({ result: "vm-43" });
    const { outcome } = await run((context) =>
      complete(
        context,
        { ...given, expect: [{ path: "result", equals: "vm-43" }] },
        stored("FAILED", { taskId: "immediate:1", attempts: 2, result: "vm-42" }),
      ),
    );
    expect(outcome).toMatchObject({ status: "SUCCEEDED", attempts: 3 });
    expect(server.gets).toEqual([]);
  });

  test("for which nothing is sent while the engine is gone", async () => {
    const { error, server, deployment } = bedOf();
    server.begin(failing);
    deployment.isGone = true;
    expect(await error((context) => complete(context, given, stored("FAILED")))).toMatchObject({
      code: "VMWARE_ENGINE_GONE",
    });
    expect(server.starts).toEqual([]);
  });
});

test("a stored cancellation is attempted again", async () => {
  const { run, server } = bedOf();
  server.begin({ durationMs: 0, ends: "CANCELLED" });
  const { outcome } = await run((context) => complete(context, given, stored("CANCELLED")));
  expect(outcome).toMatchObject({ status: "SUCCEEDED", taskId: "task-2", attempts: 2 });
});

describe("an unknown outcome", () => {
  test("that stays unknown fails, names both ways out, and starts nothing", async () => {
    const { run, server } = bedOf();
    const { outcome, failure } = await run((context) => complete(context, given, stored("UNKNOWN")));
    expect(outcome).toMatchObject({ status: "UNKNOWN", taskId: "task-1" });
    expect(failure).toMatch(/triggers.*adoptTaskId/s);
    expect(server.starts).toEqual([]);
  });

  test.each([
    ["ended well since", { durationMs: 0 }],
    ["runs", { durationMs: 5 * minute }],
  ])("whose task the server shows again, and that %s, is followed", async (_title, task) => {
    const { run, server } = bedOf();
    server.begin(task);
    const { outcome } = await run((context) => complete(context, given, stored("UNKNOWN")));
    expect(outcome).toMatchObject({ status: "SUCCEEDED", taskId: "task-1" });
    expect(server.starts).toEqual([]);
  });
});

test("the request's record of the start goes when the completion begins, for the engine has saved the id", async () => {
  const bed = bedOf();
  const { taskId } = await bed.run((context) =>
    start(context, { resourceUrn: `${resourceUrn}-start`, endpoint: "vc", request: given.request }),
  );
  expect(bed.records()).toHaveLength(1);
  await bed.run((context) => complete(context, { ...given, startedTaskId: taskId }));
  expect(bed.records()).toEqual([]);
});

test("without checkpoints the record stays, for the engine has saved nothing yet", async () => {
  const bed = bedOf({ skipsCheckpoints: true });
  const { taskId } = await bed.run((context) =>
    start(context, { resourceUrn: `${resourceUrn}-start`, endpoint: "vc", request: given.request }),
  );
  await bed.run((context) => complete(context, { ...given, startedTaskId: taskId }));
  expect(bed.records()).toHaveLength(1);
});

describe("a judgement that is not the program's any more", () => {
  const strict = { ...given, expect: [{ path: "result", equals: "vm-43" }] };

  async function forgotten(after: CompletionArguments) {
    const bed = bedOf();
    bed.server.begin({ durationMs: 0, result: "vm-42" });
    const { outcome: before } = await bed.run((context) => complete(context, strict));
    expect(before.status).toBe("FAILED");
    bed.server.tasks.clear();
    const saved = { ...before, nativeStatus: "SUCCEEDED" };
    const { outcome } = await bed.run((context) => complete(context, after, saved));
    return { outcome, starts: bed.server.starts.length };
  }

  test("makes a success of a task that the server has forgotten, and starts nothing", async () => {
    const { outcome, starts } = await forgotten(given);
    expect(outcome).toMatchObject({ status: "SUCCEEDED", taskId: "task-1", attempts: 1, result: "vm-42" });
    expect(starts).toBe(0);
  });

  test("or is another one that the task does not meet either", async () => {
    const { starts } = await forgotten({ ...given, expect: [{ path: "result", equals: "vm-44" }] });
    expect(starts).toBe(1);
  });
});

describe("an endpoint that is away", () => {
  test("for a moment takes no attempt away", async () => {
    const { run, server } = bedOf();
    server.begin(failing);
    server.onGet.push(fault("HTTP 503"));
    const { outcome } = await run((context) => complete(context, given, stored("FAILED")));
    expect(outcome).toMatchObject({ status: "SUCCEEDED", attempts: 2 });
  });

  test.each<TaskStatus>(["FAILED", "UNKNOWN"])(
    "for good leaves a stored %s as it is, with its reasons",
    async (status) => {
      const { run, server } = bedOf();
      for (let time = 0; time < 10_000; time += 1) server.onGet.push(fault("HTTP 503"));
      const task = { name: "make a VM", causes: [{ path: [], message: "It is full." }] };
      const before = stored(status, { nativeStatus: "DONE", task });
      const { outcome, failure } = await run((context) => complete(context, given, before));
      expect(outcome).toEqual(before);
      expect(failure).toMatch(status === "FAILED" ? /It is full\./ : /last seen as DONE/);
      expect(failure).toMatch(/make a VM.*could not be looked at now: HTTP 503/s);
      expect(server.starts).toEqual([]);
    },
  );
});

test("what the state knew of a task that is still unknown stays there", async () => {
  const { run } = bedOf();
  const before = stored("UNKNOWN", { nativeStatus: "RUNNING", task: { name: "make a VM" } });
  const { outcome, failure } = await run((context) => complete(context, given, before));
  expect(outcome).toEqual(before);
  expect(failure).toMatch(/make a VM.*last seen as RUNNING/s);
});
