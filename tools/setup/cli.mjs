// Finds the Pulumi CLI: on PATH, in the cache, by Pulumi's own npm package, or built from source with Go.
import { dirname, join } from "node:path";
import { buildWithGo, findBuiltWithGo } from "./cli-from-go.mjs";
import { downloadWithNpm, findDownloadedWithNpm } from "./cli-from-npm.mjs";
import { allOnPath, isExecutable, pathWith } from "./executables.mjs";
import { Problem } from "./problem.mjs";
import { run } from "./processes.mjs";
import { isAtLeast, OLDEST_GO, OLDEST_PULUMI } from "./versions.mjs";

/** @typedef {{ version: string, folder: string, from: string }} Cli */

/** What the CLI needs beside itself, or on PATH, to run Node programs and dynamic providers. */
const COMPANIONS = ["pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs"];

/**
 * @param {NodeJS.ProcessEnv} env its PATH begins with the Node that is used
 * @returns {Promise<Cli>}
 */
export async function findCli(env) {
  const reasons = [];
  /** Each answers a folder, or the reason why it has none. */
  const ways = [
    () => findOnPath(env),
    () => ({ folder: findDownloadedWithNpm(), from: "in the cache" }),
    () => ({ folder: findBuiltWithGo(), from: "in the cache, built from source" }),
    async () => ({ ...(await downloadWithNpm(env)), from: "downloaded" }),
    async () => ({ ...(await buildWithGo(env)), from: "built from source" }),
  ];
  for (const way of ways) {
    const { folder, from, reason } = await way();
    const version = folder && (await versionOf(folder, env));
    if (version) return { version, folder, from };
    if (reason) reasons.push(reason);
    else if (folder)
      reasons.push(`the one in ${folder} does not run; if that is the cache, remove the folder`);
  }
  throw new Problem(`The Pulumi CLI is needed, and could not be had:

${reasons.map((reason) => `  - ${reason.replaceAll("\n", "\n    ")}`).join("\n")}

Do one of these, then run the same command again:

  - install the Pulumi CLI ${OLDEST_PULUMI} or later: https://www.pulumi.com/docs/install/
  - install Go ${OLDEST_GO} or later: https://go.dev/doc/install
    (then the CLI is built from source by itself, once, in about 8 minutes)`);
}

async function findOnPath(env) {
  const [found] = allOnPath("pulumi", env.PATH);
  if (!found) return { reason: "there is no `pulumi` on PATH" };
  const folder = dirname(found);
  const missing = COMPANIONS.filter((name) => allOnPath(name, pathWith([folder], env.PATH)).length === 0);
  if (missing.length > 0) return { reason: `${found} comes without ${missing.join(" and ")}` };
  const version = await versionOf(folder, env);
  if (version && !isAtLeast(version, OLDEST_PULUMI))
    return { reason: `${found} is ${version}, which is too old` };
  return { folder, from: "on PATH" };
}

async function versionOf(folder, env) {
  if (!isExecutable(join(folder, "pulumi"))) return undefined;
  const quiet = { ...env, PULUMI_SKIP_UPDATE_CHECK: "true" };
  const { code, stdout } = await run(join(folder, "pulumi"), ["version"], { env: quiet, timeoutMs: 30_000 });
  return code === 0 ? stdout.trim().replace(/^v/, "") : undefined;
}
