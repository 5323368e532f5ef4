// docs/performance.md: the figures of a program stand between two comments that name it.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";
import { root } from "../../setup/folders.mjs";

const page = join(root, "docs", "performance.md");

/** When and where, as every figure needs it. */
function setting(node) {
  const { version } = createRequire(join(root, "index.js"))("@pulumi/pulumi/package.json");
  const [{ model }] = cpus();
  const machine = `${cpus().length} cores (${model.trim()}), ${Math.round(totalmem() / 2 ** 30)} GiB`;
  const date = new Date().toISOString().slice(0, 10);
  return `${date}, ${machine}, Node ${node}, @pulumi/pulumi ${version}.`;
}

/**
 * The page with other figures of one program.
 *
 * @param {string} text
 * @param {string} program
 * @param {string} content
 */
export function replaced(text, program, content) {
  const begin = `<!-- bench ${program} -->`;
  const end = `<!-- /bench ${program} -->`;
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  if (from < 0 || to < from) throw new Error(`${page} has no place for ${program}: ${begin} and ${end}.`);
  return `${text.slice(0, from + begin.length)}\n\n${content}\n\n${text.slice(to)}`;
}

/**
 * @param {string} program
 * @param {string} figures - Markdown
 * @param {string} node - the version that ran the program
 */
export async function writeReport(program, figures, node) {
  // Installed by set-up, which runs after this file is loaded.
  const { format, resolveConfig } = await import("prettier");
  const written = replaced(readFileSync(page, "utf8"), program, `${setting(node)}\n\n${figures}`);
  writeFileSync(page, await format(written, { ...(await resolveConfig(page)), filepath: page }));
}
