import { withSimulator, type Send } from "./with-simulator";

const credentials = { username: "administrator@vsphere.local", password: "simulator-password" };

interface TokenPair {
  readonly accessToken: string;
  readonly refreshToken: { readonly id: string };
}

async function logIn(send: Send): Promise<TokenPair> {
  const { status, body } = await send("POST", "/v1/tokens", credentials);
  expect(status).toBe(201);
  return body as TokenPair;
}

const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` });

test("gives an access token that is a JWT with its expiry, and a refresh token", async () => {
  await withSimulator({ tokenSeconds: 600 }, async ({ send, simulator }) => {
    const { accessToken, refreshToken } = await logIn(send);
    const [header = "", claims = "", signature] = accessToken.split(".");
    const decode = (part: string): unknown =>
      JSON.parse(Buffer.from(part, "base64url").toString()) as unknown;
    expect(decode(header)).toEqual({ typ: "JWT", alg: "HS256" });
    const { iat, exp } = decode(claims) as { iat: number; exp: number };
    expect(exp - iat).toBe(600);
    expect(iat * 1000).toBe(simulator.requests[0]?.at);
    expect(signature).toMatch(/^[\w-]{43}$/);
    expect(refreshToken.id).toMatch(/^[0-9a-f-]{36}$/);
  });
});

test.each([
  [{}, 400],
  [{ badCredentialsStatus: 401 as const }, 401],
])("refuses wrong credentials with an Error body (%j: %i)", async (options, status) => {
  await withSimulator(options, async ({ send }) => {
    for (const body of [{ ...credentials, password: "no" }, {}, undefined]) {
      expect(await send("POST", "/v1/tokens", body)).toMatchObject({
        status,
        body: { errorCode: "IDENTITY_INVALID_CREDENTIALS", errorType: "ERROR", causes: [] },
      });
    }
  });
});

test.each([
  [{}, 401],
  [{ expiredTokenStatus: 403 as const }, 403],
])("refuses a missing, unknown or expired token (%j: %i)", async (options, status) => {
  await withSimulator({ ...options, tokenSeconds: 60 }, async ({ send, pass }) => {
    const { accessToken } = await logIn(send);
    const look = (headers = {}): ReturnType<Send> => send("GET", "/v1/tasks", undefined, headers);
    expect((await look(bearer(accessToken))).status).toBe(200);
    expect((await look()).status).toBe(status);
    expect((await look(bearer("x.y.z"))).status).toBe(status);
    pass(60_000);
    expect(await look(bearer(accessToken))).toMatchObject({ status, body: { errorType: "ERROR" } });
  });
});

test.each([
  ["a JSON string", (id: string) => JSON.stringify(id)],
  ["the bare id", (id: string) => id],
])("refreshes with %s and answers a JSON string", async (_, toBody) => {
  await withSimulator({ tokenSeconds: 60 }, async ({ send, simulator, pass }) => {
    const { refreshToken } = await logIn(send);
    pass(60_000);
    const refreshed = await fetch(`${simulator.url}/v1/tokens/access-token/refresh`, {
      method: "PATCH",
      body: toBody(refreshToken.id),
    });
    expect(refreshed.status).toBe(200);
    const token = (await refreshed.json()) as string;
    expect((await send("GET", "/v1/tasks", undefined, bearer(token))).status).toBe(200);
  });
});

test("stops refreshing once the refresh token is revoked or a day old", async () => {
  await withSimulator({}, async ({ send, pass }) => {
    const refresh = (id: string): ReturnType<Send> => send("PATCH", "/v1/tokens/access-token/refresh", id);
    const first = await logIn(send);
    expect(await send("DELETE", "/v1/tokens/refresh-token", first.refreshToken.id)).toMatchObject({
      status: 204,
    });
    expect(await refresh(first.refreshToken.id)).toMatchObject({ status: 404, body: { errorType: "ERROR" } });
    const second = await logIn(send);
    pass(24 * 3_600_000 - 1);
    expect((await refresh(second.refreshToken.id)).status).toBe(200);
    pass(1);
    expect((await refresh(second.refreshToken.id)).status).toBe(404);
  });
});

test("ends access tokens on demand and leaves refresh tokens good", async () => {
  await withSimulator({}, async ({ send, simulator }) => {
    const { accessToken, refreshToken } = await logIn(send);
    simulator.expireSessions();
    expect((await send("GET", "/v1/tasks", undefined, bearer(accessToken))).status).toBe(401);
    expect((await send("PATCH", "/v1/tokens/access-token/refresh", refreshToken.id)).status).toBe(200);
    expect(simulator.counts()).toMatchObject({ login: 2, list: 1 });
  });
});
