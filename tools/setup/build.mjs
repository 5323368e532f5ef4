// Compiles the package into dist/, unless dist/ was made from the very same sources.
import { createHash } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { withCloneLock } from "./clone.mjs";
import { root } from "./folders.mjs";
import { Problem } from "./problem.mjs";
import { atEnd, run } from "./processes.mjs";
import { excerpt, step } from "./steps.mjs";

const SETTINGS = ["package-lock.json", "tsconfig.json", "tsconfig.build.json", "tools/setup/build.mjs"];
const dist = join(root, "dist");
/** Written by every compilation, ours or one by hand: newer than the stamp means that the stamp says nothing. */
const ENTRY = join("provider", "index.js");
const COMMAND = join("provider", "simulator", "command.js");
const STAMP = ".built-from";
const ZOD = join("provider", "zod.js");

export async function build(env) {
  const sources = hashOfSources();
  if (isBuiltFrom(sources)) return;
  await step("Building the package (some seconds)", (note) =>
    withCloneLock(async () => {
      if (isBuiltFrom(sources)) return;
      // Beside node_modules/ and not inside dist/, so that whoever runs the last build is not disturbed.
      const scratch = join(root, "node_modules", ".cache", `pulumi-vmware-tasks-${process.pid}`);
      const forget = atEnd(() => rmSync(scratch, { recursive: true, force: true }));
      const made = join(scratch, "dist");
      mkdirSync(made, { recursive: true });
      const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
      const args = [tsc, "-p", "tsconfig.build.json", "--outDir", made, "--pretty", "false"];
      const { code, output } = await run("node", args, { cwd: root, env });
      if (code !== 0) throw new Problem(`The package does not compile:\n\n${excerpt(output, { first: 30 })}`);
      await bundleZod(join(made, ZOD));
      if (existsSync(join(made, COMMAND))) chmodSync(join(made, COMMAND), 0o755);
      writeFileSync(join(made, STAMP), sources);
      if (existsSync(dist)) renameSync(dist, join(scratch, "before"));
      renameSync(made, dist);
      rmSync(scratch, { recursive: true });
      forget();
    }, note),
  );
}

/** In place of the compiled file, which would load all of zod. Its licence goes with it, as it asks. */
async function bundleZod(outfile) {
  const { build: bundle } = await import("esbuild");
  const licence = readFileSync(join(root, "node_modules", "zod", "LICENSE"), "utf8");
  await bundle({
    entryPoints: [join(root, "provider", "zod.ts")],
    outfile,
    bundle: true,
    minify: true,
    allowOverwrite: true,
    platform: "node",
    format: "cjs",
    target: "node22",
    banner: { js: `/*! This file holds parts of zod.\n\n${licence}*/` },
    logLevel: "silent",
  });
}

function isBuiltFrom(sources) {
  try {
    const stamp = join(dist, STAMP);
    return (
      readFileSync(stamp, "utf8") === sources &&
      statSync(join(dist, ENTRY)).mtimeMs <= statSync(stamp).mtimeMs
    );
  } catch {
    return false;
  }
}

function hashOfSources() {
  const hash = createHash("sha256");
  const sources = ["provider", "sdk"].flatMap((room) =>
    readdirSync(join(root, room), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts"))
      .sort()
      .map((file) => join(room, file)),
  );
  for (const file of [...SETTINGS, ...sources]) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(root, file)))
      .update("\0");
  }
  return hash.digest("hex");
}
