import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative, resolve } from "node:path";

import ts from "typescript";

import { readConfiguration } from "../../../provider/operations/arguments";
import { lookUpSchemas } from "../../../provider/operations/arguments/look-up";
import {
  completionArguments,
  retryPolicy,
  startArguments,
} from "../../../provider/operations/arguments/schemas";
import { outputNames } from "../../../sdk/completed-task";

const root = resolve(__dirname, "../../..");

/** A fenced block of a document. */
interface Block {
  readonly document: string;
  readonly line: number;
  readonly text: string;
}

function markdownBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    // The reference is generated, and its links are checked by what generates it.
    if (entry.isDirectory())
      return ["node_modules", "reference"].includes(entry.name) ? [] : markdownBelow(path);
    return entry.name.endsWith(".md") ? [path] : [];
  });
}

const documents = [
  ...["README.md", "CHANGELOG.md", "CONTRIBUTING.md"].map((name) => join(root, name)),
  ...markdownBelow(join(root, "docs")),
  ...markdownBelow(join(root, "examples")),
];

const read = (document: string): string => readFileSync(document, "utf8");
const shown = (document: string): string => relative(root, document);

function blocks(language: string): Block[] {
  return documents.flatMap((document) => {
    const text = read(document);
    return [...text.matchAll(/^```(\S*)[^\n]*\n(.*?)^```/gms)].flatMap((found) => {
      if (found[1] !== language) return [];
      return [{ document, line: text.slice(0, found.index).split("\n").length + 1, text: found[2] ?? "" }];
    });
  });
}

/** Where a block would be as a file: beside its document, with lines that tell where it really is. */
function fileOf({ document, line }: Block): string {
  return `${document.slice(0, -".md".length)}.line-${line}.ts`;
}

function compilerOptions(): ts.CompilerOptions {
  const path = join(root, "tsconfig.json");
  const { config } = ts.readConfigFile(path, (file) => ts.sys.readFile(file)) as { config: unknown };
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  return {
    ...options,
    // An example need not use what it makes.
    noUnusedLocals: false,
    // The sources themselves, not what was built of them some time ago.
    paths: {
      "pulumi-vmware-tasks": [join(root, "sdk/index.ts")],
      "pulumi-vmware-tasks/simulator": [join(root, "provider/simulator/index.ts")],
    },
  };
}

/** What the compiler says of blocks, each as `README.md:12: message`. */
function problemsIn(found: readonly Block[]): string[] {
  const options = compilerOptions();
  const byFile = new Map(found.map((block) => [fileOf(block), block]));
  const real = ts.createCompilerHost(options);
  const host: ts.CompilerHost = {
    ...real,
    fileExists: (file) => byFile.has(file) || real.fileExists(file),
    readFile: (file) => byFile.get(file)?.text ?? real.readFile(file),
    getSourceFile(file, target, ...rest) {
      const block = byFile.get(file);
      if (block === undefined) return real.getSourceFile(file, target, ...rest);
      return ts.createSourceFile(file, block.text, target);
    },
  };
  const program = ts.createProgram({ rootNames: [...byFile.keys()], options, host });
  return [...byFile].flatMap(([file, { document, line }]) => {
    const source = program.getSourceFile(file);
    const said = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
    return said.map(({ start = 0, messageText }) => {
      const at = line + (source?.getLineAndCharacterOfPosition(start).line ?? 0);
      return `${shown(document)}:${at}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`;
    });
  });
}

test("every ts block compiles against the sources", () => {
  const found = blocks("ts");
  expect(found.length).toBeGreaterThan(5);
  expect(problemsIn(found)).toEqual([]);
});

test("a block that does not compile is told with its document and line", () => {
  const text =
    'import { Operation } from "pulumi-vmware-tasks";\n\nnew Operation("web", { endpont: "vcenter" });\n';
  const [problem] = problemsIn([{ document: join(root, "README.md"), line: 10, text }]);
  expect(problem).toMatch(/^README\.md:12: .*endpont/);
});

/** The anchors of a document's headings, as GitHub makes them. */
function anchorsOf(document: string): string[] {
  return [...read(document).matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

function brokenLinks(document: string): string[] {
  const prose = read(document).replaceAll(/^```.*?^```/gms, "");
  const targets = [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]) => target);
  return targets
    .filter((target) => !/^[a-z]+:/.test(target))
    .filter((target) => {
      const [path = "", anchor] = target.split("#");
      const file = path === "" ? document : resolve(dirname(document), path);
      if (!existsSync(file)) return true;
      return anchor !== undefined && !(statSync(file).isFile() && anchorsOf(file).includes(anchor));
    })
    .map((target) => `${shown(document)}: ${target}`);
}

test("every link to a file and a heading leads there", () => {
  expect(documents.flatMap(brokenLinks)).toEqual([]);
});

test("every example has a README, and the list of examples names it", () => {
  const examples = join(root, "examples");
  const folders = readdirSync(examples, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const list = read(join(examples, "README.md"));
  const missing = folders
    .map(({ name }) => name)
    .filter((name) => !existsSync(join(examples, name, "README.md")) || !list.includes(`](${name})`));
  expect(missing).toEqual([]);
});

interface StackSettings {
  readonly config?: Record<string, unknown>;
}

/** As the engine hands it over: decrypted, as JSON. */
function setting(settings: StackSettings, key: string): string | undefined {
  const value = settings.config?.[`vmware-tasks:${key}`];
  if (value === undefined) return undefined;
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === "object" && inner !== null && "secure" in inner ? "decrypted" : inner,
  );
}

// What Pulumi's own SDK reads YAML with; it has no types here.
const { load } = createRequire(require.resolve("@pulumi/pulumi"))("js-yaml") as {
  load: (text: string) => unknown;
};

const configurations = blocks("yaml")
  .map((block) => ({ ...block, settings: load(block.text) as StackSettings }))
  .filter(({ settings }) => settings.config !== undefined)
  .map((block) => [`${shown(block.document)}:${block.line}`, block.settings] as const);

test("there is a documented configuration", () => expect(configurations.length).toBeGreaterThan(0));

test.each(configurations)("the configuration in %s is a good one", (_, settings) => {
  const endpoints = setting(settings, "endpoints");
  const retryPolicies = setting(settings, "retryPolicies");
  const configuration = readConfiguration({ endpoints, retryPolicies, environment: {} });
  const names = (text = "{}"): string[] => Object.keys(JSON.parse(text) as object);
  const problems = [
    ...names(endpoints).flatMap((name) => configuration.endpointProblems(name)),
    ...names(retryPolicies).flatMap((name) => configuration.policyProblems(name, name)),
  ];
  expect(problems).toEqual([]);
});

const documented: [string, string, readonly string[]][] = [
  [
    "docs/operations.md",
    "argument of an operation",
    Object.keys({ ...startArguments.shape, ...completionArguments.shape }),
  ],
  ["docs/operations.md", "field of a retry policy", Object.keys(retryPolicy.shape)],
  ["docs/operations.md", "output", outputNames],
  [
    "docs/data.md",
    "argument of a data source",
    Object.values(lookUpSchemas).flatMap(({ shape }) => Object.keys(shape)),
  ],
];

test.each(documented)("%s names every %s", (document, _, names) => {
  const text = read(join(root, document));
  expect(names.filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
});

test("the README fits on a few screens", () => {
  expect(read(join(root, "README.md")).split("\n").length).toBeLessThanOrEqual(151);
});
