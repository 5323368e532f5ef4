// npm test: sets up what is missing, then checks types, style and format and runs every test but the slow fault matrices.
// The last line is always "N passed, N failed".
//
//   npm run test:faults                    the fault matrices alone
//   npm test -- --all                      everything, as continuous integration does
//
// Other arguments go to Jest, and then the checks are left out:
//
//   npm test -- --selectProjects unit
//   npm test -- tests/unit/watcher
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { command, report } from "./setup/command.mjs";
import { hermetic } from "./setup/environment.mjs";
import { prepare } from "./setup/prepare.mjs";
import { atEnd } from "./setup/processes.mjs";
import { duration, say } from "./setup/steps.mjs";
import { runChecks } from "./testing/checks.mjs";
import { runJest } from "./testing/jest.mjs";

await command(async (args) => {
  const stages = [];
  /** Runs a stage; one that throws has failed, and nothing comes after it. */
  const timed = async (name, stage) => {
    const began = performance.now();
    try {
      const { result, ...counts } = await stage();
      stages.push({ name, ...counts, ms: performance.now() - began });
      return result;
    } catch (error) {
      stages.push({ name, passed: 0, failed: 1, ms: performance.now() - began });
      throw error;
    }
  };
  try {
    const env = await timed("set-up", () => setUp(args));
    for (const stage of stagesOf(args)) await timed(stage.name, () => stage.run(env));
  } catch (error) {
    report(error);
  }
  summarize(stages);
  return stages.some(({ failed }) => failed > 0) ? 1 : 0;
});

/** What the arguments ask for, in order. */
function stagesOf(args) {
  const checks = { name: "checks", run: runChecks };
  const tests = { name: "tests", run: (env) => runJest(["--ignoreProjects", "faults"], env) };
  const faults = { name: "faults", run: (env) => runJest(["--selectProjects", "faults"], env) };
  if (args.length === 0) return [checks, tests];
  if (args.join() === "--all") return [checks, tests, faults];
  if (args.join() === "--faults") return [faults];
  return [{ ...tests, run: (env) => runJest(args, env) }];
}

async function setUp(args) {
  const env = await prepare({ withCli: needsCli(args) });
  const folder = mkdtempSync(join(tmpdir(), "vmware-tasks-"));
  atEnd(() => rmSync(folder, { recursive: true, force: true }));
  return { result: hermetic(env, { folder, passphrase: "test" }), passed: 0, failed: 0 };
}

/** Only some tests drive the Pulumi CLI, and getting it may take minutes. */
function needsCli(args) {
  return !args.includes("--selectProjects") || args.includes("engine") || args.includes("faults");
}

function summarize(stages) {
  say();
  for (const { name, ms, passed, failed, skipped } of stages) {
    const counts = [`${passed} passed`, `${failed} failed`, skipped && `${skipped} skipped`]
      .filter(Boolean)
      .join(", ");
    say(`  ${name.padEnd(8)}${duration(ms).padEnd(14)}${passed + failed > 0 ? counts : ""}`);
  }
  const sum = (key) => stages.reduce((total, stage) => total + stage[key], 0);
  say();
  say(`${sum("passed")} passed, ${sum("failed")} failed`);
}
