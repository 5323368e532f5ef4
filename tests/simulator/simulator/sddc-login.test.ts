import { basic, passwordChange, withSimulator, type Send } from "./with-simulator";

const tokens = (send: Send, body: unknown): ReturnType<Send> => send("POST", "/v1/tokens", body);

test.each([
  ["an API key", { apiKey: "simulator-api-key" }, { apiKey: "other" }],
  ["an identity token", { idToken: "simulator-id-token" }, { idToken: "other" }],
])("gives tokens for %s", async (_, good, bad) => {
  await withSimulator({}, async ({ send }) => {
    const { status, body } = await tokens(send, good);
    expect(status).toBe(201);
    const { accessToken } = body as { accessToken: string };
    const headers = { authorization: `Bearer ${accessToken}` };
    expect((await send("GET", "/v1/tasks", undefined, headers)).status).toBe(200);
    expect((await tokens(send, bad)).status).toBe(400);
  });
});

test("takes the API key and the identity token that the options give", async () => {
  await withSimulator({ sddcApiKey: "key", sddcIdToken: "id" }, async ({ send }) => {
    expect((await tokens(send, { apiKey: "key" })).status).toBe(201);
    expect((await tokens(send, { idToken: "id" })).status).toBe(201);
    expect((await tokens(send, { apiKey: "simulator-api-key" })).status).toBe(400);
  });
});

test("takes HTTP Basic with each request and has no tokens, as Cloud Builder", async () => {
  await withSimulator({ sddcLogin: "basic" }, async ({ send }) => {
    expect((await send("GET", "/v1/sddcs", undefined, basic())).status).toBe(200);
    const refused = await send("GET", "/v1/sddcs", undefined, basic("wrong"));
    expect(refused).toMatchObject({ status: 401, body: { errorType: "ERROR" } });
    expect(refused.headers.get("www-authenticate")).toMatch(/^Basic/);
    expect((await send("GET", "/v1/sddcs")).status).toBe(401);
    expect((await tokens(send, { apiKey: "simulator-api-key" })).status).toBe(404);
  });
});

test("does not take HTTP Basic where tokens are wanted", async () => {
  await withSimulator({}, async ({ send }) => {
    expect((await send("GET", "/v1/sddcs", undefined, basic())).status).toBe(401);
  });
});

test.each([
  ["ADMIN", 202, 202, 200],
  ["OPERATOR", 202, 403, 200],
  ["VIEWER", 403, 403, 200],
] as const)(
  "lets %s change clusters: %i, passwords: %i, see tasks: %i",
  async (sddcRole, cluster, password, see) => {
    await withSimulator({ sddcRole }, async ({ sddc, simulator }) => {
      expect((await sddc("POST", "/v1/clusters", {})).status).toBe(cluster);
      expect((await sddc("PATCH", "/v1/credentials", passwordChange())).status).toBe(password);
      expect((await sddc("GET", "/v1/tasks")).status).toBe(see);
      expect(simulator.starts).toHaveLength([cluster, password].filter((status) => status === 202).length);
    });
  },
);
