import { gunzipSync } from "node:zlib";

import { signHeader } from "../../../provider/clients/vapi/saml";
import { errorOf, never, withClient, type ClientBenchOptions } from "../../support/with-simulator";

const assertion = '<saml2:Assertion ID="_1">\n  <saml2:Subject>deploy</saml2:Subject>\n</saml2:Assertion>';

const bench = (settings: ClientBenchOptions["settings"]): ClientBenchOptions => ({
  product: "vcenter",
  settings: { login: "saml", username: undefined, password: undefined, ...settings },
  simulate: { samlAssertion: assertion },
});

test("the header holds the assertion, packed, to the last space", () => {
  const [, token = ""] = /^SIGN token="([A-Za-z0-9+/=]+)"$/.exec(signHeader(assertion)) ?? [];
  expect(gunzipSync(Buffer.from(token, "base64")).toString()).toBe(assertion);
});

test.each<[string, ClientBenchOptions["settings"]]>([
  ["a token", { token: assertion }],
  ["the whole output of a command", { tokenCommand: `printf '%s\\n' '${assertion}'` }],
  ["a token, by /rest", { token: assertion, api: "rest" }],
])("logs in with %s, and logs out", (_title, settings) =>
  withClient(bench(settings), async ({ client, simulator }) => {
    await client.reach(never);
    expect(await client.list({ services: ["com.vmware.vcenter.VM"] }, never)).toEqual([]);
    await client.close(never);
    expect(simulator.requests.map(({ operation }) => operation)).toEqual(["login", "list", "logout"]);
  }),
);

test("logs in anew when the session has ended", () =>
  withClient(bench({ token: assertion }), async ({ client, simulator }) => {
    await client.reach(never);
    simulator.expireSessions();
    await client.list({ services: ["com.vmware.vcenter.VM"] }, never);
    expect(simulator.counts().login).toBe(2);
  }));

test("says what to check when the assertion is not taken, once, and shows none of it", () =>
  withClient(bench({ token: "<Assertion>old-secret</Assertion>" }), async ({ client, simulator }) => {
    for (let round = 0; round < 2; round += 1) {
      const error = await errorOf(client.reach(never));
      expect(error).toMatchObject({ fault: { faultClass: "login", httpStatus: 401 } });
      expect(error.message).toContain("The server offers: Basic realm=");
      expect(error.message).toContain("Check `token`");
      expect(error.message).not.toContain("old-secret");
      expect(error.message).not.toContain("H4sI");
    }
    expect(simulator.counts().login).toBe(1);
  }));
