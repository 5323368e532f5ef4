import { readTask, readTasks, refreshed, type CompletionArguments } from "../../../provider/operations";
import { fault, refusal } from "../../support/fake-server";
import { password, resourceUrn } from "../../support/operation-bed";
import { bedOf } from "../../support/with-bed";

test("a task is read with the shared fields and everything that the product says", async () => {
  const { run, server } = bedOf();
  server.begin({ durationMs: 60_000, fraction: () => 0.5, native: { parent: "x", password: "p-canary" } });
  const task = await run((context) => readTask(context, { endpoint: "vc", id: "task-1" }));
  expect(task).toMatchObject({
    id: "task-1",
    endpoint: "vc",
    product: "vcenter",
    status: "RUNNING",
    nativeStatus: "native RUNNING",
    progress: { fraction: 0.5 },
    startedAt: "2026-01-01T00:00:00.000Z",
    native: { parent: "x", password: "[secret]" },
  });
});

test("a task that the server does not know is an error, or nothing when that is taken for an answer", async () => {
  const { run, error } = bedOf();
  const thrown = await error((context) => readTask(context, { endpoint: "vc", id: "lost" }));
  expect(thrown).toMatchObject({ code: "VMWARE_TASK_NOT_FOUND" });
  expect(thrown.message).toMatch(/"lost".*ifMissing/);
  expect(
    await run((context) => readTask(context, { endpoint: "vc", id: "lost", ifMissing: "undefined" })),
  ).toBeUndefined();
});

test("no secret of the configuration is in a task's data", async () => {
  const { run, server } = bedOf();
  server.begin({ message: `logged in with ${password}`, native: { text: password } });
  const task = await run((context) => readTask(context, { endpoint: "vc", id: "task-1" }));
  expect(JSON.stringify(task)).not.toContain(password);
});

test("tasks are filtered by the statuses that all products share, limited after that, and counted", async () => {
  const { run, server } = bedOf();
  server.begin({ durationMs: 0 });
  server.begin({ durationMs: 0, ends: "FAILED" });
  server.begin({ durationMs: 0, ends: "FAILED" });
  server.begin({ durationMs: 60_000 });
  const list = await run((context) =>
    readTasks(context, { endpoint: "vc", status: ["FAILED", "RUNNING"], limit: 2, filter: {} }),
  );
  expect(list.tasks.map(({ id }) => id)).toEqual(["task-2", "task-3"]);
  expect(list.counts).toMatchObject({ FAILED: 2, RUNNING: 0, SUCCEEDED: 0 });
  const byId = await run((context) =>
    readTasks(context, { endpoint: "vc", ids: ["task-4", "other"], filter: {} }),
  );
  expect(byId.tasks.map(({ id }) => id)).toEqual(["task-4"]);
  expect(byId.missing).toEqual(["other"]);
  expect(list.missing).toBeUndefined();
});

test("ids that the server does not show are told, whatever the status of the others", async () => {
  const { run, server } = bedOf();
  server.begin({ durationMs: 60_000 });
  const list = await run((context) =>
    readTasks(context, { endpoint: "vc", status: "FAILED", filter: { tasks: ["gone", "task-1", "gone"] } }),
  );
  expect(list).toMatchObject({ tasks: [], counts: { RUNNING: 0 }, missing: ["gone"] });
});

test.each([
  ["task", "task-123", 'one like this is of `kind: "vim"`'],
  ["task", "9e6d7853-f06d-4dcb-b6a8-e09d2c826381", "is it a task of another endpoint?"],
  ["vim", "52f9f1b0-160a-25fe-fd1e-e7526df80e0d:com.vmware.vcenter.VM", 'one like this is of `kind: "task"`'],
])(
  "an unknown id of the kind %s that has the form of another one, %s, is told as that",
  async (kind, id, advice) => {
    const thrown = await bedOf().error((context) => readTask(context, { endpoint: "vc", kind, id }));
    expect(thrown.message).toContain(`Endpoint "vc" knows no ${kind} "${id}"`);
    expect(thrown.message).toContain(advice);
  },
);

test("an unknown id that looks right is told without advice", async () => {
  const id = "52f9f1b0-160a-25fe-fd1e-e7526df80e0d:com.vmware.vcenter.VM";
  const thrown = await bedOf().error((context) => readTask(context, { endpoint: "vc", id }));
  expect(thrown.message).toMatch(/takes that for an answer\.$/);
});

describe("a refresh", () => {
  const given: CompletionArguments = { resourceUrn, endpoint: "vc", startedTaskId: "task-1" };
  const failed = { taskId: "task-1", status: "FAILED", nativeStatus: "FAILED" } as const;
  const running = { ...failed, status: "RUNNING", nativeStatus: "RUNNING" } as const;

  test("tells what the server says of the task now", async () => {
    const { run, server } = bedOf();
    server.begin({ durationMs: 0, ends: "FAILED" });
    expect(await run((context) => refreshed(context, given, failed))).toMatchObject({ status: "FAILED" });
  });

  test("leaves a task that has succeeded since to an update, which judges it", async () => {
    const { run, server } = bedOf();
    server.begin({ durationMs: 0 });
    expect(await run((context) => refreshed(context, given, failed))).toMatchObject({ status: "RUNNING" });
  });

  test.each(["FAILED", "CANCELLED"] as const)(
    "leaves a task that has ended as %s since to an update, which tells why",
    async (ends) => {
      const { run, server } = bedOf();
      server.begin({ durationMs: 0, ends });
      expect(await run((context) => refreshed(context, given, running))).toMatchObject({
        status: "RUNNING",
        nativeStatus: "",
      });
    },
  );

  test("changes nothing of a success that the program does not take for one", async () => {
    const { run, server } = bedOf();
    server.begin({ durationMs: 0 });
    const judged = { ...failed, nativeStatus: "SUCCEEDED" };
    expect(await run((context) => refreshed(context, given, judged))).toEqual({});
  });

  test("changes nothing when the server does not know the task", async () => {
    const { run } = bedOf();
    expect(await run((context) => refreshed(context, given, failed))).toEqual({});
  });

  test("asks for no task where the server answered at once", async () => {
    const { run, server, deployment } = bedOf();
    server.onGet.push(fault("no route"));
    expect(await run((context) => refreshed(context, given, { ...failed, taskId: "immediate:1-1" }))).toEqual(
      {},
    );
    expect(deployment.warnings).toEqual([]);
  });

  test("tells nothing that the server may have echoed", async () => {
    const { run, server } = bedOf();
    server.begin({ ends: "FAILED", causes: [{ path: [], message: "cannot log in with canary-password" }] });
    const seen = await run((context) => refreshed(context, given, failed));
    expect(JSON.stringify(seen)).not.toContain("canary-password");
  });

  test("bears an endpoint that is away, with a warning", async () => {
    const { run, server, deployment } = bedOf();
    server.onGet.push(fault("no route"));
    expect(await run((context) => refreshed(context, given, failed))).toEqual({});
    expect(deployment.warnings).toEqual([expect.stringContaining("no route")]);
  });

  test("bears a look that is refused, with a warning", async () => {
    const { run, server, deployment } = bedOf();
    server.onGet.push(refusal("not allowed", { httpStatus: 403 }));
    expect(await run((context) => refreshed(context, given, failed))).toEqual({});
    expect(deployment.warnings).toEqual([expect.stringContaining("not allowed")]);
  });
});
