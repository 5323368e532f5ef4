import { chmodSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadTool, runProgram } from "./tool";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "set-up-test-"))));
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

interface Versions {
  isAtLeast: (version: string, oldest: string) => boolean;
  OLDEST_NODE: string;
  PULUMI_GO_VERSION: string;
  LANGUAGE_HOST_GO_VERSION: string;
  OLDEST_GO: string;
}

describe("versions", () => {
  test.each([
    ["22.12.0", "22.12.0", true],
    ["22.9.0", "22.12.0", false],
    ["v24.0.1", "22.12.0", true],
    ["20.20.2", "22.12.0", false],
    ["go1.26.8", "1.25.11", true],
    ["go1.25", "1.25.11", false],
    ["v3.259.0-alpha.1+dirty", "3.259.0", true],
    ["3.26.0", "3.259.0", false],
  ])("%s is at least %s: %s", async (version, oldest, expected) => {
    const { isAtLeast } = await loadTool<Versions>("setup/versions.mjs");
    expect(isAtLeast(version, oldest)).toBe(expected);
  });

  test("are read from the Go modules, and Node's is the one that package.json asks for", async () => {
    const versions = await loadTool<Versions>("setup/versions.mjs");
    for (const version of [
      versions.PULUMI_GO_VERSION,
      versions.LANGUAGE_HOST_GO_VERSION,
      versions.OLDEST_GO,
    ]) {
      expect(version).toMatch(/^\d+\.\d+\.\d+$/);
    }
    const manifest = JSON.parse(readFileSync(join(__dirname, "../../../package.json"), "utf8")) as {
      engines: { node: string };
    };
    expect(`${manifest.engines.node}.0`).toBe(`>=${versions.OLDEST_NODE}`);
  });
});

interface Environment {
  environmentWith: (tools: object, env: NodeJS.ProcessEnv) => NodeJS.ProcessEnv;
  hermetic: (env: NodeJS.ProcessEnv, options: { folder: string; passphrase: string }) => NodeJS.ProcessEnv;
}

describe("the environment of commands", () => {
  test("has the found Node and CLI first on PATH", async () => {
    const { environmentWith } = await loadTool<Environment>("setup/environment.mjs");
    const node = { path: "/n/node", folder: "/n" };
    const env = environmentWith({ node, cli: { folder: "/p" } }, { PATH: "/usr/bin:/n:/bin" });
    expect(env["PATH"]).toBe("/p:/n:/usr/bin:/bin");
  });

  test("knows nothing of a person's account, settings and real servers", async () => {
    const { hermetic } = await loadTool<Environment>("setup/environment.mjs");
    const personal = {
      LANG: "C",
      PULUMI_ACCESS_TOKEN: "pul-1",
      PULUMI_CONFIG_PASSPHRASE_FILE: "/f",
      VMWARE_TASKS_ENDPOINTS: "{}",
      VMWARE_TASKS_VCENTER_PASSWORD: "p",
      NO_PROXY: ".corp",
    };
    const env = hermetic(personal, { folder, passphrase: "secret" });
    for (const name of Object.keys(personal).filter((key) => /^(PULUMI|VMWARE)/.test(key))) {
      expect(env).not.toHaveProperty(name);
    }
    expect(env).toMatchObject({
      LANG: "C",
      PULUMI_BACKEND_URL: `file://${folder}/state`,
      PULUMI_CONFIG_PASSPHRASE: "secret",
      NO_PROXY: "127.0.0.1,localhost,.corp",
    });
  });
});

interface Dependencies {
  covers: (installed: Record<string, object>, wanted: Record<string, object>) => boolean;
}

test.each([
  ["the same", { a: { version: "1" } }, true],
  ["more", { a: { version: "1" }, b: { version: "1" } }, true],
  ["another version", { a: { version: "2" } }, false],
  ["nothing", {}, false],
])("dependencies are installed when npm has recorded %s: %s", async (_, installed, expected) => {
  const { covers } = await loadTool<Dependencies>("setup/dependencies.mjs");
  const wanted = { "": { name: "root" }, a: { version: "1" }, other: { version: "1", optional: true } };
  expect(covers(installed, wanted)).toBe(expected);
});

describe("the Pulumi CLI", () => {
  const script = (name: string, text: string): void => {
    writeFileSync(join(folder, name), `#!/bin/sh\n${text}\n`);
    chmodSync(join(folder, name), 0o755);
  };
  /** Runs the search where nothing can be found but what the test has put into the folder. */
  const find = async (): Promise<{ code: number | null; stdout: string; stderr: string }> =>
    runProgram(
      `import { command } from "tools/setup/command.mjs";
       import { findCli } from "tools/setup/cli.mjs";
       await command(async () => { console.log(JSON.stringify(await findCli(process.env))); return 0; });`,
      {
        PATH: folder,
        VMWARE_TASKS_CACHE_DIR: join(folder, "cache"),
      },
    ).outcome;

  beforeEach(() => {
    symlinkSync(process.execPath, join(folder, "node"));
    script("npm", "echo no registry >&2; exit 1");
    script("go", 'if [ "$1" = env ]; then echo go1.99.0; else echo no modules >&2; exit 1; fi');
  });

  test("is taken from PATH with its companions", async () => {
    script("pulumi", "echo v3.999.0");
    for (const name of ["pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs"]) script(name, "");
    const { stdout } = await find();
    expect(JSON.parse(stdout)).toEqual({ version: "3.999.0", folder, from: "on PATH" });
  });

  test("is said to be missing in one message that names every way and what to do", async () => {
    script("pulumi", "echo v3.1.0");
    const { code, stderr } = await find();
    expect(code).toBe(1);
    expect(stderr).toContain("comes without pulumi-language-nodejs and pulumi-resource-pulumi-nodejs");
    expect(stderr).toContain("the npm package `pulumi` could not download it: no registry");
    expect(stderr).toContain("no modules");
    expect(stderr).toMatch(/install the Pulumi CLI \d+\.\d+\.\d+ or later/);
    expect(stderr).toMatch(/install Go \d+\.\d+\.\d+ or later/);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  test("is not taken from PATH when it is too old", async () => {
    script("pulumi", "echo v3.1.0");
    for (const name of ["pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs"]) script(name, "");
    expect((await find()).stderr).toContain("is 3.1.0, which is too old");
  });
});
