import { execFileSync, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import type { Stack } from "../support/stack";
import { withStack } from "../support/with-stack";

jest.setTimeout(600_000);

const root = resolve(__dirname, "../..");
let packed = "";

beforeAll(() => {
  packed = mkdtempSync(join(tmpdir(), "vmware-tasks-pack-"));
  // The build is there already: scripts of the package are not part of this.
  execFileSync("npm", ["pack", "--ignore-scripts", "--pack-destination", packed], {
    cwd: root,
    stdio: "pipe",
  });
});

afterAll(() => rmSync(packed, { recursive: true, force: true }));

const tarball = (): string => join(packed, readdirSync(packed).find((name) => name.endsWith(".tgz")) ?? "");

/** Puts the package's files into a folder, which is made. */
function unpackInto(target: string): void {
  mkdirSync(target, { recursive: true });
  execFileSync("tar", ["-xzf", tarball(), "--strip-components=1", "-C", target]);
}

/** A folder of dependencies as an installation outside this repository has it; the package goes where it is told. */
function installInto(stack: Stack, place: string): void {
  const modules = join(stack.folder, "node_modules");
  unlinkSync(modules);
  mkdirSync(modules);
  for (const name of readdirSync(join(root, "node_modules"))) {
    if (name !== "pulumi-vmware-tasks" && !name.startsWith("."))
      symlinkSync(join(root, "node_modules", name), join(modules, name));
  }
  unpackInto(join(modules, place));
}

const program = `
  const op = new vmware.Operation("web", {
    endpoint: "vcenter",
    request: { method: "POST", path: "/api/vcenter/vm?action=clone", body: { source: "vm-1", name: "web" } },
  });
  return { status: op.status };`;

it("is small, and holds what it exports", () => {
  expect(statSync(tarball()).size).toBeLessThan(450_000);
  const target = join(packed, "unpacked");
  unpackInto(target);
  expect(readdirSync(target).sort()).toEqual([
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "LICENSE",
    "README.md",
    "dist",
    "docs",
    "examples",
    "package.json",
  ]);
  for (const path of ["sdk/index.js", "sdk/index.d.ts", "provider/index.js", "provider/simulator/index.js"]) {
    expect(existsSync(join(target, "dist", path))).toBe(true);
  }
});

it.each(["pulumi-vmware-tasks", "pulumi-vmware-tasks/provider"])(
  "%s loads neither all of zod, nor what only a request needs, nor the client of any product",
  (entry) => {
    const loaded = execFileSync(
      "node",
      ["-e", `require("${entry}"); console.log(Object.keys(require.cache).join("\\n"))`],
      { cwd: root, encoding: "utf8" },
    );
    expect(loaded).toMatch(/dist.provider.zod\.js$/m);
    expect(loaded).not.toMatch(/node_modules.(?:zod|got|proxy-agent|selfsigned)\b/);
    expect(loaded).not.toMatch(/clients.*-client\.js$/m);
  },
);

it.each(["node10", "node16", "bundler"])(
  "its entries have types for a program with the resolution %s",
  (resolution) => {
    const folder = join(packed, resolution);
    const modules = join(folder, "node_modules");
    unpackInto(join(modules, "pulumi-vmware-tasks"));
    for (const name of ["@pulumi", "@types", "zod"])
      symlinkSync(join(root, "node_modules", name), join(modules, name));
    writeFileSync(
      join(folder, "index.ts"),
      `import * as vmware from "pulumi-vmware-tasks";
import { startedTask } from "pulumi-vmware-tasks/provider";
import { startSimulator } from "pulumi-vmware-tasks/simulator";
export const url: Promise<string> = startSimulator().then((simulator) => simulator.url);
export const made: typeof vmware.Operation = vmware.Operation;
export const handler: object = startedTask;
`,
    );
    const module = { node10: "commonjs", node16: "node16", bundler: "preserve" }[resolution] ?? "";
    const tsc = join(root, "node_modules/typescript/bin/tsc");
    const given = [
      "--noEmit",
      "--strict",
      "--skipLibCheck",
      "--ignoreDeprecations",
      "6.0",
      "--types",
      "node",
    ];
    const compiled = spawnSync(
      "node",
      [tsc, ...given, "--target", "es2022", "--moduleResolution", resolution, "--module", module, "index.ts"],
      { cwd: folder, encoding: "utf8" },
    );
    expect([compiled.status, compiled.stdout]).toEqual([0, ""]);
  },
);

it("the packed package deploys an operation with plain `pulumi up` in a project outside the repository", async () => {
  await withStack({ program }, async (stack, simulator) => {
    installInto(stack, "pulumi-vmware-tasks");
    const up = await stack.up();
    expect(up.code).toBe(0);
    expect(simulator.starts).toHaveLength(1);
    expect((await stack.destroy()).code).toBe(0);
  });
});

it("a copy nested below a library gives one clear sentence instead of the wrong code", async () => {
  await withStack({}, async (stack) => {
    installInto(stack, "a-library/node_modules/pulumi-vmware-tasks");
    const library = join(stack.folder, "node_modules/a-library");
    // As npm lays it: what a library brings along finds its own dependencies above it.
    writeFileSync(join(library, "index.js"), 'module.exports = require("pulumi-vmware-tasks");');
    writeFileSync(
      join(stack.folder, "index.js"),
      `const vmware = require("a-library");\nmodule.exports = async () => {\n${program}\n};\n`,
    );
    const up = await stack.up();
    expect(up.code).not.toBe(0);
    expect(up.text).toMatch(/pulumi-vmware-tasks \d+\.\d+\.\d+ is not installed in the program's own folder/);
    expect(up.text).toContain("peer dependency");
  });
});
