import type { TaskScript } from "../../../provider/simulator";
import { midnight, passwordChange, withSimulator, type Send } from "./with-simulator";

interface Step {
  readonly name: string;
  readonly status: string;
  readonly errors: { readonly errorCode: string; readonly message: string }[];
  readonly stages?: Step[];
  readonly subTasks?: Step[];
}

interface Task extends Step {
  readonly id: string;
  readonly type: string;
  readonly subTasks: Step[];
  readonly isRetryable: boolean;
}

async function start(sddc: Send, path = "/v1/clusters"): Promise<Task> {
  const { status, body } = await sddc("POST", path, {});
  expect(status).toBe(202);
  return body as Task;
}

const look = async (sddc: Send, id: string): Promise<Task> =>
  (await sddc("GET", `/v1/tasks/${id}`)).body as Task;

const words = (steps: readonly Step[]): string[] => steps.map(({ status }) => status);

test("answers a start with a task, and runs its sub-tasks one after the other", async () => {
  await withSimulator({}, async ({ sddc, pass }) => {
    const { id } = await start(sddc, "/v1/edge-clusters");
    const seen = [];
    for (const ms of [0, 100, 300, 300, 300]) {
      pass(ms);
      const task = await look(sddc, id);
      seen.push([task.status, ...words(task.subTasks)]);
    }
    expect(seen).toEqual([
      ["Pending", "PENDING", "PENDING", "PENDING"],
      ["In Progress", "IN_PROGRESS", "PENDING", "PENDING"],
      ["In Progress", "SUCCESSFUL", "IN_PROGRESS", "PENDING"],
      ["In Progress", "SUCCESSFUL", "SUCCESSFUL", "IN_PROGRESS"],
      ["Successful", "SUCCESSFUL", "SUCCESSFUL", "SUCCESSFUL"],
    ]);
  });
});

test.each([
  ["POST", "/v1/clusters", "CLUSTER_CREATION", "Adding cluster to workload domain"],
  [
    "DELETE",
    "/v1/clusters/6c5c9a3e-0d31-4f43-9f6e-2f0b6c0b7f0e",
    "CLUSTER_DELETION",
    "Removing cluster from workload domain",
  ],
  ["PATCH", "/v1/bundles/6c5c9a3e-0d31-4f43-9f6e-2f0b6c0b7f0e", "BUNDLE_UPDATE", "Bundle update"],
  [
    "PUT",
    "/v1/system/proxy-configuration",
    "PROXY_CONFIGURATION_CONFIGURATION",
    "Proxy configuration configuration",
  ],
  ["POST", "/v1/license-keys", "LICENSE_KEY_CREATION", "License key creation"],
])("names the task of %s %s", async (method, path, type, name) => {
  await withSimulator({}, async ({ sddc }) => {
    expect(await sddc(method, path, {})).toMatchObject({ status: 202, body: { type, name } });
  });
});

test("shows every field of a finished task", async () => {
  await withSimulator({}, async ({ sddc, simulator, pass }) => {
    simulator.script({ resources: [{ resourceId: "r-1", type: "CLUSTER" }] });
    const { id } = await start(sddc);
    pass(1000);
    expect(await look(sddc, id)).toMatchObject({
      id,
      status: "Successful",
      creationTimestamp: new Date(midnight).toISOString(),
      completionTimestamp: new Date(midnight + 1000).toISOString(),
      localizableDescriptionPack: { messageKey: "CLUSTER_CREATION_TASK" },
      errors: [],
      resources: [{ resourceId: "r-1", type: "CLUSTER" }],
      resolutionStatus: "UNRESOLVED",
      isCancellable: false,
      isRetryable: false,
    });
  });
});

test.each([
  ["mixed", "Failed", "FAILED"],
  ["title", "Failed", "Failed"],
  ["upper", "FAILED", "FAILED"],
] as const)("spells states in the %s casing", async (statusWords, task, subTask) => {
  await withSimulator({ statusWords, scripts: [{ outcome: "FAILED" }] }, async ({ sddc, pass }) => {
    const { id } = await start(sddc);
    pass(1000);
    const failed = await look(sddc, id);
    expect([failed.status, failed.subTasks.at(-1)?.status]).toEqual([task, subTask]);
  });
});

describe("a failed task", () => {
  const failed = async (script: TaskScript, use: (task: Task) => void): Promise<void> =>
    withSimulator({ scripts: [script] }, async ({ sddc, pass }) => {
      const { id } = await start(sddc);
      pass(1000);
      use(await look(sddc, id));
    });

  test("has no errors of its own by default: the cause is in the sub-task that failed", async () => {
    await failed({ outcome: "FAILED" }, ({ status, errors, subTasks }) => {
      expect({ status, errors }).toEqual({ status: "Failed", errors: [] });
      expect(words(subTasks)).toEqual(["SUCCESSFUL", "SUCCESSFUL", "FAILED"]);
      expect(subTasks[2]?.errors).toMatchObject([
        {
          errorCode: "CLUSTER_CREATION_FAILED",
          nestedErrors: [{ errorCode: "SIMULATED_FAULT" }],
          causes: [{}],
        },
      ]);
    });
  });

  test("fails where the script says, and leaves what follows pending", async () => {
    const subTasks = [
      { name: "A" },
      { name: "B", outcome: "FAILED" as const, errors: ["No."] },
      { name: "C" },
    ];
    await failed({ subTasks }, (task) => {
      expect(task.status).toBe("Failed");
      expect(words(task.subTasks)).toEqual(["SUCCESSFUL", "FAILED", "PENDING"]);
      expect(task.subTasks[1]?.errors).toMatchObject([{ message: "No.", errorType: "ERROR" }]);
    });
  });

  test("carries its errors in a stage of a nested sub-task", async () => {
    const error = { errorCode: "DEEP", message: "Down here." };
    const stages = [
      { name: "one" },
      { name: "two", outcome: "FAILED" as const, errors: [error] },
      { name: "three" },
    ];
    const subTasks = [
      { name: "outer", subTasks: [{ name: "first" }, { name: "inner", stages }] },
      { name: "last" },
    ];
    await failed({ subTasks }, (task) => {
      const outer = task.subTasks[0];
      const inner = outer?.subTasks?.[1];
      expect(words(task.subTasks)).toEqual(["FAILED", "PENDING"]);
      expect(words(outer?.subTasks ?? [])).toEqual(["SUCCESSFUL", "FAILED"]);
      expect(words(inner?.stages ?? [])).toEqual(["SUCCESSFUL", "FAILED", "PENDING"]);
      expect([task.errors, outer?.errors, inner?.errors]).toEqual([[], [], []]);
      expect(inner?.stages?.[1]?.errors).toEqual([error]);
    });
  });

  test("has the cause on the innermost step that failed, and only there", async () => {
    const subTasks = [
      { name: "outer", subTasks: [{ name: "inner", stages: [{ name: "one" }, { name: "two" }] }] },
    ];
    await failed({ outcome: "FAILED", subTasks }, (task) => {
      const outer = task.subTasks[0];
      const inner = outer?.subTasks?.[0];
      const stages = inner?.stages ?? [];
      expect(words([task.subTasks[0], inner, ...stages].filter((step) => step !== undefined))).toEqual([
        "FAILED",
        "FAILED",
        "SUCCESSFUL",
        "FAILED",
      ]);
      expect([task.errors, outer?.errors, inner?.errors, stages[0]?.errors]).toEqual([[], [], [], []]);
      expect(stages[1]?.errors).toMatchObject([{ errorCode: "CLUSTER_CREATION_FAILED" }]);
    });
  });

  test("has the errors that the script gives to the task", async () => {
    await failed({ outcome: "FAILED", error: [{ errorCode: "X" }, "Text."] }, ({ errors, subTasks }) => {
      expect(errors).toMatchObject([{ errorCode: "X" }, { errorCode: "TASK_FAILED", message: "Text." }]);
      expect(subTasks[2]?.errors).toEqual([]);
    });
  });
});

test("ends with a warning when the script has some", async () => {
  await withSimulator({ scripts: [{ warnings: ["Look at that."] }] }, async ({ sddc, pass }) => {
    const { id } = await start(sddc);
    pass(1000);
    expect(await look(sddc, id)).toMatchObject({
      status: "COMPLETED_WITH_WARNING",
      errors: [{ errorType: "WARNING", message: "Look at that." }],
    });
  });
});

describe("retry", () => {
  const retry = (sddc: Send, id: string): ReturnType<Send> => sddc("PATCH", `/v1/tasks/${id}`);

  test("goes on with the same id at the sub-task that failed, and answers an empty 200", async () => {
    const subTasks = [{ name: "A" }, { name: "B", outcome: "FAILED" as const }, { name: "C" }];
    await withSimulator({ scripts: [{ subTasks }] }, async ({ sddc, simulator, pass }) => {
      const { id } = await start(sddc);
      pass(1000);
      expect((await look(sddc, id)).isRetryable).toBe(true);
      expect(await retry(sddc, id)).toMatchObject({ status: 200, text: "" });
      const again = await look(sddc, id);
      expect([again.status, ...words(again.subTasks)]).toEqual([
        "In Progress",
        "SUCCESSFUL",
        "IN_PROGRESS",
        "PENDING",
      ]);
      expect(again).not.toHaveProperty("completionTimestamp");
      pass(500);
      expect(words((await look(sddc, id)).subTasks)).toEqual(["SUCCESSFUL", "SUCCESSFUL", "IN_PROGRESS"]);
      pass(500);
      expect((await look(sddc, id)).status).toBe("Successful");
      expect(simulator.task(id)?.attempts).toBe(2);
      expect(simulator.counts()).toMatchObject({ start: 1, retry: 1 });
    });
  });

  test("leads where the script says, again and again", async () => {
    const retryOutcome = { outcome: "FAILED" as const, durationMs: 50, retryOutcome: { durationMs: 10 } };
    await withSimulator({ scripts: [{ outcome: "FAILED", retryOutcome }] }, async ({ sddc, pass }) => {
      const { id } = await start(sddc);
      pass(1000);
      await retry(sddc, id);
      pass(50);
      expect((await look(sddc, id)).status).toBe("Failed");
      await retry(sddc, id);
      pass(10);
      expect((await look(sddc, id)).status).toBe("Successful");
    });
  });

  test.each<[string, TaskScript, number]>([
    ["runs", {}, 500],
    ["has succeeded", {}, 1000],
    ["is not retryable", { outcome: "FAILED", retryable: false }, 1000],
    ["was cancelled", { outcome: "CANCELLED" }, 1000],
  ])("is refused with 409 when the task %s", async (_, script, ms) => {
    await withSimulator({ scripts: [script] }, async ({ sddc, pass }) => {
      const { id } = await start(sddc);
      pass(ms);
      expect(await retry(sddc, id)).toMatchObject({ status: 409, body: { errorType: "ERROR" } });
    });
  });

  test("is not offered for a credentials task", async () => {
    await withSimulator({ scripts: [{ outcome: "FAILED" }] }, async ({ sddc, pass }) => {
      const { body } = await sddc("PATCH", "/v1/credentials", passwordChange());
      pass(1000);
      expect((await look(sddc, (body as Task).id)).isRetryable).toBe(false);
    });
  });
});

describe("cancel", () => {
  const cancel = (sddc: Send, id: string): ReturnType<Send> => sddc("DELETE", `/v1/tasks/${id}`);

  test("answers an empty 200 and ends the task", async () => {
    await withSimulator({}, async ({ sddc, pass }) => {
      const { id } = await start(sddc);
      pass(500);
      expect(await cancel(sddc, id)).toMatchObject({ status: 200, text: "" });
      const task = await look(sddc, id);
      expect([task.status, ...words(task.subTasks)]).toEqual([
        "Cancelled",
        "SUCCESSFUL",
        "NOT_APPLICABLE",
        "PENDING",
      ]);
      expect(await cancel(sddc, id)).toMatchObject({ status: 409 });
    });
  });

  test.each<[string, TaskScript, number]>([
    ["is pending", {}, 0],
    ["has ended", {}, 1000],
    ["cannot be cancelled", { cancellable: false }, 500],
  ])("is refused with 409 when the task %s", async (_, script, ms) => {
    await withSimulator({ scripts: [script] }, async ({ sddc, pass }) => {
      const { id } = await start(sddc);
      pass(ms);
      expect(await cancel(sddc, id)).toMatchObject({ status: 409, body: { errorType: "ERROR" } });
    });
  });
});

test("answers unknown ids with 404 and an Error body, for get, retry and cancel", async () => {
  await withSimulator({}, async ({ sddc }) => {
    for (const method of ["GET", "PATCH", "DELETE"]) {
      const answer = await sddc(method, "/v1/tasks/c0ffee00-0000-4000-8000-000000000000");
      expect(answer).toMatchObject({
        status: 404,
        body: { errorCode: "TA_TASK_NOT_FOUND", errorType: "ERROR" },
      });
    }
  });
});
