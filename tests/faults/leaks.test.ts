// Memory after ten thousand waits, in a process that does nothing else.
import { startSimulator } from "../../provider/simulator";
import type { LeakArguments, Leaks } from "../support/programs/leaks";
import { runProgram } from "../support/run-program";

jest.setTimeout(600_000);

async function leaksOf(isLeaky: boolean): Promise<Leaks> {
  const simulator = await startSimulator({ defaultDurationMs: 1 });
  const { url, username, password } = simulator;
  try {
    return await runProgram<Leaks>(
      "leaks",
      { url, username, password, isLeaky } satisfies LeakArguments,
      500_000,
    );
  } finally {
    await simulator.close();
  }
}

// The smallest object that holds anything takes 40 bytes, some 60 here; tables of the engine, which grow in steps, took up to 11 a wait.
const allowed = 10_000 * 30;

test("ten thousand waits, ended or aborted, leave memory where it was", async () => {
  const leaks = await leaksOf(false);
  process.stdout.write(`memory after ${leaks.waits} waits: ${leaks.grownBy} bytes more\n`);
  expect(leaks).toMatchObject({ waits: 10_000, listeners: 0 });
  expect(leaks.grownBy).toBeLessThan(allowed);
});

test("this would be seen if each wait left one small object behind", async () => {
  const { grownBy } = await leaksOf(true);
  process.stdout.write(`with one object for each: ${grownBy} bytes more\n`);
  expect(grownBy).toBeGreaterThan(allowed);
});
