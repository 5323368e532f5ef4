import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const root = resolve(__dirname, "../../..");
const typedoc = join(root, "node_modules/typedoc/bin/typedoc");

function filesBelow(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
  return Object.fromEntries(
    names
      .filter((name) => statSync(join(folder, name)).isFile())
      .map((name) => [name, readFileSync(join(folder, name), "utf8")]),
  );
}

// A public export without a comment, or a broken link in one, is an error of the tool, and so of this test.
test("docs/reference is what the sources say; `npm run docs` writes it", () => {
  const folder = mkdtempSync(join(tmpdir(), "vmware-tasks-reference-"));
  try {
    execFileSync(process.execPath, [typedoc, "--out", folder], { cwd: root, stdio: "pipe" });
    expect(filesBelow(join(root, "docs/reference"))).toEqual(filesBelow(folder));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
