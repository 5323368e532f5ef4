// The tools are plain ES modules that must run on an older Node too. These helpers load or run them from a test.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const tools = join(__dirname, "..", "..", "..", "tools");

/** Imports a module of `tools/`, whose functions have the types that the test expects. */
export async function loadTool<T>(file: string): Promise<T> {
  return (await import(pathToFileURL(join(tools, file)).href)) as T;
}

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly outcome: Promise<Outcome>;
  /** Resolves when the program has printed that text. */
  readonly printed: (text: string) => Promise<void>;
  readonly kill: (signal: NodeJS.Signals) => void;
}

/** Runs a program in a process of its own. `import … from "tools/…"` in it means the modules of `tools/`. */
export function runProgram(program: string, env: NodeJS.ProcessEnv = {}): Running {
  const source = program.replaceAll(/"tools\/([^"]+)"/g, (_, file: string) =>
    JSON.stringify(pathToFileURL(join(tools, file)).href),
  );
  const child = spawn(process.execPath, ["--input-type=module", "--eval", source], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  return {
    outcome: new Promise((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code) => {
        resolve({ code, stdout, stderr });
      });
    }),
    printed: (text) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (stdout.includes(text)) resolve();
        };
        child.stdout.on("data", look);
        child.on("close", () => {
          reject(new Error(`ended without printing ${text}: ${stderr}`));
        });
        look();
      }),
    kill: (signal) => child.kill(signal),
  };
}
