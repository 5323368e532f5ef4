import fc from "fast-check";

import { createRedactor, isSecretName, secretsIn, withoutSecretFields } from "../../../provider/tasks";
import { runs } from "../../support/properties";

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
  "X-VCAV-Auth",
  "On-Prem-Auth",
  "Proxy-Authorization",
  "vcdCookie",
  "passwords",
  "adminPwd",
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

test("secrets are found in texts that are JSON, and in the query of a path", () => {
  const value = {
    path: "/v1/x?password=a%2Bb&id=1",
    spec: JSON.stringify({ user: "ann", list: [{ password: "one" }] }),
    note: "{not JSON} password=two",
  };
  expect(secretsIn(value)).toEqual(["a+b", "a%2Bb", "one"]);
});

test("secret fields of texts that are JSON are masked, and other texts stay as they are", () => {
  const plain = '{ "user":  "ann" }';
  expect(withoutSecretFields([plain, '{"password":"one","user":"ann"}', "[x"])).toEqual([
    plain,
    '{"password":"[secret]","user":"ann"}',
    "[x",
  ]);
});

test("secret parameters of paths are masked, and other texts stay as they are", () => {
  const other = "ask /v1/x?password=one";
  expect(
    withoutSecretFields([
      "/v1/x?password=a%2Bb&id=1&refresh%54oken=x==&flag&secret=",
      { deep: '{"path":"/v1/x?id=1&password=one"}' },
      "/v1/x?id=1&user=%zz",
      other,
    ]),
  ).toEqual([
    "/v1/x?password=[secret]&id=1&refresh%54oken=[secret]&flag&secret=[secret]",
    { deep: '{"path":"/v1/x?id=1&password=[secret]"}' },
    "/v1/x?id=1&user=%zz",
    other,
  ]);
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
    ["in a page", "<b>p&quot;a\\ss w/ö+d&amp;1</b>", "<b>[secret]</b>"],
    ["in base64", `Basic ${Buffer.from(secret).toString("base64")}.`, "Basic [secret]."],
    ["in base64 for URLs", Buffer.from(secret).toString("base64url"), "[secret]"],
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

  test("finds a secret in whatever it is put into, however deep", () => {
    const page = (text: string): string =>
      text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&#34;");
    const wraps = [JSON.stringify, encodeURIComponent, page, (text: string) => `${text}\n`];
    const odd = fc.string({
      unit: fc.constantFrom(
        "a",
        "\\",
        '"',
        "&",
        "<",
        ">",
        "'",
        "%",
        "+",
        " ",
        "=",
        ";",
        "/",
        "ö",
        "\n",
        "2",
        "F",
        "n",
        "中",
      ),
    });
    fc.assert(
      fc.property(odd, odd, fc.array(fc.constantFrom(...wraps), { maxLength: 3 }), (one, two, chosen) => {
        const kept = "LETTERSOFTHESECRET";
        const { text: redact } = createRedactor([one + kept + two]);
        const shown = chosen.reduce((text, wrap) => wrap(text), `before.${one}${kept}${two}.after`);
        const masked = redact(shown);
        expect(masked).toMatch(/before.*\[secret\].*after/s);
        expect(masked).not.toContain("LETTERSOF");
      }),
      runs(100),
    );
  });

  describe("of a secret that was cut", () => {
    const { text } = createRedactor(["abcdefgh-ijklmnop"]);

    test.each([
      ["at its end", "it is abcdefgh-ijk", "it is [secret]"],
      ["at its end, before more", "it is abcdefgh-ijkl… and", "it is [secret]… and"],
      ["at its beginning", "…bcdefgh-ijklmnop is it", "…[secret] is it"],
      ["twice", "fgh-ijklmnop abcdefgh-", "[secret] [secret]"],
    ])("leaves nothing of more than its half, %s", (_title, given, expected) => {
      expect(text(given)).toBe(expected);
    });

    test.each(["abcdefgh-other", "otherfgh-ijklmnop", "abcdefgh", "ijklmnop", "abcdefgh-12"])(
      "leaves %s alone: it is another word, or no more than a half",
      (given) => {
        expect(text(given)).toBe(given);
      },
    );
  });

  test("masks what becomes known later", () => {
    const later = new Set<string>();
    const { text } = createRedactor(["hunter22"], later);
    expect(text("hunter22 token-of-1")).toBe("[secret] token-of-1");
    later.add("token-of-1");
    expect(text("hunter22 token-of-1")).toBe("[secret] [secret]");
  });

  test("leaves its mark alone when a text passes twice", () => {
    const { text } = createRedactor(["secret"]);
    expect(text(text("a secret"))).toBe("a [secret]");
  });

  test("is not slowed down by the number of marks in a text", () => {
    const { text } = createRedactor(["secret"]);
    const marked = "[secret] ".repeat(200_000);
    const since = performance.now();
    expect(text(marked) === marked).toBe(true);
    // A fraction of a second, where each mark is looked at once; most of a minute, where it is held against all others.
    expect(performance.now() - since).toBeLessThan(5_000);
  });

  test("masks every text of a value", () => {
    expect(createRedactor(["abcd"]).texts({ a: ["xabcd", 1], b: null })).toEqual({
      a: ["x[secret]", 1],
      b: null,
    });
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
      runs(100),
    );
  });
});

test.each(["\\\\\\\\", "++++", "%20%20%20%20"])(
  "a secret of escapes alone, such as %j, masks nothing",
  (secret) => {
    const text = "The server says no, at \\\\host\\share + 1.";
    expect(createRedactor([secret]).text(text)).toBe(text);
  },
);

test("a secret is masked also where it is short without its escapes", () => {
  const secret = "Ab\\9xyzQ";
  expect(createRedactor([secret]).value([`sent ${secret}`])).toEqual(["sent [secret]"]);
});
