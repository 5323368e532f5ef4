// One contender's simulator, in a process of its own: neither its requests nor its processor time are anybody else's.
import { createRequire } from "node:module";
import { answerWith } from "./child.mjs";
import { startMeter } from "./meter.mjs";

const { startSimulator } = createRequire(import.meta.url)("../../../dist/provider/simulator/index.js");
const simulator = await startSimulator();
let readMeter;

function statusRequests() {
  const { get, list } = simulator.counts();
  return get + list;
}

answerWith({
  access: () => ({ url: simulator.url, username: simulator.username, password: simulator.password }),

  /** Starts tasks of these lengths, all of one service. */
  start(lengthsMs) {
    readMeter = startMeter();
    return lengthsMs.map((durationMs) =>
      simulator.startForeignTask({
        product: "vcenter",
        path: "/api/esx/settings/clusters/domain-c8/software?action=apply",
        plan: { durationMs },
      }),
    );
  },

  statusRequests,

  report: () => ({
    endedAt: Object.fromEntries(simulator.tasks().map(({ id, finishedAt }) => [id, finishedAt])),
    statusRequests: statusRequests(),
    usage: readMeter(),
  }),
});
