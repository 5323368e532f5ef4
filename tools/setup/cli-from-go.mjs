// Builds the Pulumi CLI and its Node language host from the Go modules beside this folder.
import { createHash } from "node:crypto";
import { chmodSync, copyFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { cached, findCached, platform } from "./cache.mjs";
import { allOnPath } from "./executables.mjs";
import { root, tools } from "./folders.mjs";
import { run } from "./processes.mjs";
import { excerpt, say, step } from "./steps.mjs";
import { isAtLeast, LANGUAGE_HOST_GO_VERSION, OLDEST_GO, PULUMI_GO_VERSION } from "./versions.mjs";

const PARTS = [
  {
    what: `the Pulumi CLI ${PULUMI_GO_VERSION}`,
    module: "pulumi-cli",
    package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
    version: PULUMI_GO_VERSION,
  },
  {
    what: "its Node language host",
    module: "language-nodejs",
    package: "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs",
    version: LANGUAGE_HOST_GO_VERSION,
  },
];
const ENTRY = `pulumi-${PULUMI_GO_VERSION}-built-${hashOfModules()}-${platform}`;

export function findBuiltWithGo() {
  return findCached(ENTRY);
}

/** @returns {Promise<{ folder?: string, reason?: string }>} */
export async function buildWithGo(env) {
  const { go, reason } = await findGo(env);
  if (!go) return { reason };
  try {
    const title = `Building the Pulumi CLI ${PULUMI_GO_VERSION} from source (about 8 minutes on two cores, only once)`;
    return { folder: await step(title, (note) => cached(ENTRY, (into) => build(go, into, env, note), note)) };
  } catch (error) {
    say(`    ${error.message}`);
    return { reason: `it could not be built from source: ${error.message}` };
  }
}

async function build(go, folder, env, note) {
  for (const part of PARTS) {
    note(part.what);
    const flags = `-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${part.version}`;
    const args = ["build", "-buildvcs=false", "-tags", "osusergo,grpcnotrace", "-ldflags", flags];
    const { code, output } = await run(go, [...args, "-o", `${folder}/`, part.package], {
      cwd: join(tools, part.module),
      env: goEnvironment(env),
    });
    if (code !== 0) throw new Error(`go build of ${part.what} failed:\n${excerpt(output)}`);
  }
  // The third piece comes with the SDK: the script that starts dynamic providers.
  const starter = "pulumi-resource-pulumi-nodejs";
  copyFileSync(join(root, "node_modules", "@pulumi", "pulumi", starter), join(folder, starter));
  chmodSync(join(folder, starter), 0o755);
}

async function findGo(env) {
  // Go's own installer puts it where many a PATH does not look.
  const found = [...allOnPath("go", env.PATH), ...allOnPath("go", "/usr/local/go/bin")];
  if (found.length === 0) return { reason: "there is no Go to build it with" };
  for (const go of new Set(found)) {
    const { code, stdout } = await run(go, ["env", "GOVERSION"], { cwd: root, env: goEnvironment(env) });
    if (code === 0 && isAtLeast(stdout, OLDEST_GO)) return { go };
  }
  return { reason: `Go, to build it with, is older than ${OLDEST_GO} (${found.join(", ")})` };
}

/** Nothing that is set for other Go projects shall matter here, and no other toolchain or C compiler be needed. */
function goEnvironment(env) {
  return { ...env, GOFLAGS: "-mod=readonly", GOWORK: "off", GOTOOLCHAIN: "local", CGO_ENABLED: "0" };
}

function hashOfModules() {
  const hash = createHash("sha256");
  for (const { module } of PARTS) {
    for (const file of ["go.mod", "go.sum"]) hash.update(readFileSync(join(tools, module, file)));
  }
  return hash.digest("hex").slice(0, 8);
}
