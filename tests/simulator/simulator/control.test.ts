import { withSimulator, type Send } from "./with-simulator";

const sync = "/api/esx/settings/depots?action=sync&vmw-task=true";
const status = async (answer: ReturnType<Send>): Promise<number> => (await answer).status;

test("lists what it serves and how it is controlled", async () => {
  await withSimulator({ collections: [{ path: "/api/x/{id}/things" }] }, async ({ send }) => {
    const { body } = await send("GET", "/_simulator");
    expect(Object.keys(body as object)).toEqual([
      "control",
      "vcenter",
      "snapservice",
      "sddc-manager",
      "vcda",
      "collections",
    ]);
    expect(body).toMatchObject({
      collections: expect.arrayContaining([
        "/api/vcenter/vm",
        "/v1/hosts",
        "/v1/domains",
        "/vm-replications",
        "/vapp-replications",
        "/api/x/{id}/things",
      ]) as string[],
    });
  });
});

test("shows requests, starts, counts and tasks, and counts none of its own requests", async () => {
  await withSimulator({}, async ({ send, vcenter, simulator }) => {
    const id = String((await vcenter("POST", sync, { depot: "d", password: "hunter2" })).body);
    expect((await send("GET", "/_simulator/counts")).body).toMatchObject({ login: 1, start: 1, other: 0 });
    expect((await send("GET", "/_simulator/requests")).body).toMatchObject([
      { operation: "login", status: 201 },
      { operation: "start", status: 202, taskId: id, query: { action: "sync", "vmw-task": "true" } },
    ]);
    const starts = await send("GET", "/_simulator/starts");
    expect(starts.body).toMatchObject([{ taskId: id, body: { depot: "d", password: "********" } }]);
    expect(simulator.starts[0]?.body).toEqual({ depot: "d", password: "hunter2" });
    expect((await send("GET", "/_simulator/tasks")).body).toMatchObject([{ id, status: "PENDING" }]);
    expect((await send("GET", `/_simulator/tasks/${id}`)).body).toMatchObject({
      id,
      native: { operation: "sync$task" },
    });
    expect(await status(send("GET", "/_simulator/tasks/none"))).toBe(404);
    expect(simulator.requests).toHaveLength(2);
  });
});

test("takes scripts and faults, with patterns and infinity spelt for JSON", async () => {
  await withSimulator({ defaultDurationMs: 0 }, async ({ send, vcenter }) => {
    await vcenter("GET", "/api/session");
    const script = { match: { path: { regexp: "DEPOTS$", flags: "i" } }, result: 7, times: "Infinity" };
    expect(await status(send("POST", "/_simulator/script", script))).toBe(204);
    const { body } = await vcenter("POST", sync);
    expect((await vcenter("GET", `/api/cis/tasks/${String(body)}`)).body).toMatchObject({ result: 7 });
    const fault = { what: "status", status: 503, times: "Infinity", match: { operation: "start" } };
    expect(await status(send("POST", "/_simulator/fault", fault))).toBe(204);
    for (let count = 0; count < 3; count += 1) expect(await status(vcenter("POST", sync))).toBe(503);
  });
});

test("ends, changes, retries and forgets tasks, and starts foreign ones", async () => {
  await withSimulator({}, async ({ send, simulator }) => {
    const foreign = { product: "sddc-manager", path: "/v1/clusters", plan: { outcome: "RUNNING" } };
    const { body } = await send("POST", "/_simulator/foreign-task", foreign);
    const { taskId } = body as { taskId: string };
    const act = (what: object): ReturnType<Send> => send("POST", `/_simulator/tasks/${taskId}`, what);
    expect(await status(act({ change: { error: ["No."] }, finish: "FAILED" }))).toBe(204);
    expect(simulator.task(taskId)).toMatchObject({
      status: "FAILED",
      native: { errors: [{ message: "No." }] },
    });
    expect(await status(act({ retry: true }))).toBe(204);
    expect(simulator.task(taskId)).toMatchObject({ status: "RUNNING", attempts: 2 });
    expect(await status(act({ forget: true }))).toBe(204);
    expect(simulator.task(taskId)).toBeUndefined();
  });
});

test("shows, adds and removes objects", async () => {
  await withSimulator({}, async ({ send }) => {
    const added = await send("POST", "/_simulator/objects/v1/hosts", { fqdn: "a" });
    const { id } = added.body as { id: string };
    expect((await send("GET", "/_simulator/objects/v1/hosts")).body).toMatchObject([{ id, name: "a" }]);
    expect(await status(send("DELETE", `/_simulator/objects/v1/hosts/${id}`))).toBe(204);
    expect((await send("GET", "/_simulator/objects/v1/hosts")).body).toEqual([]);
  });
});

test("ends sessions, restarts and resets", async () => {
  await withSimulator({}, async ({ send, vcenter, simulator }) => {
    await vcenter("POST", sync);
    expect(await status(send("POST", "/_simulator/expire-sessions"))).toBe(204);
    expect(await status(vcenter("GET", "/api/vcenter/vm"))).toBe(401);
    expect(simulator.tasks()).toHaveLength(1);
    expect(await status(send("POST", "/_simulator/restart", { forgetTasks: true }))).toBe(204);
    expect(simulator.tasks()).toHaveLength(0);
    expect(await status(send("POST", "/_simulator/reset"))).toBe(204);
    expect(simulator.requests).toHaveLength(0);
  });
});

test.each<[string, unknown, string]>([
  ["script", { outcome: "DONE" }, "script.outcome must be one of"],
  ["script", ["a"], "must be a JSON object"],
  ["script", { match: { path: { regexp: "(" } } }, "match.path.regexp"],
  ["fault", {}, "fault.what is required"],
  [
    "foreign-task",
    { product: "nsx", path: "/" },
    "task.product must be one of vcenter, snapservice, sddc-manager",
  ],
  ["foreign-task", { product: "vcenter", path: "/api/x", colour: "red" }, "colour"],
  ["restart", { downMs: "long" }, "options.downMs must be a number"],
  ["restart", { forgetTask: true }, "forgetTask"],
  ["tasks/none", { finish: "FAILED" }, "There is no task none"],
  ["tasks/none", { kill: true }, "kill: unknown"],
  ["tasks/none", { finish: "DONE" }, "finish must be one of"],
  ["objects/v1/none", {}, "There is no collection at /v1/none"],
])("answers 400 and says what is wrong: %s %j", async (path, body, text) => {
  await withSimulator({}, async ({ send }) => {
    const answer = await send("POST", `/_simulator/${path}`, body);
    expect(answer.status).toBe(400);
    expect((answer.body as { message: string }).message).toContain(text);
  });
});

test("answers 400 to a body that is no JSON, and 404 with the routes to an unknown path", async () => {
  await withSimulator({}, async ({ send, simulator }) => {
    const broken = await fetch(`${simulator.url}/_simulator/script`, { method: "POST", body: "{" });
    expect(broken.status).toBe(400);
    for (const [method, path] of [
      ["GET", "/_simulator/nothing"],
      ["POST", "/_simulator/counts"],
      ["PUT", "/_simulator/script"],
    ] as const) {
      expect(await send(method, path)).toMatchObject({
        status: 404,
        body: { routes: expect.any(Array) as unknown[] },
      });
    }
  });
});
