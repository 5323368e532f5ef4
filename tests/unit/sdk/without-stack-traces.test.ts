import { withoutStackTraces } from "../../../sdk/without-stack-traces";

const { stackTraceLimit } = Error;

test("traces are cut while it works, and whole again afterwards", () => {
  const inside = withoutStackTraces(() => new Error("inside").stack);
  expect(inside).not.toMatch(/\n\s+at /);
  expect(Error.stackTraceLimit).toBe(stackTraceLimit);
  expect(new Error("outside").stack).toMatch(/\n\s+at /);
});

test("traces are whole again when it fails", () => {
  expect(() =>
    withoutStackTraces(() => {
      throw new Error("no");
    }),
  ).toThrow("no");
  expect(Error.stackTraceLimit).toBe(stackTraceLimit);
});
