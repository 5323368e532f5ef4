import { withShortStackTraces } from "../../../sdk/with-short-stack-traces";

const { stackTraceLimit } = Error;
const lines = (stack: string | undefined): number => stack?.match(/\n\s+at /g)?.length ?? 0;

test("traces have one line while it works, and are whole again afterwards", () => {
  expect(lines(withShortStackTraces(() => new Error("inside").stack))).toBe(1);
  expect(Error.stackTraceLimit).toBe(stackTraceLimit);
  expect(lines(new Error("outside").stack)).toBeGreaterThan(1);
});

test("traces are whole again when it fails", () => {
  expect(() =>
    withShortStackTraces(() => {
      throw new Error("no");
    }),
  ).toThrow("no");
  expect(Error.stackTraceLimit).toBe(stackTraceLimit);
});
