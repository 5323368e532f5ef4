// What is left of work that is cut short or has ended, in a process that does nothing else.
import { startSimulator } from "../../provider/simulator";
import type { AbortArguments, Left } from "../support/programs/aborts";
import { runProgram } from "../support/run-program";
import { withSilentServer } from "../support/silent-server";

jest.setTimeout(600_000);

test("a tenth of a second after its end, no timer, no request and no listener is left, whatever it was doing", async () => {
  const simulator = await startSimulator({ defaultDurationMs: 600_000 });
  const { url, username, password } = simulator;
  try {
    const rows = await withSilentServer(({ address }) => {
      const given: AbortArguments = { url, username, password, silentUrl: `https://${address}` };
      return runProgram<Left[]>("aborts", given, 500_000);
    });
    process.stdout.write(
      `state | timers | requests | listeners | sockets after close\n${rows
        .map((row) =>
          [row.state, row.timers, row.busySockets, row.listeners, row.socketsAfterClose].join(" | "),
        )
        .join("\n")}\n`,
    );
    const clean = {
      unsettled: 0,
      timers: 0,
      busySockets: 0,
      listeners: 0,
      childProcesses: 0,
      socketsAfterClose: 0,
    };
    expect(rows.filter(({ closedAfterMs }) => closedAfterMs > 10_000)).toEqual([]);
    expect(rows).toEqual(rows.map(({ state, closedAfterMs }) => ({ state, closedAfterMs, ...clean })));
    expect(rows.length).toBeGreaterThan(10);
  } finally {
    await simulator.close();
  }
});
