import { spawn, type ChildProcess } from "node:child_process";

import { isRunning, killTrees, startedBy, stillThere } from "../../support/cli-process";
import { until } from "../../support/until";

const sleeper = "setInterval(() => undefined, 1_000)";

/** A process that has started another one in a group of its own. */
async function withChild(use: (parent: ChildProcess, child: number) => Promise<void>): Promise<void> {
  const parent = spawn(
    process.execPath,
    [
      "-e",
      `const { pid } = require("node:child_process").spawn(process.execPath, ["-e", ${JSON.stringify(sleeper)}], { detached: true });
      console.log(pid);
      ${sleeper};`,
    ],
    { stdio: ["ignore", "pipe", "ignore"], detached: true },
  );
  let child = 0;
  parent.stdout.once("data", (line: Buffer) => (child = Number(line)));
  await until(() => child > 0, "the child has been started");
  try {
    await use(parent, child);
  } finally {
    killTrees([parent.pid ?? 0, child]);
  }
}

test("a process ends with what it has started, also in a group of its own", () =>
  withChild(async (parent, child) => {
    expect(isRunning(child)).toBe(true);
    killTrees([parent.pid ?? 0]);
    await until(() => !isRunning(child) && parent.signalCode === "SIGKILL", "both have ended");
  }));

test("what was started is known when its parent is gone, and is not taken for another of its id", () =>
  withChild(async (parent, child) => {
    const rows = startedBy(parent.pid ?? 0);
    parent.kill("SIGKILL");
    await until(() => parent.signalCode === "SIGKILL", "the parent has ended");
    expect(startedBy(parent.pid ?? 0)).toEqual([]);
    expect(stillThere(rows)).toEqual([child]);
    expect(stillThere(rows.map((row) => ({ ...row, command: "another" })))).toEqual([]);
    killTrees([child]);
    await until(() => stillThere(rows).length === 0, "the child has ended");
  }));

test("what has ended already is no error", () => {
  expect(() => killTrees([2 ** 30])).not.toThrow();
});
