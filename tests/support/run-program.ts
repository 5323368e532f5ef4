// Runs a TypeScript file of the tests in a process of its own, where nothing else holds timers, sockets or memory.
import { execFile } from "node:child_process";
import { resolve } from "node:path";
import { promisify } from "node:util";

const root = resolve(__dirname, "../..");

/** The JSON that `tests/support/programs/NAME.ts` prints; fails with what it printed when it ends badly. */
export async function runProgram<T>(name: string, argument: object, timeout: number): Promise<T> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [
      "--expose-gc",
      "--require=ts-node/register/transpile-only",
      resolve(__dirname, "programs", `${name}.ts`),
      JSON.stringify(argument),
    ],
    {
      cwd: root,
      timeout,
      env: { PATH: process.env.PATH, TS_NODE_COMPILER_OPTIONS: JSON.stringify({ rootDir: root }) },
    },
  );
  return JSON.parse(stdout) as T;
}
