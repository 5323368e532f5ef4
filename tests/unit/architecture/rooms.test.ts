import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";

import ts from "typescript";

const root = resolve(__dirname, "../../..");

/** Which rooms each room may import from, type imports included (docs: design of the rooms; lint: eslint.config.mjs). */
const rooms: Readonly<Record<string, readonly string[]>> = {
  "provider/zod.ts": [],
  "provider/tasks": [],
  "provider/watcher": ["provider/tasks"],
  "provider/clients": ["provider/tasks", "provider/zod.ts"],
  "provider/operations": ["provider/clients", "provider/watcher", "provider/tasks", "provider/zod.ts"],
  "provider/resources": ["provider/operations", "provider/tasks"],
  "provider/simulator": [],
  // The permanent entry, which gives the resources their names.
  "provider/index.ts": ["provider/resources"],
  sdk: ["provider/operations", "provider/tasks", "provider/index.ts"],
};

function sourcesBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join(folder, name).replaceAll("\\", "/"));
}

const sources = ["provider", "sdk"].flatMap(sourcesBelow);

function parse(file: string): ts.SourceFile {
  return ts.createSourceFile(file, readFileSync(join(root, file), "utf8"), ts.ScriptTarget.Latest, true);
}

/** What a file names in `import`, `export … from`, `import()` and `import("…")` types, value or type. */
function specifiersOf(file: string): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    const named =
      ts.isImportDeclaration(node) || ts.isExportDeclaration(node)
        ? node.moduleSpecifier
        : ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword
          ? node.arguments[0]
          : ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)
            ? node.argument.literal
            : undefined;
    if (named !== undefined && ts.isStringLiteral(named)) found.push(named.text);
    ts.forEachChild(node, visit);
  };
  visit(parse(file));
  return found;
}

function resolved(from: string, specifier: string): string {
  const bare = relative(root, resolve(root, dirname(from), specifier)).replaceAll("\\", "/");
  const candidates = [bare, `${bare}.ts`, `${bare}/index.ts`, bare.replace(/\.js$/, ".ts")];
  const target = candidates.find((candidate) => sources.includes(candidate));
  if (target === undefined && !bare.endsWith(".json"))
    throw new Error(`${from} imports ${specifier}, which is no source.`);
  return target ?? bare;
}

const imports = new Map(
  sources.map((file) => [
    file,
    specifiersOf(file)
      .filter((specifier) => specifier.startsWith("."))
      .map((specifier) => resolved(file, specifier))
      .filter((target) => target.endsWith(".ts")),
  ]),
);

function roomOf(file: string): string {
  const room = Object.keys(rooms).find((name) => file === name || file.startsWith(`${name}/`));
  if (room === undefined) throw new Error(`${file} is in no room.`);
  return room;
}

test("every source is in a room, and there are sources in every room", () => {
  expect([...new Set(sources.map(roomOf))].sort()).toEqual(Object.keys(rooms).sort());
});

test("imports between rooms go one way, type imports included", () => {
  const wrong = [...imports].flatMap(([from, targets]) =>
    targets
      .filter((to) => roomOf(to) !== roomOf(from) && !(rooms[roomOf(from)] ?? []).includes(roomOf(to)))
      .map((to) => `${from} -> ${to}`),
  );
  expect(wrong).toEqual([]);
});

test("a room is entered by its door", () => {
  // What the SDK loads to check arguments has doors of its own, without the rest of the operations and clients.
  const doors = [
    ...Object.keys(rooms).map((room) => `${room}/index.ts`),
    "provider/index.ts",
    "provider/zod.ts",
    "provider/clients/traits/index.ts",
    "provider/operations/arguments/index.ts",
  ];
  const wrong = [...imports].flatMap(([from, targets]) =>
    targets
      .filter((to) => roomOf(to) !== roomOf(from) && !doors.includes(to))
      .map((to) => `${from} -> ${to}`),
  );
  expect(wrong).toEqual([]);
});

/** Groups of files that import each other in a circle. */
function cycles(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const found: string[][] = [];
  const done = new Set<string>();
  const walk = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) {
      found.push([...path.slice(path.indexOf(file)), file]);
      return;
    }
    if (done.has(file)) return;
    for (const next of graph.get(file) ?? []) walk(next, [...path, file]);
    done.add(file);
  };
  for (const file of graph.keys()) walk(file, []);
  return found;
}

test("a cycle is found", () => {
  expect(
    cycles(
      new Map([
        ["a", ["b"]],
        ["b", ["c"]],
        ["c", ["b"]],
      ]),
    ),
  ).toEqual([["b", "c", "b"]]);
});

test("no files import each other in a circle, type imports included", () => {
  expect(cycles(imports)).toEqual([]);
});

const doors = sources.filter((file) => file.endsWith("/index.ts"));

test.each(doors)("%s names what it exports", (door) => {
  const stars = parse(door).statements.filter(
    (statement) => ts.isExportDeclaration(statement) && statement.exportClause === undefined,
  );
  expect(stars).toEqual([]);
});

test.each(Object.keys(rooms).filter((room) => !room.endsWith(".ts")))(
  "the door of %s says what the room is for",
  (room) => {
    expect(readFileSync(join(root, room, "index.ts"), "utf8")).toMatch(/^\/\*\*\n( \*( .+)?\n){1,15} \*\/\n/);
  },
);
