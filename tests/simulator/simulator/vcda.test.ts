import { withSimulator, type Answer, type Bench } from "./with-simulator";

const username = "administrator@vsphere.local";
const password = "simulator-password";
const vapp = "C4VAPP-11111111-1111-4111-8111-111111111111";
const logIn = { type: "localUser", localUser: username, localPassword: password };
const minute = 60_000;

type Ask = (
  method: string,
  path: string,
  body?: unknown,
  headers?: Record<string, string>,
) => Promise<Answer>;

async function session({ send }: Bench): Promise<Ask> {
  const { headers } = await send("POST", "/sessions", logIn);
  const own = { "x-vcav-auth": headers.get("x-vcav-auth") ?? "" };
  return (method, path, body, more = {}) => send(method, path, body, { ...own, ...more });
}

const run = (use: (ask: Ask, bench: Bench) => Promise<void>, options = {}): Promise<void> =>
  withSimulator(options, async (bench) => use(await session(bench), bench));

const idOf = ({ body }: Answer): string => (body as { id: string }).id;

test.each<[object, number]>([
  [logIn, 200],
  [{ type: "ssoCredentials", username, password, principal: "p" }, 200],
  [{ type: "ssoToken", samlToken: password, timestamp: "1", nonce: "n", signature: "s" }, 200],
  [{ type: "vcdCredentials", vcdUser: username, vcdPassword: password }, 200],
  [{ type: "vcdCookie", vcdCookie: password }, 200],
  [{ type: "vcdAccessToken", vcdAccessToken: password, context: "c" }, 200],
  [{ ...logIn, localPassword: "x" }, 401],
  [{ type: "vcdCredentials", localUser: username, localPassword: password }, 401],
  [{ ...logIn, type: "toString" }, 401],
  [{}, 401],
])("a log-in with %j is answered with %d", (body, status) =>
  withSimulator({}, async ({ send }) => {
    const answer = await send("POST", "/sessions", body);
    expect(answer.status).toBe(status);
    expect(answer.headers.has("x-vcav-auth")).toBe(status === 200);
    if (status === 401) expect(answer.body).toMatchObject({ code: "NotAuthenticated", args: [] });
  }),
);

test("a session ends when it is idle, too old or logged out", () =>
  run(async (ask, { pass }) => {
    expect(await ask("GET", "/sessions")).toMatchObject({
      status: 200,
      body: { user: username, authenticatedSites: [{ site: "site1" }] },
    });
    pass(29 * minute);
    expect((await ask("GET", "/tasks")).status).toBe(200);
    pass(30 * minute);
    expect((await ask("GET", "/tasks")).status).toBe(401);
  })
    .then(() =>
      run(async (ask, { pass }) => {
        for (let time = 0; time < 72; time += 1) {
          expect((await ask("GET", "/tasks")).status).toBe(200);
          pass(20 * minute);
        }
        expect(await ask("GET", "/tasks")).toMatchObject({ status: 401, body: { code: "NotAuthenticated" } });
      }),
    )
    .then(() =>
      run(async (ask) => {
        expect((await ask("DELETE", "/sessions")).status).toBe(200);
        expect((await ask("GET", "/tasks")).status).toBe(401);
      }),
    ));

test("a remote site wants an extension, and one that is not known is not found", () =>
  run(async (ask, { simulator }) => {
    const tasks = "/tasks?site=site2";
    const extend = { type: "credentials", site: "site2", vcdUsername: username, vcdPassword: password };
    expect(await ask("GET", tasks)).toMatchObject({
      status: 401,
      body: { code: "RemoteAuthenticationFailure", args: ["site2"] },
    });
    expect((await ask("POST", "/sessions/extend", { ...extend, vcdPassword: "x" })).status).toBe(401);
    expect((await ask("POST", "/sessions/extend", { ...extend, site: "x" })).status).toBe(404);
    expect((await ask("POST", "/sessions/extend", extend)).status).toBe(200);
    expect((await ask("GET", tasks)).status).toBe(200);
    expect((await ask("DELETE", "/sessions/site2")).status).toBe(200);
    expect((await ask("GET", tasks)).status).toBe(401);
    expect(
      (await ask("POST", "/sessions/extend", { type: "multisite", site: "site2", org: "o" })).status,
    ).toBe(200);
    expect((await ask("GET", tasks)).status).toBe(200);
    simulator.expireRemoteSessions();
    expect((await ask("GET", tasks)).status).toBe(401);
    expect((await ask("GET", "/tasks")).status).toBe(200);
    expect(await ask("GET", "/tasks?site=nowhere")).toMatchObject({
      status: 404,
      body: { code: "SiteNotFound" },
    });
  }));

test.each([
  [
    "application/vnd.vmware.h4-v4.5+json;charset=UTF-8",
    200,
    "application/vnd.vmware.h4-v4.5+json;charset=UTF-8",
  ],
  ["application/vnd.vmware.h4-v3.5+json", 200, "application/vnd.vmware.h4-v3.5+json;charset=UTF-8"],
  ["application/json", 200, "application/json;charset=UTF-8"],
  ["application/vnd.vmware.h4-v9+json;charset=UTF-8", 406, "application/json"],
  ["application/vnd.vmware.h4-v9+json, application/json;q=0.9", 200, "application/json;charset=UTF-8"],
])("Accept: %s is answered with %d", (accept, status, type) =>
  run(async (ask) => {
    const answer = await ask("GET", "/sites", undefined, { accept });
    expect(answer.status).toBe(status);
    expect(answer.headers.get("content-type")).toBe(type);
  }),
);

test("a task lives on its site and belongs to its user", () =>
  run(async (ask, { simulator, pass }) => {
    await ask("POST", "/sessions/extend", { type: "multisite", site: "site2", org: "o" });
    const started = await ask("POST", `/vapp-replications/${vapp}/migrate?site=site2`, { name: "shop" });
    expect(started).toMatchObject({
      status: 202,
      body: {
        state: "QUEUED",
        progress: 0,
        endTime: -1,
        site: "site2",
        user: username,
        error: null,
        workflowInfo: {
          type: "migrate",
          resourceType: "vappReplication",
          resourceId: vapp,
          resourceName: "shop",
        },
      },
    });
    const path = `/tasks/${idOf(started)}`;
    expect(await ask("GET", path)).toMatchObject({ status: 404, body: { code: "TaskNotFound" } });
    pass(550);
    expect(await ask("GET", `${path}?site=site2`)).toMatchObject({
      body: { state: "RUNNING", progress: 50 },
    });
    pass(450);
    expect(await ask("GET", `${path}?site=site2`)).toMatchObject({
      body: { state: "SUCCEEDED", progress: 100, resultType: "vappReplication", result: { id: vapp } },
    });
    const foreign = simulator.startForeignTask({ product: "vcda", path: "/backups" });
    expect((await ask("GET", `/tasks/${foreign}`)).status).toBe(404);
    expect((await ask("GET", "/tasks")).body).toMatchObject({ items: [], total: 0 });
  }));

test("a bulk poll has a row for each task that one may see, nested fields under dotted names", () =>
  run(async (ask, { simulator }) => {
    const mine = idOf(await ask("POST", "/backups", { password: "x" }));
    const foreign = simulator.startForeignTask({ product: "vcda", path: "/backups" });
    const { body } = await ask("POST", "/tasks/poll", [foreign, mine, mine]);
    const { propertyNames, values } = body as { propertyNames: string[]; values: unknown[][] };
    expect(propertyNames).toEqual(
      expect.arrayContaining(["id", "state", "workflowInfo.resourceType", "endTime"]),
    );
    expect(values.map((row) => row[propertyNames.indexOf("id")])).toEqual([mine]);
    expect(values[0]?.[propertyNames.indexOf("workflowInfo.type")]).toBe("backup");
    expect(await ask("POST", "/tasks/poll", [mine, "no-uuid"])).toMatchObject({
      status: 400,
      body: { code: "BadUserInput" },
    });
    expect((await ask("POST", "/tasks/poll", { ids: [mine] })).status).toBe(400);
    expect((await ask("DELETE", `/tasks/${mine}`)).status).toBe(405);
  }));

test("replications are made, read and stopped", () =>
  run(async (ask, { pass, simulator }) => {
    await ask("POST", "/vapp-replications", { description: "d" });
    expect((await ask("GET", "/vapp-replications")).body).toMatchObject({ items: [] });
    pass(1_000);
    const [made] = simulator.objects("/vapp-replications");
    expect(made?.id).toMatch(/^C4VAPP-/);
    expect((await ask("GET", `/vapp-replications/${made?.id ?? ""}`)).body).toMatchObject({
      description: "d",
    });
    await ask("DELETE", `/vapp-replications/${made?.id ?? ""}`);
    pass(1_000);
    expect(simulator.objects("/vapp-replications")).toEqual([]);
    expect(await ask("POST", "/vapp-replications/x/migrate")).toMatchObject({
      status: 404,
      body: { code: "VappReplicationNotFound", args: ["x"] },
    });
  }));

test("what it does not serve is told in its own words, and other servers keep their paths", () =>
  run(async (ask, { send }) => {
    expect(await ask("POST", "/vapp-replications/x/fly")).toMatchObject({ status: 404 });
    expect(await ask("POST", "/sites/x/y")).toMatchObject({ status: 404, body: { code: "NotFound" } });
    for (const path of ["/api/session", "/rest/cis/tasks", "/v1/tasks", "/_simulator", "/sdk"])
      expect(JSON.stringify((await send("GET", path)).body)).not.toContain("NotAuthenticated");
    expect((await send("GET", "/tasks")).body).toMatchObject({ code: "NotAuthenticated" });
  }));

test("a failure is an ApiError, and so is an abort", () =>
  run(async (ask, { simulator, pass }) => {
    simulator.script({ times: 1, outcome: "FAILED", error: "No room.", warnings: ["Slow."] });
    const failed = idOf(await ask("POST", "/backups", {}));
    const aborted = idOf(await ask("POST", "/backups", {}));
    simulator.finish(aborted, "CANCELLED");
    pass(1_000);
    expect((await ask("GET", `/tasks/${failed}`)).body).toMatchObject({
      state: "FAILED",
      error: {
        code: "GeneralServerFailure",
        msg: "No room.",
        args: [],
        stacktrace: expect.stringContaining("at com") as string,
      },
      warnings: [{ error: { code: "OperationWarning", msg: "Slow." } }],
      result: null,
    });
    expect((await ask("GET", `/tasks/${aborted}`)).body).toMatchObject({
      state: "FAILED",
      error: { code: "OperationAborted" },
    });
  }));
