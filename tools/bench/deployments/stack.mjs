// A stack that is new at every deployment, with the real CLI; nothing of it touches the user's own Pulumi.
import {
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hermetic } from "../../setup/environment.mjs";
import { root } from "../../setup/folders.mjs";
import { Problem } from "../../setup/problem.mjs";
import { atEnd, run } from "../../setup/processes.mjs";
import { excerpt } from "../../setup/steps.mjs";

const NAME = "bench";
const LIMIT_MS = 600_000;
// More than any deployment has steps, so that none waits for another.
const PARALLEL = "2000";

/**
 * @param {NodeJS.ProcessEnv} env
 * @param {Record<string, object>} endpoints
 */
export async function openStack(env, endpoints) {
  const folder = mkdtempSync(join(tmpdir(), "vmware-tasks-bench-"));
  const remove = () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  atEnd(remove);
  const [program, state, fresh, journal] = ["program", "state", "fresh-state", "journal"].map((name) =>
    join(folder, name),
  );
  mkdirSync(program);
  symlinkSync(join(root, "node_modules"), join(program, "node_modules"));
  writeFileSync(join(program, "Pulumi.yaml"), `name: ${NAME}\nruntime: nodejs\n`);
  writeFileSync(join(program, "package.json"), JSON.stringify({ name: NAME, main: "index.js" }));
  const own = hermetic(env, { folder, passphrase: NAME });
  const pulumi = async (args, more = {}) => {
    const { code, output } = await run("pulumi", [...args, "--non-interactive"], {
      cwd: program,
      env: { ...own, VMWARE_TASKS_ENDPOINTS: JSON.stringify(endpoints), ...more },
      timeoutMs: LIMIT_MS,
    });
    if (code !== 0) throw new Problem(`pulumi ${args.join(" ")} failed:\n\n${excerpt(output)}`);
  };
  await pulumi(["stack", "init", NAME]);
  cpSync(state, fresh, { recursive: true });

  return {
    /**
     * Deploys a program to the empty stack.
     *
     * @param {string} name - of a program in programs/
     * @param {Record<string, string>} environment
     */
    async up(name, environment = {}) {
      for (const old of [state, journal]) rmSync(old, { recursive: true, force: true });
      cpSync(fresh, state, { recursive: true });
      copyFileSync(join(import.meta.dirname, "programs", `${name}.js`), join(program, "index.js"));
      const began = Date.now();
      await pulumi(["up", "--yes", "--skip-preview", "--parallel", PARALLEL], environment);
      const seconds = (Date.now() - began) / 1000;
      const checkpoint = readFileSync(join(state, ".pulumi", "stacks", NAME, `${NAME}.json`), "utf8");
      return { began, seconds, stateBytes: Buffer.byteLength(checkpoint), state: JSON.parse(checkpoint) };
    },
    remove,
  };
}
