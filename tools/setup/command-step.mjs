import { run } from "./processes.mjs";
import { say, step } from "./steps.mjs";

/**
 * A step that is one command. When it fails, its output is shown.
 *
 * @returns {Promise<string | undefined>} what it has printed; nothing when it failed
 */
export async function commandStep(title, command, args, options) {
  try {
    return await step(title, async () => {
      const { code, output, stdout } = await run(command, args, options);
      if (code !== 0) throw new Error(output.trimEnd());
      return stdout;
    });
  } catch (error) {
    say(`\n${error.message}\n`);
    return undefined;
  }
}
