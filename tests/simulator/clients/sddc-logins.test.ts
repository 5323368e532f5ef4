// The ways to log in to SDDC Manager beside user and password, each request as the server sees it.
import type { EndpointSettings } from "../../../provider/clients";
import { sddcError, withSmallServer, type Reply, type Seen } from "../../support/small-server";
import { canary, errorOf, never } from "../../support/with-simulator";

const hosts = { method: "GET", path: "/v1/hosts" } as const;
const pair = { accessToken: "access-1", refreshToken: { id: "refresh-1" } };
const isLogin = ({ path }: Seen): boolean => path.startsWith("/v1/tokens");

const lines = (seen: readonly Seen[]): string[] =>
  seen.map(({ method, path, text }) => `${method} ${path} ${text}`);

test.each(["apiKey", "idToken"] as const)("%s is sent for a pair of tokens, with any 2xx", (login) =>
  withSmallServer(
    (request) => ({ status: 200, body: isLogin(request) ? pair : {} }),
    { login, token: "own" },
    async ({ client, seen }) => {
      await client.read(hosts, never);
      expect(lines(seen)).toEqual([`POST /v1/tokens {"${login}":"own"}`, "GET /v1/hosts "]);
      expect(seen[1]?.headers.authorization).toBe("Bearer access-1");
    },
  ),
);

test("a command's token is asked for again when it is needed again", () =>
  withSmallServer(
    (request) => {
      if (request.path === "/v1/tokens") return { status: 201, body: { accessToken: `for ${request.text}` } };
      return { status: 200 };
    },
    { login: "idToken", tokenCommand: "date +%s%N" },
    async ({ client, seen }) => {
      await client.read(hosts, never);
      await client.close(never);
      await client.read(hosts, never);
      const [first, second] = seen.filter(isLogin).map(({ text }) => text);
      expect(first).toMatch(/^\{"idToken":"\d+"\}$/);
      expect(second).not.toBe(first);
    },
  ));

describe.each(["password", "apiKey", "idToken"])("a refused log-in by %s", (login) => {
  test.each([400, 401, 403])("(%d) is tried once, whatever asks", (status) =>
    withSmallServer(
      () => ({ status, body: sddcError("Invalid.") }),
      { login, token: login === "password" ? undefined : "own" },
      async ({ client, seen }) => {
        for (let time = 0; time < 3; time += 1) {
          expect(await errorOf(client.read(hosts, never))).toMatchObject({
            code: "VMWARE_ENDPOINT_FAULT",
            fault: { faultClass: "login", httpStatus: status, sent: "no" },
          });
        }
        expect(seen).toHaveLength(1);
      },
    ),
  );
});

describe("the refresh of a token", () => {
  /** A server whose access tokens have ended but for the newest, and that takes the refresh token in one form only. */
  const refreshing = (
    takes: string,
    refusal = 400,
    answer: Reply = { status: 200, body: "access-2" },
    token = "access-2",
  ): ((request: Seen) => Reply) => {
    return ({ path, headers, text }) => {
      if (path === "/v1/tokens") return { status: 201, body: pair };
      if (path.endsWith("/refresh"))
        return text === takes ? answer : { status: refusal, body: sddcError("Not in this form.") };
      return headers.authorization === `Bearer ${token}` ? { status: 200, body: {} } : { status: 401 };
    };
  };

  test("is a JSON string", () =>
    withSmallServer(refreshing('"refresh-1"'), {}, async ({ client, seen }) => {
      await client.read(hosts, never);
      expect(lines(seen.filter(isLogin)).slice(1)).toEqual([
        'PATCH /v1/tokens/access-token/refresh "refresh-1"',
      ]);
    }));

  test.each([400, 404])("is the bare id, for good, where a JSON string is answered with %d", (status) =>
    withSmallServer(refreshing("refresh-1", status), {}, async ({ client, seen }) => {
      await client.read(hosts, never);
      await client.close(never);
      expect(lines(seen.filter(isLogin)).slice(1)).toEqual([
        'PATCH /v1/tokens/access-token/refresh "refresh-1"',
        "PATCH /v1/tokens/access-token/refresh refresh-1",
        "DELETE /v1/tokens/refresh-token refresh-1",
      ]);
      for (const { headers } of seen.filter(isLogin).slice(2))
        expect(headers["content-type"]).toBe("application/json");
    }),
  );

  test("takes a token that is no JSON string, as some servers send it", () => {
    const token = "eyJhbGciOiJI.eyJleHAiOjE3.c2ln_bmF0-dXJl";
    return withSmallServer(
      refreshing('"refresh-1"', 400, { status: 200, text: `${token}\n` }, token),
      {},
      async ({ client, seen }) => {
        await client.read(hosts, never);
        expect(seen.filter(isLogin)).toHaveLength(2);
      },
    );
  });

  test("takes no page for a token", () =>
    withSmallServer(
      refreshing('"refresh-1"', 400, { status: 200, text: "<html>a.b.c</html>" }),
      {},
      async ({ client, seen }) => {
        await errorOf(client.read(hosts, never));
        expect(lines(seen.filter(isLogin)).at(-1)).toMatch(/^POST \/v1\/tokens /);
      },
    ));

  test("is given up for a log-in where both are refused", () =>
    withSmallServer(refreshing("neither"), {}, async ({ client, seen }) => {
      expect(await errorOf(client.read(hosts, never))).toMatchObject({ fault: { faultClass: "login" } });
      expect(lines(seen.filter(isLogin)).slice(3)).toEqual([
        `POST /v1/tokens ${JSON.stringify({ username: "deploy", password: canary })}`,
      ]);
    }));
});

describe("user and password with every request (Cloud Builder)", () => {
  const basic: Partial<EndpointSettings> = { login: "basic" };
  const header = `Basic ${Buffer.from(`deploy:${canary}`).toString("base64")}`;

  test("are asked of no server for tokens", () =>
    withSmallServer(
      () => ({ status: 200, body: {} }),
      basic,
      async ({ client, seen }) => {
        await client.reach(never);
        await client.read(hosts, never);
        await client.close(never);
        expect(seen.map(({ path, headers }) => [path, headers.authorization])).toEqual([
          ["/v1/sddcs", header],
          ["/v1/hosts", header],
        ]);
      },
    ));

  test("are sent once when they are refused, for repeated tries lock accounts", () =>
    withSmallServer(
      () => ({ status: 401 }),
      basic,
      async ({ client, seen }) => {
        for (let time = 0; time < 3; time += 1) {
          expect(await errorOf(client.read(hosts, never))).toMatchObject({
            fault: { faultClass: "login", httpStatus: 401, sent: "no" },
          });
        }
        expect(seen).toHaveLength(1);
      },
    ));

  test("are not blamed for a role that is too low", () =>
    withSmallServer(
      () => ({ status: 403, body: sddcError("Not allowed.", "FORBIDDEN") }),
      basic,
      async ({ client }) => {
        for (let time = 0; time < 2; time += 1) {
          expect(await errorOf(client.read(hosts, never))).toMatchObject({
            code: "VMWARE_REQUEST_REFUSED",
            refusal: { httpStatus: 403 },
          });
        }
      },
    ));
});
