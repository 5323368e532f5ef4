// The commands of the script "check" in package.json; each counts as one test.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { commandStep } from "../setup/command-step.mjs";
import { pathWith } from "../setup/executables.mjs";
import { root } from "../setup/folders.mjs";
import { say } from "../setup/steps.mjs";

/** @returns {Promise<{ passed: number, failed: number }>} */
export async function runChecks(env) {
  const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const withBin = { ...env, PATH: pathWith([join(root, "node_modules", ".bin")], env.PATH) };
  const counts = { passed: 0, failed: 0 };
  say("Checks");
  for (const check of scripts.check.split("&&").map((text) => text.trim())) {
    const passed = (await commandStep(check, "sh", ["-c", check], { cwd: root, env: withBin })) !== undefined;
    counts[passed ? "passed" : "failed"]++;
  }
  say();
  return counts;
}
