import fc from "fast-check";

import { createRedactor, isSecretName, secretsIn, withoutSecretFields } from "../../../provider/tasks";

test.each([
  "password",
  "Password",
  "rootPassword",
  "ssoPasswd",
  "passphrase",
  "pass",
  "token",
  "refreshToken",
  "access_token",
  "clientSecret",
  "apiKey",
  "api_key",
  "api-key",
  "privateKey",
  "private_key",
  "credentials",
  "Authorization",
  "vmware-api-session-id",
])("%s is the name of a secret", (name) => {
  expect(isSecretName(name)).toBe(true);
});

test.each(["name", "user", "passed", "tokenCount", "key", "path", "authorizationUrl", "referenceToken"])(
  "%s is not the name of a secret",
  (name) => {
    expect(isSecretName(name)).toBe(false);
  },
);

test("secrets are found at any depth, and everything below a secret name is one", () => {
  const value = {
    user: "ann",
    hosts: [{ password: "one", port: 22 }, { sshCredentials: { key: "two", pin: 1234 } }],
    nothing: null,
    token: undefined,
  };
  expect(secretsIn(value)).toEqual(["one", "two", "1234"]);
});

test("secret fields are masked in a copy, and absent ones stay absent", () => {
  const value = { user: "ann", password: "one", list: [{ token: { id: "two" } }], secret: null };
  expect(withoutSecretFields(value)).toEqual({
    user: "ann",
    password: "[secret]",
    list: [{ token: "[secret]" }],
    secret: null,
  });
  expect(value.password).toBe("one");
});

describe("a redactor", () => {
  const secret = 'p"a\\ss w/ö+d&1';
  const redactor = createRedactor([secret]);

  test.each([
    ["as it is", `it is ${secret}!`, "it is [secret]!"],
    ["twice", `${secret} ${secret}`, "[secret] [secret]"],
    ["in JSON", JSON.stringify({ password: secret }), '{"password":"[secret]"}'],
    ["in a URL", `?p=${encodeURIComponent(secret)}&q=1`, "?p=[secret]&q=1"],
    ["in a form", new URLSearchParams([["p", secret]]).toString(), "p=[secret]"],
  ])("finds a secret %s", (_title, text, expected) => {
    expect(redactor.text(text)).toBe(expected);
  });

  test("masks strings at any depth of data", () => {
    const data = { a: [{ b: `x ${secret}` }], n: 1, z: null };
    expect(redactor.value(data)).toEqual({ a: [{ b: "x [secret]" }], n: 1, z: null });
  });

  test("leaves nothing of a secret that holds another one", () => {
    expect(createRedactor(["hunter", "hunter22"]).text("hunter22")).toBe("[secret]");
  });

  test.each([
    [["abcdef", "defghi"], "xabcdefghix"],
    [["abcdefghi", "cdef"], "xabcdefghix"],
    [["cdef", "abcdefghi"], "xabcdefghix"],
    [["abcabc"], "xabcabcabcx"],
  ])("leaves nothing of secrets that overlap: %j", (secrets, text) => {
    expect(createRedactor(secrets).text(text)).toBe("x[secret]x");
  });

  test("does not mask its own mark", () => {
    expect(createRedactor(["hunter22", "secret"]).text("hunter22 and secret")).toBe("[secret] and [secret]");
  });

  test("leaves short values alone, for they are parts of ordinary words", () => {
    expect(createRedactor(["a", "in", "vc1", ""]).text("a line in vc1")).toBe("a line in vc1");
  });

  test("bears half a character in a secret", () => {
    expect(createRedactor(["secret\ud800value"]).text("a secret\ud800value")).toBe("a [secret]");
  });

  test("lets no secret through, wherever it is and however many there are", () => {
    // Such letters, so that secrets overlap often.
    const word = fc.string({ unit: fc.constantFrom("x", "y", "z"), minLength: 8, maxLength: 12 });
    fc.assert(
      fc.property(
        fc.array(word, { minLength: 1, maxLength: 4 }),
        fc.array(word, { maxLength: 6 }),
        (secrets, more) => {
          const text = [...more, ...secrets].join("");
          const { text: redact, value } = createRedactor(secrets);
          for (const one of secrets) {
            expect(redact(text)).not.toContain(one);
            expect(JSON.stringify(value({ deep: [text] }))).not.toContain(one);
          }
        },
      ),
    );
  });
});
