// The packages that are compared with, in the cache folder: they are no dependencies of ours.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { cached } from "../../setup/cache.mjs";
import { installListed } from "../../setup/npm.mjs";
import { excerpt } from "../../setup/steps.mjs";

const list = join(import.meta.dirname, "package.json");

const { dependencies } = JSON.parse(readFileSync(list, "utf8"));

/** A contender as tables name it: a peer with its version, anything else as it is. */
export function labelOf(contender) {
  const peer = Object.keys(dependencies).find((name) => name.split("/").at(-1) === contender);
  return peer === undefined ? contender : `${peer} ${dependencies[peer]}`;
}

/** @returns {Promise<string>} the folder in which they can be found */
export function installPeers() {
  const key = createHash("sha256").update(readFileSync(list)).digest("hex").slice(0, 12);
  return cached(
    `bench-live-${key}`,
    async (folder) => {
      const { code, output } = await installListed(list, folder);
      if (code !== 0) throw new Error(`npm could not install what is compared with:\n\n${excerpt(output)}`);
    },
    console.error,
  );
}
