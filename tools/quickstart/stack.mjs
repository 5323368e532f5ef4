// The quickstart's stack: its state, settings and passphrase live in a folder of the user's cache, none of it in
// the clone, so that a second run finds what the first has done.
import { randomBytes } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder, withCacheLock } from "../setup/cache.mjs";
import { cloneKey } from "../setup/clone.mjs";
import { hermetic } from "../setup/environment.mjs";
import { root } from "../setup/folders.mjs";
import { Problem } from "../setup/problem.mjs";
import { run, runInForeground } from "../setup/processes.mjs";
import { excerpt } from "../setup/steps.mjs";

const STACK = "dev";
const NAME = `quickstart-${cloneKey}`;
const folder = join(cacheFolder(), NAME);
const config = join(folder, `Pulumi.${STACK}.yaml`);
/** There when the last run came to its end. */
const settled = join(folder, "settled");

/** Only one run of this clone may use the stack at a time. */
export function withStackLock(work, note) {
  return withCacheLock(NAME, work, note);
}

export function stackExists() {
  return existsSync(config);
}

/** Whether the stack waits for tasks of a run that was broken off. */
export function isUnsettled() {
  return existsSync(folder) && !existsSync(settled);
}

/** Forgets everything about the stack. */
export function forgetStack() {
  rmSync(folder, { recursive: true, force: true });
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @param {Record<string, { product: string, url: string, username: string, password: string }>} endpoints
 */
export async function openStack(env, endpoints) {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const own = hermetic(env, { folder, passphrase: passphrase() });
  // Here, the CLI keeps the stack's settings in our folder; in the clone it would write beside Pulumi.yaml.
  copyFileSync(join(root, "Pulumi.yaml"), join(folder, "Pulumi.yaml"));
  const manage = async (...args) => {
    const { code, output, stdout } = await run("pulumi", [...args, "--non-interactive"], {
      cwd: folder,
      env: own,
    });
    if (code !== 0) throw new Problem(`pulumi ${args.slice(0, 2).join(" ")} failed:\n\n${excerpt(output)}`);
    return stdout;
  };
  if (!stackExists()) await manage("stack", "init", STACK);
  await manage("config", "set-all", "--stack", STACK, "--path", ...settings(endpoints));

  /** Runs the program's folder as the project says, with the CLI's own display on the terminal. */
  const deploy = async (...args) => {
    rmSync(settled, { force: true });
    const plain = ["--yes", "--skip-preview", "--suppress-outputs", "--suppress-permalink=true"];
    const which = ["--stack", STACK, "--config-file", config];
    const code = await runInForeground("pulumi", [...args, ...which, ...plain], { cwd: root, env: own });
    if (code === 0) writeFileSync(settled, "");
    return code;
  };
  return {
    up: () => deploy("up"),
    // Without its program, the CLI would look for the servers where they were at the last `up`.
    destroy: () => deploy("destroy", "--run-program"),
    outputs: async () => JSON.parse(await manage("stack", "output", "--stack", STACK, "--json")),
    /** What the last deployment did: counts by kind, `{ create: 4, same: 1 }`. */
    changes: async () => {
      const history = await manage("stack", "history", "--stack", STACK, "--json", "--page-size", "1");
      const [last] = JSON.parse(history);
      return last?.resourceChanges ?? {};
    },
  };
}

function settings(endpoints) {
  return Object.entries(endpoints).flatMap(([name, endpoint]) =>
    Object.entries(endpoint).flatMap(([key, value]) => [
      key === "password" ? "--secret" : "--plaintext",
      `vmware-tasks:endpoints.${name}.${key}=${value}`,
    ]),
  );
}

function passphrase() {
  const file = join(folder, "passphrase");
  if (!existsSync(file)) writeFileSync(file, randomBytes(24).toString("base64url"), { mode: 0o600 });
  return readFileSync(file, "utf8");
}
