// One contender in a process of its own: logs in, then waits for tasks and tells when it knew of each end.
//
//   contender.mjs NAME FOLDER-OF-PEERS
import { createRequire } from "node:module";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { answerWith } from "./child.mjs";
import { startMeter } from "./meter.mjs";
import { countSockets } from "./sockets.mjs";

const [name, peers] = process.argv.slice(2);
const mostSockets = countSockets();
const { open } = await import(`./contenders/${name}.mjs`);
let waitFor;

answerWith({
  async logIn(access) {
    waitFor = await open(access, createRequire(join(peers, "package.json")));
  },

  /** A wait that fails, or takes longer than `boundMs`, has no entry in `knownAt`. */
  async wait({ ids, boundMs }) {
    const readMeter = startMeter();
    const knownAt = {};
    let failure;
    const waits = ids.map(async (id) => {
      try {
        await waitFor(id);
        knownAt[id] = Date.now();
      } catch (error) {
        failure ??= String(error);
      }
    });
    await Promise.race([Promise.all(waits), sleep(boundMs)]);
    return { knownAt, failure, usage: { ...readMeter(), mostSockets: mostSockets() } };
  },
});
