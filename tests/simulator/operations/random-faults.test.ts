// Operations of each product over real HTTP, with faults as chance has them at log-ins, starts and looks: one start, and
// the right end once the server has calmed down.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import fc from "fast-check";

import { complete, createContext, openJournal, readConfiguration, start } from "../../../provider/operations";
import { startSimulator, type Fault } from "../../../provider/simulator";
import { hasCode, isVmwareTasksError, systemClock } from "../../../provider/tasks";
import { createFastClock } from "../../support/fast-clock";
import { createFakeDeployment } from "../../support/operation-bed";
import { limitMs, runs } from "../../support/properties";
import { endpointsOf } from "../../support/endpoints";

const clock = createFastClock(20);

// The clients compare the server's stamps with the system's clock, so that has to be as fast.
beforeAll(() => jest.spyOn(systemClock, "now").mockImplementation(() => clock.now()));
afterAll(() => jest.restoreAllMocks());

const requests = {
  vcenter: { path: "/api/vcenter/vm?action=clone", body: { source: "vm-1", name: "web" } },
  sddc: { path: "/v1/domains", body: { domainName: "one" } },
  snap: {
    path: "/api/snapservice/clusters/domain-c8/protection-groups",
    body: { name: "gold", target_entities: { vms: ["vm-1"] } },
  },
  vcda: { path: "/vapp-replications", body: { name: "web" } },
};
type EndpointName = keyof typeof requests;

const fault = fc.record({
  what: fc.constantFrom<Fault["what"]>(
    ...(["reset-before", "reset-after", "reset-during", "status", "html", "truncated-json"] as const),
    "expire-session",
  ),
  match: fc.record({
    operation: fc.constantFrom("login" as const, "start" as const, "get" as const, "list" as const),
  }),
  skip: fc.nat({ max: 3 }),
  times: fc.integer({ min: 1, max: 4 }),
  status: fc.constantFrom(429, 500, 502, 503),
  taken: fc.boolean(),
});

const schedule = fc.record({
  endpoint: fc.constantFrom<EndpointName>("vcenter", "sddc", "snap", "vcda"),
  faults: fc.array(fault, { minLength: 1, maxLength: 8 }),
  durationMs: fc.integer({ min: 1_000, max: 20_000 }),
});
type Schedule = typeof schedule extends fc.Arbitrary<infer T> ? T : never;

// Faults are counted, so the server calms down.
const mostDeployments = 10;

/** What went wrong with a schedule; nothing is what is wished. */
async function play({ endpoint, faults, durationMs }: Schedule): Promise<string | undefined> {
  const simulator = await startSimulator({ clock, defaultDurationMs: durationMs });
  const folder = mkdtempSync(join(tmpdir(), "random-faults-"));
  const configuration = readConfiguration({
    endpoints: JSON.stringify(endpointsOf(simulator)),
    environment: {},
  });
  // Each deployment is another process, as far as the journal knows.
  const open = (): ReturnType<typeof createContext> =>
    createContext({
      configuration,
      journal: openJournal(folder),
      clock,
      deployment: createFakeDeployment(),
      skipsCheckpoints: false,
    });
  for (const one of faults) simulator.fault(one);
  const given = {
    resourceUrn: `urn:pulumi:dev::p::t::${endpoint}`,
    endpoint,
    request: { method: "POST" as const, ...requests[endpoint] },
  };
  try {
    let ended: string | undefined;
    let last: unknown;
    // What the engine has saved.
    let taskId: string | undefined;
    for (let deployments = 0; deployments < mostDeployments && ended === undefined; deployments += 1) {
      const context = open();
      try {
        taskId ??= (await start(context, given)).taskId;
        const { outcome, failure } = await complete(context, { ...given, startedTaskId: taskId });
        if (failure === undefined) ended = outcome.status;
        last = failure;
      } catch (error) {
        last = error;
        if (!isVmwareTasksError(error)) return `It threw ${String(error)}.`;
        // Sent twice, lost twice: nothing runs, and only the user can say that.
        if (hasCode(error, "VMWARE_MAY_HAVE_STARTED") && simulator.starts.length === 0) ended = "SUCCEEDED";
      } finally {
        await context.close(AbortSignal.timeout(500));
      }
    }
    if (simulator.starts.length > 1) return `There were ${simulator.starts.length} starts.`;
    return ended === "SUCCEEDED" ? undefined : `It did not end well: ${String(last)}.`;
  } finally {
    await simulator.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

// Several at once, for each waits most of its time.
const lanes = 16;

test(
  "an operation ends rightly and is started once, whatever faults its requests meet",
  async () => {
    const { numRuns = 0, seed = 0 } = runs(24);
    const left = fc.sample(schedule, { numRuns, seed });
    const wrongs: string[] = [];
    const lane = async (): Promise<void> => {
      for (let plan = left.pop(); plan !== undefined; plan = left.pop()) {
        const wrong = await play(plan).catch(String);
        if (wrong !== undefined) wrongs.push(`${wrong} ${JSON.stringify(plan)}`);
      }
    };
    await Promise.all(Array.from({ length: lanes }, lane));
    expect(wrongs).toEqual([]);
  },
  limitMs(120),
);
