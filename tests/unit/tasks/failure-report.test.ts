import fc from "fast-check";

import { createRedactor, renderFailure, type FailureCause } from "../../../provider/tasks";
import { runs } from "../../support/properties";

const cause: FailureCause = {
  path: ["Create domain", "Deploy vCenter", "Validate"],
  code: "DNS_FAILED",
  message: "vc.example.com cannot be resolved.",
  remediation: "Add a record.",
  reference: "XYZ789",
};

test("tells the headline, the first cause with the way to it, and what comes next", () => {
  expect(
    renderFailure({ headline: 'Operation "d" failed', causes: [cause], next: ["Next."] }).split("\n"),
  ).toEqual([
    'Operation "d" failed',
    "  at Create domain › Deploy vCenter › Validate",
    "  DNS_FAILED: vc.example.com cannot be resolved.",
    "  what to do: Add a record.",
    "  reference: XYZ789",
    "Next.",
  ]);
});

test("tells the way to several causes once, and another way anew", () => {
  const causes = [
    { path: ["A"], message: "one" },
    { path: ["A"], message: "two" },
    { path: ["A", "B"], message: "three" },
    { path: ["A"], message: "four" },
  ];
  expect(renderFailure({ headline: "It failed", causes, next: [] }).split("\n")).toEqual([
    "It failed",
    "  at A",
    "  one",
    "  two",
    "  at A › B",
    "  three",
    "  at A",
    "  four",
  ]);
});

test("says so when the server gives no reason", () => {
  expect(renderFailure({ headline: "It failed", causes: [], next: [] })).toBe(
    "It failed\n  The server gives no reason.",
  );
});

test("with very many causes stays short and says where the others are", () => {
  const causes = Array.from({ length: 500 }, (_, index) => ({ ...cause, message: `cause ${index + 1}` }));
  const lines = renderFailure({ headline: "It failed", causes, next: ["Next."] }).split("\n");
  expect(lines.length).toBeLessThanOrEqual(40);
  expect(lines.slice(0, 5).join()).toContain("cause 1");
  expect(lines.at(-2)).toContain("more causes are in the output `task`");
  expect(lines.at(-1)).toBe("Next.");
});

test("shows no part of a secret, wherever a text is cut or made flat", () => {
  const secret = "c4nary  Pass\nword";
  const { text: mask } = createRedactor([secret]);
  fc.assert(
    fc.property(
      fc.nat({ max: 700 }),
      fc.constantFrom("message", "code", "remediation", "reference", "path", "headline", "next"),
      (before, field) => {
        const told = `${"x".repeat(before)}${secret} was not taken.`;
        const one = field === "path" ? { ...cause, path: [told] } : { ...cause, [field]: told };
        const headline = field === "headline" ? told : "It failed";
        const report = renderFailure(
          { headline, causes: [one], next: [field === "next" ? told : "Next."] },
          mask,
        );
        expect(report).not.toMatch(/c4na/);
      },
    ),
    runs(1_000),
  );
});

test("has at most 40 lines and the first cause in the first five, whatever the server says", () => {
  const text = fc.oneof(
    fc.string(),
    fc.string({ minLength: 300, maxLength: 3_000 }),
    fc.constant("a\nb\nc\nd\ne\nf\ng"),
  );
  const anyCause = fc.record(
    {
      path: fc.array(text, { maxLength: 20 }),
      message: text,
      code: text,
      remediation: text,
      reference: text,
    },
    { requiredKeys: ["path", "message"] },
  );
  fc.assert(
    fc.property(
      text,
      fc.array(anyCause, { maxLength: 60 }),
      fc.array(text, { maxLength: 60 }),
      (headline, causes, next) => {
        const first = { path: ["way"], message: "the first cause" };
        const lines = renderFailure({ headline, causes: [first, ...causes], next }).split("\n");
        expect(lines.length).toBeLessThanOrEqual(40);
        expect(lines.slice(0, 5).join("\n")).toContain("the first cause");
      },
    ),
    runs(100),
  );
});
