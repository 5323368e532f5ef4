import { spawn } from "node:child_process";

import { isRunning, killTrees } from "../../support/cli-process";
import { until } from "../../support/until";

const sleeper = "setInterval(() => undefined, 1_000)";

test("a process ends with what it has started, also in a group of its own", async () => {
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
  expect(isRunning(child)).toBe(true);
  killTrees([parent.pid ?? 0]);
  await until(() => !isRunning(child) && parent.signalCode === "SIGKILL", "both have ended");
});

test("what has ended already is no error", () => {
  expect(() => killTrees([2 ** 30])).not.toThrow();
});
