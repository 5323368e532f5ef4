import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root, tools } from "../setup/folders.mjs";
import { run } from "../setup/processes.mjs";
import { say } from "../setup/steps.mjs";
import { COUNTS_FILE } from "./counts-reporter.mjs";

// Some of our dependencies are ES modules only. As arguments these reach Jest's workers, but no program under test.
const NODE_ARGS = ["--experimental-vm-modules", "--disable-warning=ExperimentalWarning"];

/** @returns {Promise<{ passed: number, failed: number, skipped: number }>} */
export async function runJest(args, env) {
  const folder = mkdtempSync(join(tmpdir(), "vmware-tasks-counts-"));
  const file = join(folder, "counts.json");
  const jest = join(root, "node_modules", "jest", "bin", "jest.js");
  const reporters = ["default", join(tools, "testing", "counts-reporter.mjs")].map(
    (name) => `--reporters=${name}`,
  );
  try {
    say("Tests");
    const { code } = await run("node", [...NODE_ARGS, jest, ...args, ...reporters], {
      cwd: root,
      env: { ...env, [COUNTS_FILE]: file },
      show: true,
    });
    return countsOf(file, code);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * A Jest that ended before it could count, or failed although no test did, counts as one failure.
 *
 * @param {string} file what the reporter has written, if it came so far
 * @param {number} code Jest's exit code
 */
export function countsOf(file, code) {
  let counts = { passed: 0, failed: 0, skipped: 0 };
  try {
    counts = JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return { ...counts, failed: 1 };
  }
  return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}
