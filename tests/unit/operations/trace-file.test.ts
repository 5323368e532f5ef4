import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { openTrace } from "../../../provider/operations/trace-file";
import { createRedactor, systemClock, type Redactor } from "../../../provider/tasks";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "trace-file-test-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const secret = Array.from({ length: 100 }, (_, index) => `part-${index}-of`).join("-");

/** The body that a trace shows, and the longest text that was searched for secrets meanwhile. */
function shown(body: unknown): { readonly text: string; readonly searched: number } {
  const redactor = createRedactor([secret]);
  let searched = 0;
  const search = (text: string): string => {
    searched = Math.max(searched, text.length);
    return redactor.text(text);
  };
  const watched: Redactor = { ...redactor, text: search };
  const file = join(folder, "trace.jsonl");
  const trace = openTrace(file, systemClock, watched, () => undefined);
  trace.write({ what: "wrong reply", endpoint: "vc", request: "GET /x", problem: "odd", body });
  const line = JSON.parse(readFileSync(file, "utf8").trim().split("\n").at(-1) ?? "") as { body: unknown };
  return { text: line.body as string, searched };
}

/** A text of so many letters in which secrets are all but the beginning. */
const filled = (length: number, beginning: number): string =>
  ("x".repeat(beginning) + secret.repeat(length / secret.length + 1)).slice(0, length);

// Where the search ends, none, a little, half and nearly all of a secret is left over.
test.each([0, 0.1, 0.3, 0.5, 0.9])(
  "a body of megabytes is searched at its beginning, and shows no part of a secret (%p)",
  (part) => {
    const beginning = Math.floor((64_000 - secret.length * part) % secret.length);
    for (const body of [filled(3e6, beginning), { text: filled(3e6, beginning) }]) {
      const { text, searched } = shown(body);
      expect(searched).toBe(64_000);
      expect(text).toMatch(/…$/);
      expect(text).not.toContain("part-");
    }
  },
);

test("a body of megabytes shows its beginning", () => {
  const { text } = shown(`the gateway says no ${secret} ${"x".repeat(3e6)}`);
  expect(text).toMatch(/^the gateway says no \[secret\] x+…$/);
  expect(text).toHaveLength(4_001);
});
