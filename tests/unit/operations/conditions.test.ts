import { unmet, type Condition } from "../../../provider/operations/conditions";
import { createRedactor } from "../../../provider/tasks";

const showing = { redactor: createRedactor([]) };

const subject = {
  status: "SUCCEEDED",
  count: 3,
  none: null,
  list: [{ id: "a" }, { id: "b" }],
  nested: { object: { x: 1, y: [2] } },
};

test.each<[Condition, boolean]>([
  [{ path: "status", equals: "SUCCEEDED" }, true],
  [{ path: "status", equals: "succeeded" }, false],
  [{ path: "count", equals: 3 }, true],
  [{ path: "count", equals: "3" }, false],
  [{ path: "none", equals: null }, true],
  [{ path: "list[1].id", equals: "b" }, true],
  [{ path: "nested.object", equals: { y: [2], x: 1 } }, true],
  [{ path: "status", in: ["FAILED", "SUCCEEDED"] }, true],
  [{ path: "status", in: [] }, false],
  [{ path: "status", matches: "^SUCC" }, true],
  [{ path: "count", matches: "^3$" }, true],
  [{ path: "list", matches: "a" }, false],
  [{ path: "missing.deep", matches: ".*" }, false],
  [{ path: "status", matches: "^SUCC", in: ["FAILED"] }, false],
])("%j is met: %s", (condition, isMet) => {
  expect(unmet([condition], subject, showing)).toHaveLength(isMet ? 0 : 1);
});

test("tells what is and what should be", () => {
  expect(
    unmet(
      [
        { path: "count", in: [1, 2] },
        { path: "nested.missing", equals: "x" },
      ],
      subject,
      showing,
    ),
  ).toEqual(["`count` is 3 but should be one of [1,2]", '`nested.missing` is nothing but should equal "x"']);
});

test("does not fill the screen with a big value", () => {
  const [text = ""] = unmet([{ path: "big", equals: 1 }], { big: "x".repeat(10_000) }, showing);
  expect(text.length).toBeLessThan(200);
});

test.each([undefined, null, "text", 7])("nothing is met by %p", (nothing) => {
  expect(unmet([{ path: "status", equals: "SUCCEEDED" }], nothing, showing)).toHaveLength(1);
});

test("no part of a secret is told, however long it is", () => {
  const secret = "s3cret-".repeat(100);
  const told = unmet(
    [{ path: "a", equals: secret }],
    { a: `x${secret}` },
    { redactor: createRedactor([secret]) },
  );
  expect(told).toEqual(['`a` is "x[secret]" but should equal "[secret]"']);
});

test("what the program calls sensitive is not shown", () => {
  const told = unmet([{ path: "a", equals: "one" }], { a: "two" }, { ...showing, isSensitive: true });
  expect(told).toEqual(['`a` is another, sensitive value but should equal "one"']);
});

describe("shows no field whose name is that of a secret", () => {
  const credentials = { elements: [{ username: "root", password: "old-canary" }] };

  test.each([
    ["at the path itself", "elements[0].password"],
    ["within what is there", "elements[0]"],
    ["around the path", "elements[0].password.missing"],
  ])("%s", (_title, path) => {
    const [text = ""] = unmet([{ path, equals: "new" }], credentials, showing);
    expect(text).toContain(`\`${path}\` is `);
    expect(text).not.toContain("canary");
  });

  test("in what is wished", () => {
    const [text] = unmet([{ path: "x", equals: { password: "new-canary" } }], {}, showing);
    expect(text).not.toContain("canary");
  });
});
