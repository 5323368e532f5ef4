// A reporter for Jest that writes down how many tests passed and failed, for the last line of `npm test`.
import { writeFileSync } from "node:fs";

/** Names the file that the counts go to. */
export const COUNTS_FILE = "TEST_COUNTS_FILE";

export default class CountsReporter {
  onRunComplete(_contexts, results) {
    // A file that could not even be loaded has no tests that could fail; it counts as one.
    const counts = {
      passed: results.numPassedTests,
      failed: results.numFailedTests + results.numRuntimeErrorTestSuites,
      skipped: results.numPendingTests + results.numTodoTests,
    };
    writeFileSync(process.env[COUNTS_FILE], JSON.stringify(counts));
  }
}
