import { basic, logInToVcenter, midnight, withSimulator } from "./with-simulator";

const session = "vmware-api-session-id";

test("logs in with 201 and a JSON string, shows the session, and logs out with 204", async () => {
  await withSimulator({}, async ({ send, pass }) => {
    const login = await send("POST", "/api/session", undefined, basic());
    expect(login.status).toBe(201);
    expect(typeof login.body).toBe("string");
    const headers = { [session]: String(login.body) };
    pass(5000);
    const shown = await send("GET", "/api/session", undefined, headers);
    expect(shown).toMatchObject({
      status: 200,
      body: {
        user: "administrator@vsphere.local",
        created_time: new Date(midnight).toISOString(),
        last_accessed_time: new Date(midnight + 5000).toISOString(),
      },
    });
    expect(await send("DELETE", "/api/session", undefined, headers)).toMatchObject({ status: 204, text: "" });
    expect((await send("GET", "/api/session", undefined, headers)).status).toBe(401);
  });
});

test.each([
  ["a wrong password", basic("wrong")],
  ["a wrong user", basic("simulator-password", "somebody@vsphere.local")],
  ["no credentials", {}],
  ["a token of another kind", { authorization: "Bearer abc" }],
])("refuses %s with 401 and a challenge", async (_, headers) => {
  await withSimulator({}, async ({ send }) => {
    const answer = await send("POST", "/api/session", undefined, headers);
    expect(answer).toMatchObject({
      status: 401,
      body: {
        error_type: "UNAUTHENTICATED",
        messages: [{ args: [] }],
        challenge: expect.stringMatching(/^Basic realm=".*", SIGN realm=.*sts=/) as string,
      },
    });
    expect(answer.headers.get("www-authenticate")).toMatch(/^Basic/);
  });
});

test("takes the user name in any case", async () => {
  await withSimulator({}, async ({ send }) => {
    const answer = await send(
      "POST",
      "/api/session",
      undefined,
      basic("simulator-password", "Administrator@VSPHERE.LOCAL"),
    );
    expect(answer.status).toBe(201);
  });
});

test("ends a session that is idle and keeps one that is used", async () => {
  await withSimulator({ sessionSeconds: 10 }, async ({ send, pass }) => {
    const headers = { [session]: await logInToVcenter(send) };
    for (let look = 0; look < 5; look += 1) {
      pass(9000);
      expect((await send("GET", "/api/vcenter/vm", undefined, headers)).status).toBe(200);
    }
    pass(10_000);
    const late = await send("GET", "/api/vcenter/vm", undefined, headers);
    expect(late).toMatchObject({ status: 401, body: { error_type: "UNAUTHENTICATED" } });
  });
});

test("keeps a task running when its session ends, and shows it to the next session", async () => {
  await withSimulator({}, async ({ send, simulator, pass }) => {
    const first = { [session]: await logInToVcenter(send) };
    const start = await send("POST", "/api/esx/settings/depots?action=sync&vmw-task=true", undefined, first);
    simulator.expireSessions();
    const path = `/api/cis/tasks/${String(start.body)}`;
    expect((await send("GET", path, undefined, first)).status).toBe(401);
    pass(1000);
    const second = { [session]: await logInToVcenter(send) };
    expect((await send("GET", path, undefined, second)).body).toMatchObject({ status: "SUCCEEDED" });
  });
});

test("speaks the old form of the session service", async () => {
  await withSimulator({}, async ({ send }) => {
    const path = "/rest/com/vmware/cis/session";
    const login = await send("POST", path, undefined, { ...basic(), "vmware-use-header-authn": "yes" });
    expect(login.status).toBe(200);
    expect(login.headers.get("set-cookie")).toBeNull();
    const token = (login.body as { value: string }).value;
    const shown = await send("POST", `${path}?~action=get`, undefined, { [session]: token });
    expect(shown.body).toMatchObject({ value: { user: "administrator@vsphere.local" } });
    expect((await send("DELETE", path, undefined, { [session]: token })).status).toBe(200);
    expect(await send("POST", path, undefined, basic("wrong"))).toMatchObject({
      status: 401,
      body: { type: "com.vmware.vapi.std.errors.unauthenticated", value: { messages: [{ args: [] }] } },
    });
  });
});

test("sets a cookie in the old form, and takes it", async () => {
  await withSimulator({}, async ({ send }) => {
    const login = await send("POST", "/rest/com/vmware/cis/session", undefined, basic());
    const cookie = login.headers.get("set-cookie")?.split(";")[0] ?? "";
    expect(cookie).toMatch(/^vmware-api-session-id=/);
    expect((await send("GET", "/rest/vcenter/vm", undefined, { cookie })).status).toBe(200);
  });
});
