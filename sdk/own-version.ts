import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const name = "pulumi-vmware-tasks";

function versionAt(path: string): string {
  return (JSON.parse(readFileSync(path, "utf8")) as { version: string }).version;
}

let isChecked = false;

/**
 * Makes sure that the provider process will load this very version of the package: it resolves the name from the
 * program's folder, so a copy that is missing there, nested below a library, or of another version is the wrong one.
 *
 * @throws Error in one sentence that says what to do
 */
export function checkOwnVersion(folder: string = process.cwd()): void {
  if (isChecked) return;
  const own = versionAt(createRequire(__filename).resolve(`${name}/package.json`));
  let found: string;
  try {
    found = versionAt(createRequire(join(folder, "index.js")).resolve(`${name}/package.json`));
  } catch {
    throw new Error(
      `${name} ${own} is not installed in the program's own folder (${folder}), where Pulumi's provider process looks for it: ` +
        `run \`npm install ${name}@${own}\` there; a library that uses it must declare it as a peer dependency.`,
    );
  }
  if (found !== own) {
    throw new Error(
      `The program's folder (${folder}) has ${name} ${found}, but the program loads version ${own} from elsewhere: run ` +
        `\`npm install ${name}@${own}\` there; a library that uses it must declare it as a peer dependency.`,
    );
  }
  isChecked = true;
}
