// The simulated servers that the quickstart works on. They know nothing of an earlier run.
import { join } from "node:path";
import { createInterface } from "node:readline";
import { root, tools } from "../setup/folders.mjs";
import { Problem } from "../setup/problem.mjs";
import { serve, stop } from "../setup/processes.mjs";
import { excerpt } from "../setup/steps.mjs";

const COMMAND = join(root, "dist", "provider", "simulator", "command.js");
const PATIENCE_MS = 30_000;

/** @returns {Promise<{ access: { url: string, username: string, password: string }, stop: () => Promise<void> }>} */
export async function startSimulator(env) {
  const tether = join(tools, "quickstart", "end-with-parent.mjs");
  const args = ["--import", tether, COMMAND, "simulate", "--port", "0", "--json"];
  const child = serve("node", args, { cwd: root, env });
  let errors = "";
  child.stderr.setEncoding("utf8").on("data", (text) => (errors = (errors + text).slice(-16_384)));
  const access = await new Promise((resolve, reject) => {
    const fail = (why) => {
      clearTimeout(timer);
      reject(new Problem(`The simulator ${why}.\n\n${excerpt(errors)}`));
    };
    const timer = setTimeout(fail, PATIENCE_MS, "did not say where it listens");
    child.on("error", (error) => fail(`could not be started (${error.message})`));
    child.on("close", (code) => fail(`ended with code ${code}`));
    createInterface(child.stdout).once("line", (line) => {
      clearTimeout(timer);
      resolve(JSON.parse(line));
    });
  });
  return { access, stop: () => stop(child) };
}
