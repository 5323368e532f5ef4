// Installs what package-lock.json says, unless it is installed. npm itself records what it has installed, when it
// has installed all of it; so an interrupted installation is done again, and one made by hand is recognised.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { withCloneLock } from "./clone.mjs";
import { root } from "./folders.mjs";
import { installLocked } from "./npm.mjs";
import { Problem } from "./problem.mjs";
import { excerpt, step } from "./steps.mjs";

/** @param {NodeJS.ProcessEnv} env for npm; its PATH begins with the Node that is used */
export async function installDependencies(env) {
  if (areInstalled()) return;
  await step("Installing the dependencies (about a minute)", (note) =>
    withCloneLock(async (lock) => {
      if (areInstalled()) return;
      const { code, output } = await installLocked(root, env, lock.alsoHeldBy);
      if (code !== 0) throw new Problem(`npm could not install the dependencies:\n\n${excerpt(output)}`);
    }, note),
  );
}

function areInstalled() {
  const wanted = packagesOf(join(root, "package-lock.json"));
  const installed = packagesOf(join(root, "node_modules", ".package-lock.json"));
  return wanted !== undefined && installed !== undefined && covers(installed, wanted);
}

/**
 * Whether everything that a lock file wants is among what npm has recorded as installed.
 *
 * @param {Record<string, object>} installed
 * @param {Record<string, object>} wanted
 */
export function covers(installed, wanted) {
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === "") return true;
    const have = installed[path];
    // Optional packages are for other machines, or could not be built on this one.
    if (!have) return entry.optional === true || entry.devOptional === true;
    return have.version === entry.version && have.integrity === entry.integrity && have.link === entry.link;
  });
}

function packagesOf(lockFile) {
  try {
    return JSON.parse(readFileSync(lockFile, "utf8")).packages;
  } catch {
    return undefined;
  }
}
