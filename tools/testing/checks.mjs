// The commands of the script "check" in package.json; each counts as one test.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathWith } from "../setup/executables.mjs";
import { root } from "../setup/folders.mjs";
import { run } from "../setup/processes.mjs";
import { say, step } from "../setup/steps.mjs";

/** @returns {Promise<{ passed: number, failed: number }>} */
export async function runChecks(env) {
  const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const counts = { passed: 0, failed: 0 };
  const withBin = { ...env, PATH: pathWith([join(root, "node_modules", ".bin")], env.PATH) };
  say("Checks");
  for (const check of scripts.check.split("&&").map((text) => text.trim())) {
    try {
      await step(check, async () => {
        const { code, output } = await run("sh", ["-c", check], { cwd: root, env: withBin });
        if (code !== 0) throw new Error(output);
      });
      counts.passed++;
    } catch (error) {
      counts.failed++;
      say(`\n${error.message.trimEnd()}\n`);
    }
  }
  say();
  return counts;
}
