// A process that has nothing but our watcher and client, as in the bench of many tasks at once.
import { join } from "node:path";
import { startChild } from "../live/child.mjs";

export async function startWatcherProcess(access) {
  const child = startChild(join(import.meta.dirname, "../live/contender.mjs"), ["ours"]);
  await child.ask("logIn", access);
  return {
    pid: child.pid,
    begin: (ids) => child.ask("begin", ids),
    liveHeap: () => child.ask("liveHeap"),
    stop: child.stop,
  };
}
