import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadTool } from "./tool";

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

interface Jest {
  countsOf: (file: string, code: number) => Counts;
}

interface Reporter {
  default: new () => { onRunComplete: (contexts: unknown, results: object) => void };
  COUNTS_FILE: string;
}

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "counts-test-"))));
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

test.each([
  ["passed", 0, { passed: 3, failed: 0, skipped: 1 }, { passed: 3, failed: 0, skipped: 1 }],
  ["failed", 1, { passed: 3, failed: 2, skipped: 0 }, { passed: 3, failed: 2, skipped: 0 }],
  [
    "failed for another reason",
    1,
    { passed: 3, failed: 0, skipped: 0 },
    { passed: 3, failed: 1, skipped: 0 },
  ],
  ["crashed", 134, undefined, { passed: 0, failed: 1, skipped: 0 }],
  ["ended without a count", 0, undefined, { passed: 0, failed: 1, skipped: 0 }],
])("a Jest that %s (code %i)", async (_, code, written, expected) => {
  const { countsOf } = await loadTool<Jest>("testing/jest.mjs");
  const file = join(folder, "counts.json");
  if (written) writeFileSync(file, JSON.stringify(written));
  expect(countsOf(file, code)).toEqual(expected);
});

test("a test file that cannot be loaded counts as a failure", async () => {
  const { default: CountsReporter, COUNTS_FILE } = await loadTool<Reporter>("testing/counts-reporter.mjs");
  const { countsOf } = await loadTool<Jest>("testing/jest.mjs");
  const file = join(folder, "counts.json");
  process.env[COUNTS_FILE] = file;
  const results = { numPassedTests: 5, numFailedTests: 1, numRuntimeErrorTestSuites: 1, numPendingTests: 0 };
  new CountsReporter().onRunComplete(undefined, { ...results, numTodoTests: 2 });
  expect(countsOf(file, 1)).toEqual({ passed: 5, failed: 2, skipped: 2 });
});
