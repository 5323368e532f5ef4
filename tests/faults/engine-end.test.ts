// What the provider process still does when its engine has ended, with the real CLI: nothing, whatever it was waiting for.
import { setTimeout as sleep } from "node:timers/promises";

import { isRunning, providerOf } from "../support/cli-process";
import { until } from "../support/until";
import type { Running } from "../support/stack";
import { withNetwork, type NetworkBed } from "../support/with-network";

jest.setTimeout(600_000);

// It notices within a tenth of a second, in which a look and a log-in may be due. They are counted, not timed: a busy machine
// may hold the process up for longer.
const lastRequests = 2;
const clone = { match: { path: "/api/vcenter/vm?action=clone" } };
const operations = (count: number, more = ""): string => `
  for (let i = 0; i < ${count}; i += 1)
    new vmware.Operation("web-" + i, {
      endpoint: "vcenter",
      request: { method: "POST", path: "/api/vcenter/vm?action=clone", body: { source: "vm-1", name: "web-" + i } },
      ${more}
    });`;

interface Waiting {
  /** What the provider waits for when the engine ends. */
  readonly what: string;
  readonly program: string;
  /** Before the deployment begins. */
  readonly prepare: (bed: NetworkBed) => Promise<void> | void;
  readonly begun: (bed: NetworkBed, up: Running) => boolean;
  /** What it waited for comes, after the engine has ended; where it does not, the process goes without. */
  readonly comes?: (bed: NetworkBed) => Promise<void> | void;
  readonly starts: number;
}

const rows: Waiting[] = [
  {
    what: "twenty tasks",
    program: operations(20),
    prepare: ({ simulator }) => simulator.script({ ...clone, durationMs: 600_000 }),
    begun: ({ simulator }) => simulator.starts.length === 20 && simulator.counts().list > 2,
    starts: 20,
  },
  {
    what: "a busy server",
    program: operations(1),
    prepare: ({ simulator }) =>
      simulator.fault({ what: "status", error: "RESOURCE_BUSY", match: { operation: "start" } }),
    begun: (_bed, up) => up.text().includes("is busy"),
    // The fault hits once: the next sending would be taken.
    starts: 0,
  },
  {
    what: "a server that is away",
    program: operations(1),
    prepare: ({ network }) => network.refuse(),
    begun: (_bed, up) => up.text().includes("waiting for endpoint vcenter to answer"),
    comes: ({ network }) => network.accept(),
    starts: 0,
  },
  {
    what: "the pause before a second attempt",
    program: operations(1, 'retry: { maxAttempts: 2, delay: "20s" },'),
    prepare: ({ simulator }) => simulator.script({ ...clone, times: 1, durationMs: 100, outcome: "FAILED" }),
    begun: (_bed, up) => up.text().includes("attempt 1 failed"),
    starts: 1,
  },
];

const ways = {
  "SIGKILL of the CLI": async (up: Running): Promise<void> => {
    up.kill();
    await up.ended;
  },
  "two Ctrl-C": async (up: Running): Promise<void> => {
    up.process.kill("SIGINT");
    await sleep(700);
    up.process.kill("SIGINT");
    await up.ended;
  },
};

const environment = { PULUMI_PARALLEL: "100" };

describe.each(rows)("while it waits for $what", ({ program, prepare, begun, comes, starts }) => {
  it.each(Object.entries(ways))("%s: the process goes and sends nothing more", async (_way, end) => {
    await withNetwork({ program, environment }, async (bed) => {
      const { stack, simulator } = bed;
      await prepare(bed);
      const up = stack.start("up", "--yes", "--skip-preview");
      await until(() => begun(bed, up), "the wait has begun");
      const provider = providerOf(up.process.pid ?? 0);
      await end(up);
      const { length } = simulator.requests;
      await comes?.(bed);
      await until(() => !isRunning(provider), "the provider process has ended");
      // What it had sent may still be on its way.
      await sleep(200);
      const late = simulator.requests.slice(length).filter(({ operation }) => operation !== "logout");
      expect(late.length).toBeLessThanOrEqual(lastRequests);
      expect(late.every(({ operation }) => ["get", "list", "login"].includes(operation))).toBe(true);
      expect(simulator.starts).toHaveLength(starts);
    });
  });
});

it("a provider process that is interrupted alone logs out and goes, and the next `up` goes on", async () => {
  await withNetwork({ program: operations(1), environment }, async ({ stack, simulator }) => {
    simulator.script({ ...clone, durationMs: 600_000 });
    const up = stack.start("up", "--yes", "--skip-preview");
    await until(() => simulator.counts().get > 0, "the wait has begun");
    const provider = providerOf(up.process.pid ?? 0);
    process.kill(provider, "SIGINT");
    expect((await up.ended).code).not.toBe(0);
    await until(() => !isRunning(provider), "the provider process has ended");
    expect(simulator.counts().logout).toBe(simulator.counts().login);
    simulator.finish(simulator.starts[0]?.taskId ?? "");
    const again = await stack.up();
    if (again.code !== 0) throw new Error(again.text);
    expect(simulator.starts).toHaveLength(1);
  });
});
