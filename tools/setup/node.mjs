// Finds a Node that is new enough for the package and for Pulumi's own SDK; what runs this file may be older.
import { renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { cached, findCached, platform } from "./cache.mjs";
import { allOnPath } from "./executables.mjs";
import { installInto } from "./npm.mjs";
import { Problem } from "./problem.mjs";
import { run } from "./processes.mjs";
import { excerpt, step } from "./steps.mjs";
import { isAtLeast, NODE_PACKAGES, OLDEST_NODE } from "./versions.mjs";

/** @typedef {{ version: string, path: string, folder: string, from: string }} Node */

/** @returns {Promise<Node>} */
export async function findNode() {
  if (isAtLeast(process.versions.node, OLDEST_NODE)) {
    return describe(process.execPath, process.versions.node, "the one that runs this");
  }
  for (const path of allOnPath("node")) {
    const version = await versionOf(path);
    if (version && isAtLeast(version, OLDEST_NODE)) return describe(path, version, "on PATH");
  }
  const fetchable = NODE_PACKAGES[platform];
  if (!fetchable) throw tooOld(`and no package with a newer one is known for ${platform}.`);
  const name = `node-${fetchable.version}-${platform}`;
  const folder = findCached(name) ?? (await fetchNode(name, fetchable));
  return describe(join(folder, "node"), fetchable.version, "in the cache");
}

function describe(path, version, from) {
  return { version, path, folder: dirname(path), from };
}

function fetchNode(entry, { name, version }) {
  const title = `Fetching Node ${version}, for this one, ${process.versions.node}, is too old (about 50 MB)`;
  return step(title, (note) =>
    cached(
      entry,
      async (folder) => {
        const npm = join(folder, "npm");
        const { code, output } = await installInto(npm, `${name}@${version}`);
        if (code !== 0) throw tooOld(`and npm could not fetch another:\n\n${excerpt(output)}`);
        const node = join(folder, "node");
        renameSync(join(npm, "node_modules", name, "bin", "node"), node);
        rmSync(npm, { recursive: true });
        if (!(await versionOf(node)))
          throw tooOld("and the one that npm fetched does not run on this system.");
      },
      note,
    ),
  );
}

async function versionOf(path) {
  const { code, stdout } = await run(path, ["--version"], { timeoutMs: 20_000 });
  return code === 0 ? stdout.trim().replace(/^v/, "") : undefined;
}

function tooOld(why) {
  return new Problem(
    `Node ${OLDEST_NODE} or later is needed. This one is ${process.versions.node}, ${why}\n\n` +
      "Install a newer Node (nodejs.org, or your version manager) and run the same command again.",
  );
}
