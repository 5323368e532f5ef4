import fc from "fast-check";

import { formatDuration, parseDuration } from "../../../../provider/operations/arguments";
import { runs } from "../../../support/properties";

test.each([
  ["500ms", 500],
  ["90s", 90_000],
  ["45m", 2_700_000],
  ["2h", 7_200_000],
  ["1d", 86_400_000],
  ["1.5h", 5_400_000],
  [" 2 h ", 7_200_000],
  ["0s", 0],
  ["1h30m", 5_400_000],
  ["1d 2h 3m 4s", 93_784_000],
])("%j is %d ms", (text, expected) => {
  expect(parseDuration(text)).toBe(expected);
});

test.each(["", "90", "m", "-1m", "1w", "1 hour", "1h 30", "1e3s", "Infinity s", "١h", "9".repeat(200) + "s"])(
  "%j is no duration",
  (text) => {
    expect(parseDuration(text)).toBeUndefined();
  },
);

test("any text is a duration or not, and never an error", () => {
  const digits = fc.string({ unit: fc.constantFrom("0", "1", "5", "9", "."), maxLength: 150 });
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.tuple(digits, fc.constantFrom("ms", "s", "m", "h", "d", "x")).map((parts) => parts.join("")),
      ),
      (text) => {
        const parsed = parseDuration(text);
        expect(parsed === undefined || (Number.isFinite(parsed) && parsed >= 0)).toBe(true);
      },
    ),
    runs(100),
  );
});

test.each([
  [0, "0s"],
  [-5, "0s"],
  [499, "0s"],
  [59_499, "59s"],
  [59_600, "1m"],
  [90_000, "1m 30s"],
  [599_000, "9m 59s"],
  [600_000, "10m"],
  [630_000, "10m"],
  [3_600_000, "1h"],
  [4_800_000, "1h 20m"],
  [172_800_000, "48h"],
])("%d ms are shown as %s", (milliseconds, expected) => {
  expect(formatDuration(milliseconds)).toBe(expected);
});
