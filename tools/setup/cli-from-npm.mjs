// Pulumi's own npm package `pulumi` is a small script that downloads the CLI on its first use.
import { readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { cached, findCached, platform } from "./cache.mjs";
import { installInto } from "./npm.mjs";
import { run } from "./processes.mjs";
import { excerpt, say, step } from "./steps.mjs";
import { PULUMI_NPM_VERSION } from "./versions.mjs";

const ENTRY = `pulumi-${PULUMI_NPM_VERSION}-${platform}`;
const LIMIT_MS = 10 * 60_000;

export function findDownloadedWithNpm() {
  return findCached(ENTRY);
}

/** @returns {Promise<{ folder?: string, reason?: string }>} */
export async function downloadWithNpm(env) {
  try {
    const title = `Downloading the Pulumi CLI ${PULUMI_NPM_VERSION} (about 150 MB)`;
    const folder = await step(title, (note) => cached(ENTRY, (into) => download(into, env), note));
    return { folder };
  } catch (error) {
    say(`    ${error.message}`);
    return { reason: `the npm package \`pulumi\` could not download it: ${error.message}` };
  }
}

async function download(folder, env) {
  const [npm, home] = [join(folder, "npm"), join(folder, "home")];
  const installed = await installInto(npm, `pulumi@${PULUMI_NPM_VERSION}`, env);
  if (installed.code !== 0) throw new Error(excerpt(installed.output, { first: 4, last: 0 }));
  // Where a proxy has to be used, Node's own `fetch` does so only when told.
  const versions = { PULUMI_HOME: home, PULUMI_VERSION: PULUMI_NPM_VERSION, NODE_USE_ENV_PROXY: "1" };
  const { code, output } = await run("node", [join(npm, "node_modules", "pulumi", "run.js"), "version"], {
    env: { ...env, ...versions },
    timeoutMs: LIMIT_MS,
  });
  if (code !== 0)
    throw new Error(
      output
        .trim()
        .split("\n")
        .at(-1)
        .replace(/^pulumi: /, ""),
    );
  const bin = join(home, "versions", PULUMI_NPM_VERSION, "bin");
  for (const name of readdirSync(bin)) renameSync(join(bin, name), join(folder, name));
  for (const used of [npm, home]) rmSync(used, { recursive: true });
}
