// A Pulumi program of its own in a folder of its own, run by the real CLI.
import { spawn, type ChildProcess } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import type { Simulator } from "../../provider/simulator";
import { leaksIn, noteLeaks, secretsOf } from "./canary";
import { killTrees, startedBy, stillThere, type ProcessRow } from "./cli-process";
import { endpointsOf } from "./endpoints";

const root = resolve(__dirname, "../..");

/** What a command of the CLI printed and how it ended. */
export interface Run {
  readonly code: number | null;
  /** Standard output and standard error as they came. */
  readonly text: string;
}

/** Runs a command that must end well. */
export async function well(command: Promise<Run>): Promise<string> {
  const { code, text } = await command;
  if (code !== 0) throw new Error(text);
  return text;
}

/** A command that still runs. */
export interface Running {
  readonly process: ChildProcess;
  readonly ended: Promise<Run>;
  text(): string;
  /** Kills the process, but not what it has started: `remove` of the stack ends what does not end by itself. */
  kill(): void;
}

/** A stack of a program under test. */
export interface Stack {
  readonly folder: string;
  readonly journalFolder: string;
  readonly environment: Record<string, string>;
  /** Secrets beside those of the environment; all are looked for in everything that the stack leaves behind. */
  readonly secrets: string[];
  /** Replaces the program: the body of an async function that gets `vmware` and `pulumi` and returns outputs. */
  program(body: string): void;
  run(...args: string[]): Promise<Run>;
  start(...args: string[]): Running;
  /** Runs a script of the stack's folder by Node itself. */
  node(file: string): Promise<Run>;
  up(...args: string[]): Promise<Run>;
  preview(...args: string[]): Promise<Run>;
  destroy(...args: string[]): Promise<Run>;
  outputs(): Promise<Record<string, unknown>>;
  /** The resources of the state by the last part of their type and their name: `StartedTask::vm`. */
  resources(): Promise<Record<string, StateResource>>;
  /** Every text of the state folder and the journal, and the trace. */
  allFiles(): string;
  /** Ends what a failed test has left running and removes everything; the test fails when the console, the state, the journal or the trace has shown a secret. */
  remove(): void;
}

/** A resource as the state holds it. */
export interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly inputs?: Record<string, unknown>;
  readonly outputs?: Record<string, unknown>;
  readonly [field: string]: unknown;
}

/** What a stack is made with. */
export interface StackOptions {
  readonly simulator?: Simulator;
  readonly program?: string;
  /** The folder of an example to run a copy of, instead of a program of the test's own. */
  readonly example?: string;
  readonly environment?: Record<string, string>;
  /** More fields of each endpoint. */
  readonly endpoint?: Record<string, unknown>;
}

function spawnIn(
  folder: string,
  environment: Record<string, string>,
  orphans: ProcessRow[],
  command: string,
  args: readonly string[],
): Running {
  const child = spawn(command, args, {
    cwd: folder,
    env: environment,
    stdio: ["ignore", "pipe", "pipe"],
    // A group of its own, as a shell gives it: a kill of the CLI must not reach what it started.
    detached: true,
  });
  let text = "";
  const collect = (chunk: Buffer): void => {
    text += chunk.toString();
  };
  child.stdout.on("data", collect);
  child.stderr.on("data", collect);
  const ended = new Promise<Run>((done, failed) => {
    child.once("error", failed);
    // Not "close": processes that outlive a killed CLI hold its pipes.
    child.once("exit", (code) => setTimeout(() => done({ code, text }), 50));
  });
  const kill = (): void => {
    const { pid = 0 } = child;
    orphans.push(...startedBy(pid));
    process.kill(pid, "SIGKILL");
  };
  return { process: child, ended, text: () => text, kill };
}

/** The process of a command that has not ended. */
function idsOf({ process: { pid, exitCode, signalCode } }: Running): number[] {
  return pid !== undefined && exitCode === null && signalCode === null ? [pid] : [];
}

function layProgram(folder: string): void {
  writeFileSync(
    join(folder, "Pulumi.yaml"),
    "name: engine-test\nruntime:\n  name: nodejs\n  options:\n    typescript: false\n",
  );
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "engine-test", main: "index.js" }));
}

function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  if (!statSync(folder).isDirectory()) return [folder];
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** Makes a stack; nothing of it touches the user's own Pulumi. */
export async function createStack(options: StackOptions = {}): Promise<Stack> {
  const base = mkdtempSync(join(tmpdir(), "vmware-tasks-"));
  const folder = join(base, "program");
  const stateFolder = join(base, "state");
  const journalFolder = join(base, "journal");
  for (const one of [folder, stateFolder]) mkdirSync(one);
  if (options.example === undefined) layProgram(folder);
  else
    cpSync(join(root, "examples", options.example), folder, {
      recursive: true,
      filter: (path) => !path.includes("node_modules"),
    });
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  const environment: Record<string, string> = {
    PATH: process.env.PATH ?? "",
    HOME: process.env.HOME ?? "",
    TERM: "dumb",
    PULUMI_HOME: join(base, "home"),
    PULUMI_BACKEND_URL: `file://${stateFolder}`,
    PULUMI_CONFIG_PASSPHRASE: "engine-test",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    // Types of examples are checked with all others, once.
    PULUMI_NODEJS_TRANSPILE_ONLY: "true",
    VMWARE_TASKS_STATE_DIR: journalFolder,
    VMWARE_TASKS_STATUS_INTERVAL: "200ms",
    ...(options.simulator === undefined
      ? {}
      : { VMWARE_TASKS_ENDPOINTS: JSON.stringify(endpointsOf(options.simulator, options.endpoint)) }),
    ...options.environment,
  };
  const commands: Running[] = [];
  const consoles: Running[] = [];
  const orphans: ProcessRow[] = [];
  const secrets: string[] = [];
  const start = (...args: string[]): Running => {
    const running = spawnIn(folder, environment, orphans, "pulumi", [...args, "--non-interactive"]);
    commands.push(running);
    // What was asked for by name is no leak, and the engine's own log has what it handles in clear.
    if (!args.includes("--show-secrets") && !args.includes("--logtostderr")) consoles.push(running);
    return running;
  };
  const run = (...args: string[]): Promise<Run> => start(...args).ended;
  const node = (file: string): Promise<Run> => {
    const running = spawnIn(folder, environment, orphans, process.execPath, [file]);
    commands.push(running);
    consoles.push(running);
    return running.ended;
  };

  const stack: Stack = {
    folder,
    journalFolder,
    environment,
    secrets,
    program(body) {
      writeFileSync(
        join(folder, "index.js"),
        `const pulumi = require("@pulumi/pulumi");\nconst vmware = require("pulumi-vmware-tasks");\n` +
          `module.exports = async () => {\n${body}\n};\n`,
      );
    },
    start,
    run,
    node,
    up: (...args) => run("up", "--yes", "--skip-preview", ...args),
    preview: (...args) => run("preview", ...args),
    destroy: (...args) => run("destroy", "--yes", "--skip-preview", ...args),
    async outputs() {
      const { text } = await run("stack", "output", "--json", "--show-secrets");
      return JSON.parse(text) as Record<string, unknown>;
    },
    async resources() {
      const { text } = await run("stack", "export");
      const { deployment } = JSON.parse(text) as { deployment: { resources?: StateResource[] } };
      return Object.fromEntries(
        (deployment.resources ?? []).map((one) => [
          `${one.type.split(":").at(-1) ?? ""}::${one.urn.split("::").at(-1) ?? ""}`,
          one,
        ]),
      );
    },
    allFiles: () =>
      [stateFolder, journalFolder, resolve(folder, environment.VMWARE_TASKS_TRACE ?? "no-trace")]
        .flatMap((one) => filesBelow(one))
        .map((path) => readFileSync(path, "utf8"))
        .join("\n"),
    remove() {
      killTrees([...commands.flatMap(idsOf), ...stillThere(orphans)]);
      const looked = [...consoles.map((one) => one.text()), stack.allFiles()].join("\n");
      noteLeaks(leaksIn(looked, [...secretsOf(environment), ...secrets]));
      // A process that was just killed may still be writing its last file.
      rmSync(base, { recursive: true, force: true, maxRetries: 5 });
    },
  };
  if (options.program !== undefined) stack.program(options.program);
  const made = await run("stack", "init", "test");
  if (made.code !== 0) {
    stack.remove();
    throw new Error(`The stack cannot be made: ${made.text}`);
  }
  return stack;
}
