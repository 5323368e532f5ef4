import { mkdirSync } from "node:fs";
import { run } from "./processes.mjs";

const QUIET = ["--no-audit", "--no-fund", "--loglevel=error"];

/** Installs one package into a folder of its own. Its install scripts do not run: they may be forbidden. */
export function installInto(folder, packageSpec, env = process.env) {
  mkdirSync(folder, { recursive: true });
  const flags = ["--prefix", folder, "--no-save", "--no-package-lock", "--ignore-scripts", ...QUIET];
  return run("npm", ["install", ...flags, packageSpec], { cwd: folder, env });
}

/** Installs what the lock file of a folder says. Development dependencies too: they hold the compiler. */
export function installLocked(folder, env, started) {
  const flags = ["--include=dev", "--include=optional", ...QUIET];
  return run("npm", ["ci", ...flags], { cwd: folder, env, started });
}
