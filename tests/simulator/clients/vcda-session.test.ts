import { createClient, type EndpointSettings } from "../../../provider/clients";
import { withReplies, type Answered, type Arrived } from "../../support/with-replies";
import {
  canary,
  errorOf,
  never,
  settingsOf,
  withClient,
  type ClientBenchOptions,
} from "../../support/with-simulator";

const read = { method: "GET", path: "/sites" } as const;
const hour = 3_600_000;

const bench = (more: Partial<ClientBenchOptions> = {}): ClientBenchOptions => ({ product: "vcda", ...more });

const ssoToken = JSON.stringify({ samlToken: canary, timestamp: "5", nonce: "n", signature: "s" });

/** Speaks once with a server that takes any log-in, and gives what it was sent. */
async function sentWith(
  changes: Partial<EndpointSettings>,
  answer: (request: Arrived) => Answered = () => ({ headers: { "X-VCAV-Auth": "t-1" }, body: {} }),
): Promise<readonly Arrived[]> {
  let sent: readonly Arrived[] = [];
  await withReplies(answer, async ({ url, requests }) => {
    sent = requests;
    const endpoint = { url, username: "root", password: canary };
    const client = createClient(settingsOf(endpoint, "vcda", changes));
    await client.read(read, never);
    await client.close(never);
  });
  return sent;
}

describe("a session of VCDA", () => {
  test.each<[string, Partial<EndpointSettings>, object]>([
    ["localUser", {}, { localUser: "root", localPassword: canary }],
    ["ssoCredentials", {}, { username: "root", password: canary }],
    ["ssoCredentials", { principal: "p" }, { username: "root", password: canary, principal: "p" }],
    ["ssoToken", { token: ssoToken }, JSON.parse(ssoToken) as object],
    ["vcdCredentials", {}, { vcdUser: "root", vcdPassword: canary }],
    ["vcdCookie", { token: "c" }, { vcdCookie: "c" }],
    ["vcdAccessToken", { token: "t" }, { vcdAccessToken: "t" }],
    ["vcdAccessToken", { tokenCommand: "echo t", context: "x" }, { vcdAccessToken: "t", context: "x" }],
  ])("is had by %s with %j, and ended", async (login, changes, body) => {
    const [logIn, ask, logOut, ...more] = await sentWith({ login, ...changes });
    expect(logIn).toMatchObject({ method: "POST", path: "/sessions", body: { type: login, ...body } });
    expect(Object.keys(logIn?.body as object).sort()).toEqual(["type", ...Object.keys(body)].sort());
    expect(ask?.headers["x-vcav-auth"]).toBe("t-1");
    expect(logOut).toMatchObject({ method: "DELETE", path: "/sessions", headers: { "x-vcav-auth": "t-1" } });
    expect(more).toEqual([]);
  });

  test("of the user's own is used as it is, and left alone", async () => {
    const sent = await sentWith({ login: "session", token: "mine" });
    expect(sent).toHaveLength(1);
    expect(sent[0]).toMatchObject({ path: "/sites", headers: { "x-vcav-auth": "mine" } });
  });

  test.each([
    [undefined, "4.5"],
    ["3.5", "3.5"],
    ["4.7", "4.7"],
  ])(
    "with apiVersion %p asks for version %s, and every request has an operation id of its own",
    async (apiVersion, version) => {
      const sent = await sentWith({ apiVersion });
      expect(new Set(sent.map(({ headers }) => headers.accept))).toEqual(
        new Set([`application/vnd.vmware.h4-v${version}+json;charset=UTF-8`]),
      );
      const ids = sent.map(({ headers }) => headers["operationid"]);
      for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
      expect(new Set(ids).size).toBe(sent.length);
    },
  );

  test("without the header X-VCAV-Auth is none", async () => {
    await expect(sentWith({}, () => ({ body: {} }))).rejects.toMatchObject({
      message: expect.stringContaining("no header X-VCAV-Auth") as string,
      fault: { faultClass: "malformed", sent: "no" },
    });
  });

  test.each(["not json", "{}", '{"samlToken":"x"}'])(
    "is not asked for with the SSO token %j, which is not shown",
    (token) =>
      withClient(bench({ settings: { login: "ssoToken", token } }), async ({ client, simulator }) => {
        const error = await errorOf(client.reach(never));
        expect(error).toMatchObject({ fault: { faultClass: "login", sent: "no" } });
        expect(error.message).toContain("must be JSON text with samlToken, timestamp, nonce and signature");
        expect(simulator.requests).toHaveLength(0);
      }),
  );

  test.each(["localUser", "ssoCredentials", "vcdCredentials"])(
    "by %s with a wrong password is asked for once",
    (login) =>
      withClient(
        bench({ settings: { login, password: "wr0ng-password" } }),
        async ({ client, simulator }) => {
          for (let time = 0; time < 3; time += 1) {
            const error = await errorOf(client.read(read, never));
            expect(error).toMatchObject({ fault: { faultClass: "login", httpStatus: 401, sent: "no" } });
            expect(error.message).toContain('Check `username` and `password` of endpoint "lab"');
            expect(error.message).not.toContain("wr0ng-password");
          }
          expect(simulator.counts()).toMatchObject({ login: 1, read: 0 });
        },
      ),
  );

  test("is renewed once for many when it has ended", () =>
    withClient(bench(), async ({ client, simulator }) => {
      await client.reach(never);
      simulator.expireSessions();
      await Promise.all(Array.from({ length: 20 }, () => client.read(read, never)));
      expect(simulator.counts().login).toBe(2);
    }));

  test("ends by idleness and by age, which costs one log-in each", () =>
    withClient(bench(), async ({ client, simulator, pass }) => {
      await client.read(read, never);
      pass(hour / 2);
      await client.read(read, never);
      expect(simulator.counts().login).toBe(2);
      // Looked at every 20 minutes, it lives for a day.
      for (let time = 0; time < 71; time += 1) {
        pass(hour / 3);
        await client.read(read, never);
      }
      expect(simulator.counts().login).toBe(2);
      pass(hour / 3);
      await client.read(read, never);
      expect(simulator.counts().login).toBe(3);
    }));

  test("that is refused for ever is a fault of the log-in, after one new one", () =>
    withClient(bench(), async ({ client, simulator }) => {
      simulator.fault({ what: "status", status: 401, match: { operation: "read" }, times: Infinity });
      expect(await errorOf(client.read(read, never))).toMatchObject({
        fault: { faultClass: "login", httpStatus: 401, sent: "no" },
      });
      expect(simulator.counts()).toMatchObject({ login: 2, read: 2 });
    }));

  test("is not blamed for a 403, and the code of a body does not make it one", () =>
    withClient(bench(), async ({ client, simulator }) => {
      for (const [status, error] of [
        [403, "Forbidden"],
        [403, "NotAuthenticated"],
        [400, "Forbidden"],
      ] as const) {
        simulator.fault({ what: "status", status, error, message: "No.", match: { operation: "read" } });
        const thrown = await errorOf(client.read(read, never));
        expect(thrown).toMatchObject({ code: "VMWARE_REQUEST_REFUSED", refusal: { httpStatus: status } });
        expect(thrown.message).toContain(`${error}: No.`);
      }
      expect(simulator.counts().login).toBe(1);
    }));

  test("in a version that the server does not speak says what to set", async () => {
    await expect(sentWith({ apiVersion: "4.7" }, () => ({ status: 406 }))).rejects.toThrow(
      /HTTP 406 and does not speak version 4\.7 of the API: set `apiVersion` of endpoint "lab"/,
    );
  });
});

test("an error names the operation id that was sent, also when no reply came", async () => {
  let isLost = false;
  const requests: Arrived[] = [];
  const answer = (request: Arrived): Answered | Promise<Answered> => {
    requests.push(request);
    if (request.path === "/sessions") return { headers: { "X-VCAV-Auth": "t" } };
    if (isLost) return new Promise(() => undefined);
    return { status: 400, body: { code: "BadUserInput", msg: "Bad {0}.", args: ["thing"] } };
  };
  await withReplies(answer, async ({ url }) => {
    const endpoint = { url, username: "a", password: canary };
    const client = createClient(settingsOf(endpoint, "vcda", { requestTimeoutMs: 300 }));
    const refused = await errorOf(client.read(read, never));
    expect(refused.message).toContain("BadUserInput: Bad thing.");
    expect(refused.message).toContain(`operationID ${String(requests.at(-1)?.headers["operationid"])}`);
    isLost = true;
    const lost = await errorOf(client.read(read, never));
    expect(lost.message).toContain(`operationID ${String(requests.at(-1)?.headers["operationid"])}`);
    // The program's own is kept.
    const own = await errorOf(client.read({ ...read, headers: { OperationId: "mine" } }, never));
    expect(own.message).toContain("operationID mine");
    expect(requests.at(-1)?.headers["operationid"]).toBe("mine");
    await client.close(never);
  });
});
