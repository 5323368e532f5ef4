import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { run } from "./processes.mjs";

const QUIET = ["--no-audit", "--no-fund", "--loglevel=error"];

// Install scripts of packages that are no dependencies do not run: they may be forbidden.
const APART = ["--no-package-lock", "--ignore-scripts", ...QUIET];

/** Installs one package into a folder of its own. */
export function installInto(folder, packageSpec, env = process.env) {
  mkdirSync(folder, { recursive: true });
  const flags = ["--prefix", folder, "--no-save", ...APART];
  return run("npm", ["install", ...flags, packageSpec], { cwd: folder, env });
}

/** Installs what a package.json lists into another folder, which is there already. */
export function installListed(packageJson, folder, env = process.env) {
  copyFileSync(packageJson, join(folder, "package.json"));
  return run("npm", ["install", ...APART], { cwd: folder, env });
}

/** Installs what the lock file of a folder says. Development dependencies too: they hold the compiler. */
export function installLocked(folder, env, started) {
  const flags = ["--include=dev", "--include=optional", ...QUIET];
  return run("npm", ["ci", ...flags], { cwd: folder, env, started });
}
