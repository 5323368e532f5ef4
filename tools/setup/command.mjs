import { Problem } from "./problem.mjs";

/** Runs the main function of a command, which answers its exit code. */
export async function command(main) {
  try {
    process.exitCode = await main(process.argv.slice(2));
  } catch (error) {
    report(error);
    process.exitCode = 1;
  }
}

/** Tells a `Problem` as it is; anything else is a bug of ours and needs its stack. */
export function report(error) {
  process.stderr.write(`\n${error instanceof Problem ? error.message : error.stack}\n`);
}
