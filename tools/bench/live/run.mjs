// One contender with a simulator of its own, and what a run of it gives.
import { join } from "node:path";
import { startChild } from "./child.mjs";

const boundMs = 300_000;
const answerMs = boundMs + 60_000;

/** Starts both and logs in. */
export async function prepareRun(contender, peers) {
  const simulator = startChild(join(import.meta.dirname, "simulator.mjs"));
  const waiting = startChild(join(import.meta.dirname, "contender.mjs"), [contender, peers]);
  await waiting.ask("logIn", await simulator.ask("access"));
  return {
    simulator,
    waiting,
    stop() {
      waiting.stop();
      simulator.stop();
    },
  };
}

/** Has tasks of these lengths started, all at once, and waited for. */
export async function run({ simulator, waiting }, lengthsMs) {
  const ids = await simulator.ask("start", lengthsMs);
  await waiting.ask("begin", ids);
  const { knownAt, failure, usage } = await waiting.ask("end", boundMs, answerMs);
  const server = await simulator.ask("report");
  const known = ids.filter((id) => knownAt[id] !== undefined);
  return {
    statusRequests: server.statusRequests,
    lagSeconds: known.map((id) => (knownAt[id] - server.endedAt[id]) / 1000),
    failed: ids.length - known.length,
    failure,
    usage,
    server: server.usage,
  };
}
