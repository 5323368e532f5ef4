import type { TaskScript } from "../../../provider/simulator";
import { withSimulator, type Send } from "./with-simulator";

const depots = "/api/esx/settings/depots";
const sync = `${depots}?action=sync&vmw-task=true`;

async function info(vcenter: Send, path = sync, body: unknown = {}): Promise<Record<string, unknown>> {
  const started = await vcenter("POST", path, body);
  expect(started.status).toBe(202);
  return (await vcenter("GET", `/api/cis/tasks/${String(started.body)}`)).body as Record<string, unknown>;
}

test("takes the newest of the scripts that match, skips and counts", async () => {
  await withSimulator({ defaultDurationMs: 0 }, async ({ vcenter, simulator }) => {
    simulator.script({ result: "old" });
    simulator.script({ result: "new", skip: 1, times: 2 });
    const results = [];
    for (let count = 0; count < 4; count += 1) results.push((await info(vcenter))["result"]);
    expect(results).toEqual(["old", "new", "new", "old"]);
  });
});

const matching: [string, TaskScript["match"], boolean][] = [
  ["its product", { product: "vcenter" }, true],
  ["another product", { product: "sddc-manager" }, false],
  ["a method in any case", { method: "post" }, true],
  ["another method", { method: "PUT" }, false],
  ["the exact path", { path: depots }, true],
  ["the beginning of the path only", { path: "/api/esx" }, false],
  ["a path with wildcards", { path: "/api/*/depots" }, true],
  ["a path whose dots are dots", { path: "/api/esx.settings/depots" }, false],
  ["a path with an action", { path: `${depots}?action=sync` }, true],
  ["a path with another action", { path: `${depots}?action=flush` }, false],
  ["a regular expression, the second time too", { path: /settings/g }, true],
  ["a query", { query: { action: "sync" } }, true],
  ["a query that is not there", { query: { force: "true" } }, false],
  ["a part of the body", { body: { spec: { name: "a" } } }, true],
  ["an element of a list in the body", { body: { list: [{ id: 2 }] } }, true],
  ["a value that is not in the body", { body: { spec: { name: "b" } } }, false],
];

test.each(matching)("matches by %s", async (_, match, hit) => {
  await withSimulator(
    { defaultDurationMs: 0, scripts: [{ result: "miss" }] },
    async ({ vcenter, simulator }) => {
      if (match !== undefined) simulator.script({ match, result: "hit" });
      const body = { spec: { name: "a", more: true }, list: [{ id: 1 }, { id: 2 }] };
      for (let count = 0; count < 2; count += 1) {
        expect((await info(vcenter, sync, body))["result"]).toBe(hit ? "hit" : "miss");
      }
    },
  );
});

test("does nothing to a start that another product takes", async () => {
  await withSimulator(
    { scripts: [{ match: { path: "/v1/hosts" }, outcome: "FAILED" }] },
    async ({ vcenter, pass }) => {
      const started = await vcenter("POST", sync);
      pass(1000);
      expect((await vcenter("GET", `/api/cis/tasks/${String(started.body)}`)).body).toMatchObject({
        status: "SUCCEEDED",
      });
    },
  );
});

describe("a reply of the script", () => {
  test("answers at once, without a task", async () => {
    const immediate = { status: 201, body: { made: "{body.name}" }, headers: { location: "{path}/1" } };
    await withSimulator({ scripts: [{ immediate }] }, async ({ vcenter, simulator }) => {
      const answer = await vcenter("POST", "/api/vcenter/namespaces", { name: "ns" });
      expect(answer).toMatchObject({ status: 201, body: { made: "ns" } });
      expect(answer.headers.get("location")).toBe("/api/vcenter/namespaces/1");
      expect(simulator.tasks()).toEqual([]);
      expect(simulator.starts).toHaveLength(1);
      expect(simulator.starts[0]).not.toHaveProperty("taskId");
    });
  });

  test("serves reads when it names the method GET, and leaves them alone when it does not", async () => {
    await withSimulator({}, async ({ vcenter, sddc, simulator }) => {
      simulator.script({
        match: { method: "GET", path: "/api/appliance/health" },
        immediate: { body: "green" },
      });
      simulator.script({ match: { path: "/v1/releases" }, immediate: { body: { elements: [] } } });
      expect(await vcenter("GET", "/api/appliance/health")).toMatchObject({ status: 200, body: "green" });
      expect((await sddc("GET", "/v1/releases")).status).toBe(404);
      expect(simulator.starts).toEqual([]);
    });
  });

  test("carries the id of the task wherever the script puts it", async () => {
    const reply = { status: 200, body: { commit: "7", apply_task: "{taskId}" } };
    await withSimulator({ scripts: [{ reply }] }, async ({ vcenter, simulator }) => {
      const path = "/api/esx/settings/clusters/c-1/configuration/drafts/3?action=apply";
      const { status, body } = await vcenter("POST", path);
      expect({ status, body }).toEqual({
        status: 200,
        body: { commit: "7", apply_task: simulator.starts[0]?.taskId },
      });
      expect(simulator.tasks()).toHaveLength(1);
    });
  });

  test.each<[string, TaskScript["reply"], number, number]>([
    ["a refusal", { status: 400, error: "ALREADY_EXISTS" }, 400, 0],
    ["busy", { error: "RESOURCE_BUSY" }, 500, 0],
    [
      "a conflict in SDDC Manager's words",
      { status: 409, error: "TASK_IN_PROGRESS", message: "Wait." },
      409,
      0,
    ],
    ["a 202 without an id", { status: 202 }, 202, 1],
    ["a 500 about a task that runs", { status: 500, starts: true }, 500, 1],
    ["a page of HTML", { status: 202, text: "<html>", headers: { "content-type": "text/html" } }, 202, 1],
  ])("is %s", async (_, reply, status, tasks) => {
    await withSimulator(
      { scripts: [{ ...(reply === undefined ? {} : { reply }) }] },
      async ({ vcenter, sddc, simulator }) => {
        expect((await vcenter("POST", sync)).status).toBe(status);
        expect((await sddc("POST", "/v1/clusters", {})).status).toBe(status);
        expect(simulator.tasks()).toHaveLength(tasks * 2);
        expect(simulator.starts).toHaveLength(tasks * 2);
      },
    );
  });
});

describe("the way a task runs", () => {
  const seen = async (script: TaskScript, ms: number[], field: string): Promise<unknown[]> => {
    const values: unknown[] = [];
    await withSimulator({ scripts: [{ pendingMs: 0, ...script }] }, async ({ vcenter, pass }) => {
      const { body } = await vcenter("POST", sync);
      let past = 0;
      for (const time of ms) {
        pass(time - past);
        past = time;
        const answer = (await vcenter("GET", `/api/cis/tasks/${String(body)}`)).body as Record<
          string,
          unknown
        >;
        const progress = answer["progress"] as
          { completed: number; message: { default_message: string } } | undefined;
        values.push(
          { completed: progress?.completed, message: progress?.message.default_message, ...answer }[field],
        );
      }
    });
    return values;
  };
  const times = [0, 260, 510, 760, 1000];

  test.each<[string, TaskScript, string, unknown[]]>([
    ["smooth progress", {}, "completed", [0, 26, 51, 76, 100]],
    ["coarse progress", { progress: "coarse" }, "completed", [0, 25, 50, 75, 100]],
    ["no progress", { progress: "none" }, "completed", Array<undefined>(5)],
    ["messages over time", { messages: ["a", "b"] }, "message", ["a", "a", "b", "b", "b"]],
    ["one unknown word for ever", { nativeStatus: "MYSTERY" }, "status", Array<string>(5).fill("MYSTERY")],
    [
      "a word by state",
      { nativeStatus: { RUNNING: "WORKING", SUCCEEDED: "PERFECT" } },
      "status",
      ["WORKING", "WORKING", "WORKING", "WORKING", "PERFECT"],
    ],
    ["a partial result", { partialResult: 1, result: 2 }, "result", [1, 1, 1, 1, 2]],
    [
      "a task that blocks for good",
      { outcome: "BLOCKED" },
      "status",
      ["RUNNING", "RUNNING", "RUNNING", "RUNNING", "BLOCKED"],
    ],
    ["a task that never ends", { outcome: "RUNNING" }, "status", Array<string>(5).fill("RUNNING")],
    ["odd fields", { fields: { progress: null, surprise: 1 } }, "surprise", Array<number>(5).fill(1)],
    ["missing fields", { omitFields: ["user"] }, "user", Array<undefined>(5)],
    ["a target of its own", { target: null }, "target", Array<undefined>(5)],
  ])("shows %s", async (_, script, field, expected) => {
    expect(await seen(script, times, field)).toEqual(expected);
  });

  test("never takes progress back when the plan is changed", async () => {
    await withSimulator({}, async ({ vcenter, simulator, pass }) => {
      const { body } = await vcenter("POST", sync);
      pass(800);
      const before = simulator.task(String(body))?.percent ?? 0;
      simulator.change(String(body), { durationMs: 100_000 });
      expect(simulator.task(String(body))?.percent).toBe(before);
      simulator.change(String(body), { durationMs: 1 });
      expect(simulator.task(String(body))).toMatchObject({
        status: "SUCCEEDED",
        finishedAt: 1_767_225_600_800,
      });
    });
  });
});

test.each<[string, object, RegExp]>([
  ["an unknown field", { durationMS: 5 }, /script\.durationMS is unknown; known are/],
  ["a negative time", { durationMs: -1 }, /durationMs must be a number of at least 0/],
  ["an unknown outcome", { outcome: "DONE" }, /outcome must be one of SUCCEEDED/],
  ["a status that is none", { reply: { status: 20 } }, /reply\.status must be an HTTP status/],
  [
    "a nested mistake",
    { subTasks: [{ name: "a", subTasks: [{}] }] },
    /subTasks\[0\]\.subTasks\[0\]\.name is required/,
  ],
  ["a wrong retry outcome", { retryOutcome: { times: 1 } }, /retryOutcome\.times is unknown/],
  ["several mistakes at once", { times: "x", skip: "y" }, /times.*skip/],
])("refuses a script with %s", async (_, script, message) => {
  await withSimulator({}, async ({ simulator }) => {
    expect(() => simulator.script(script)).toThrow(message);
    return Promise.resolve();
  });
});
