// One contender in a process of its own: logs in, then waits for tasks and tells when it knew of each end.
//
//   contender.mjs NAME FOLDER-OF-PEERS
import { createRequire } from "node:module";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { liveHeapMegabytes } from "../follow/live-heap.mjs";
import { answerWith } from "./child.mjs";
import { startMeter } from "./meter.mjs";
import { countSockets } from "./sockets.mjs";

const [name, peers = import.meta.dirname] = process.argv.slice(2);
const mostSockets = countSockets();
const { open } = await import(`./contenders/${name}.mjs`);
const knownAt = {};
let failure;
let waitFor;
let waits = [];
let readMeter;

async function followToEnd(id) {
  try {
    await waitFor(id);
    knownAt[id] = Date.now();
  } catch (error) {
    failure ??= String(error);
  }
}

answerWith({
  async logIn(access) {
    waitFor = await open(access, createRequire(join(peers, "package.json")));
  },

  begin(ids) {
    readMeter = startMeter();
    waits = ids.map(followToEnd);
  },

  liveHeap: liveHeapMegabytes,

  /** A wait that fails, or has no end within the time, has no entry in `knownAt`. */
  async end(boundMs) {
    await Promise.race([Promise.all(waits), sleep(boundMs)]);
    return { knownAt, failure, usage: { ...readMeter(), mostSockets: mostSockets() } };
  },
});
