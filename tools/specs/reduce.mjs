// Reduces VMware's OpenAPI files to their shapes, for the tests in tests/spec:
//
//   node tools/specs/reduce.mjs FOLDER
//
// FOLDER holds the files that tests/spec/shapes/README.md names. Kept is what can be checked: operations, parameters,
// bodies, replies by status, and the schemas behind them. Prose, examples and titles stay behind.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { command } from "../setup/command.mjs";
import { root } from "../setup/folders.mjs";
import { Problem } from "../setup/problem.mjs";
import { printed, reduce } from "./reduced.mjs";
import { sources } from "./sources.mjs";

const shapes = join(root, "tests", "spec", "shapes");

function read(path) {
  const text = readFileSync(path, "utf8").replace(/^\uFEFF/, "");
  return path.endsWith(".json") ? JSON.parse(text) : parse(text);
}

/** What starts tasks, by product: `POST /v1/hosts`. */
function startsOf(product) {
  const [, ...rows] = readFileSync(join(shapes, "operations.tsv"), "utf8").trim().split("\n");
  return new Set(
    rows
      .map((row) => row.split("\t"))
      .filter(([, , of]) => of === product)
      .map(([method, path]) => `${method} ${path}`),
  );
}

await command(async ([folder]) => {
  if (folder === undefined) throw new Problem("Name the folder that holds the API files.");
  for (const { product, files, ...rules } of sources) {
    const documents = files.map((file) => ({ file, document: read(join(folder, file)) }));
    const starts = startsOf(product);
    const text = printed(reduce(documents, { ...rules, starts }));
    writeFileSync(join(shapes, `${product}.json`), text);
    console.log(`${product}.json  ${Math.round(text.length / 1024)} kB`);
  }
  return 0;
});
