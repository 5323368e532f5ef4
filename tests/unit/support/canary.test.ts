// The search that all tests with the real CLI rely on must find what it looks for.
import { canaryOf, leaksIn, secretsOf } from "../../support/canary";

const secret = canaryOf("here");
const base64 = (text: string): string => Buffer.from(text).toString("base64");

test.each([
  ["as it is", secret],
  ["in JSON", JSON.stringify({ a: secret })],
  ["in JSON within JSON", JSON.stringify({ a: JSON.stringify({ b: secret }) })],
  ["in JSON as Go writes it", secret.replaceAll("<", "\\u003c").replaceAll("&", "\\u0026")],
  ["in a page of JSON", JSON.stringify(secret).replaceAll("&", "&amp;").replaceAll('"', "&quot;")],
  ["in a URL", `?a=${encodeURIComponent(secret)}`],
  ["in a form", new URLSearchParams({ a: secret }).toString()],
  ["in a page", secret.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")],
  ["in base64", base64(secret)],
  ["in base64 after one letter", base64(`u${secret}`)],
  ["in base64 after two letters", base64(`u:${secret}`)],
  ["in base64 after three letters", base64(`us:${secret}:more`)],
  ["as its first half and one letter", secret.slice(0, secret.length / 2 + 1)],
  ["as its last half and one letter", secret.slice(-secret.length / 2 - 1)],
  ["as a piece of its middle", secret.slice(5, 5 + secret.length / 2 + 1)],
])("a canary is found %s", (_form, shown) => {
  expect(leaksIn(`some text ${shown} and more`, [secret])).toHaveLength(1);
});

test.each(["Basic dXNlcjpwYXNzd29yZA==", "Bearer 0123456789abcdef", "eyJhbGciOiJub25l.eyJzdWIiOiJhbm4i"])(
  "a proof of who asks is found: %s",
  (shown) => {
    expect(leaksIn(`header ${shown}`, [])).toHaveLength(1);
  },
);

test.each(["", "C4nary", "[secret]", "Bearer [secret]", "a Basic text", "Bearer tokens"])(
  "nothing is found in %j",
  (text) => {
    expect(leaksIn(text, [secret])).toEqual([]);
  },
);

test("the secrets of an environment are those of its endpoints and variables", () => {
  const endpoint = {
    username: "somebody",
    password: "password-1",
    headers: { "x-key": "header-value" },
    remoteSites: { b: { token: "token-of-b" } },
  };
  const environment = {
    VMWARE_TASKS_ENDPOINTS: JSON.stringify({ a: endpoint }),
    VMWARE_TASKS_A_PASSWORD: "password-2",
    PULUMI_CONFIG_PASSPHRASE: "engine-test",
  };
  expect(secretsOf(environment)).toEqual(["password-1", "header-value", "token-of-b", "password-2"]);
});
