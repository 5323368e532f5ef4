// All of set-up, in order. Each part does nothing when there is nothing to do.
import { build } from "./build.mjs";
import { cacheFolder } from "./cache.mjs";
import { findCli } from "./cli.mjs";
import { installDependencies } from "./dependencies.mjs";
import { environmentWith } from "./environment.mjs";
import { findNode } from "./node.mjs";
import { say } from "./steps.mjs";

/**
 * @param {{ withCli?: boolean }} [options]
 * @returns {Promise<NodeJS.ProcessEnv>} what commands are to run in: the right `node` and `pulumi` come first on PATH
 */
export async function prepare({ withCli = true } = {}) {
  say("Set-up");
  const node = await findNode();
  const env = environmentWith({ node });
  await installDependencies(env);
  const cli = withCli ? await findCli(env) : undefined;
  await build(env);
  const parts = [`Node ${node.version} (${node.from})`, cli && `Pulumi ${cli.version} (${cli.from})`];
  say(`  ✓ ${parts.filter(Boolean).join(", ")}`);
  if ([node, cli].some((tool) => tool?.from.includes("cache"))) say(`    the cache is ${cacheFolder()}`);
  say();
  return environmentWith({ node, cli });
}
