// This package: one watcher for all tasks, with the real client.
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const { createContext, readConfiguration } = require("../../../../dist/provider/operations/index.js");
const { systemClock } = require("../../../../dist/provider/tasks/index.js");

export async function open(access) {
  const endpoints = { vcenter: { product: "vcenter", ...access } };
  const configuration = readConfiguration({ endpoints: JSON.stringify(endpoints), environment: {} });
  // To follow tasks takes no journal and no deployment.
  const { client, watcher } = createContext({ configuration, clock: systemClock }).open("vcenter");
  const { signal } = new AbortController();
  await client.reach(signal);
  return async (id) => {
    const end = await watcher.watch({ ref: { id, kind: "task" }, signal });
    if (end.snapshot?.status !== "SUCCEEDED") throw new Error(`Task ${id}: ${end.kind}`);
  };
}
