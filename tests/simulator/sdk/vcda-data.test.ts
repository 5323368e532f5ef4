// The data sources of VCDA in a program, against a simulator.
import { startSimulator, type Simulator } from "../../../provider/simulator";
import { vcda } from "../../../sdk";

const midnight = Date.UTC(2026, 0);
const vapp = "C4VAPP-11111111-1111-4111-8111-111111111111";
let now = midnight;
let simulator: Simulator;
let local = "";
let remote = "";

beforeAll(async () => {
  simulator = await startSimulator({ clock: { now: () => now }, defaultDurationMs: 1_000 });
  const { url, username, password } = simulator;
  process.env.VMWARE_TASKS_ENDPOINTS = JSON.stringify({
    dr: {
      product: "vcda",
      login: "localUser",
      url,
      username,
      password,
      remoteSites: { site2: { username, password } },
    },
  });
  const begin = (path: string): string =>
    simulator.startForeignTask({ product: "vcda", path, user: username });
  local = begin("/backups");
  now += 60_000;
  remote = begin(`/vapp-replications/${vapp}/failover?site=site2`);
});

afterAll(() => simulator.close());

test("getTask reads a task of its site", async () => {
  expect(await vcda.getTask({ endpoint: "dr", id: remote, site: "site2" })).toMatchObject({
    id: remote,
    site: "site2",
    product: "vcda",
    nativeStatus: "QUEUED",
    resources: [{ type: "vappReplication", id: vapp }],
  });
  expect(await vcda.getTask({ endpoint: "dr", id: remote, ifMissing: "undefined" })).toBeUndefined();
});

test("getTasks takes times as ISO 8601 and statuses in any spelling", async () => {
  const ids = async (filter: Omit<vcda.VcdaGetTasksArguments, "endpoint">): Promise<string[]> =>
    (await vcda.getTasks({ endpoint: "dr", ...filter })).tasks.map(({ id }) => id);
  expect(await ids({})).toEqual([local]);
  expect(await ids({ site: "site2", status: ["PENDING", "RUNNING"] })).toEqual([remote]);
  expect(await ids({ site: "site2", status: "SUCCEEDED" })).toEqual([]);
  expect(await ids({ startTimeAfter: "2026-01-01T00:00:00Z" })).toEqual([]);
  expect(
    await ids({ startTimeAfter: "2025-12-31T23:59:59.999Z", endTimeBefore: "2026-01-01T00:01:00Z" }),
  ).toEqual([local]);
  expect(await ids({ ids: [local] })).toEqual([local]);
  expect((await vcda.getTasks({ endpoint: "dr" })).counts).toMatchObject({ SUCCEEDED: 1, FAILED: 0 });
});

test("wrong arguments are told all at once", async () => {
  const wrong = {
    endpoint: "dr",
    user: "a",
    destinationOrg: "b",
    startTimeAfter: "yesterday",
    offset: -1,
    colour: "blue",
  } as vcda.VcdaGetTasksArguments;
  const error = (await vcda.getTasks(wrong).catch((thrown: unknown) => thrown)) as Error;
  expect(error.message).toContain("there is no such argument: colour");
  expect(error.message).toContain("startTimeAfter: must be an ISO 8601 time");
  expect(error.message).toContain("offset: must be a whole number from 0");
  const both = await vcda
    .getTasks({ endpoint: "dr", user: "a", destinationOrg: "b" })
    .catch((thrown: unknown) => thrown);
  expect((both as Error).message).toContain("VCDA takes `user` or `destinationOrg`, not both");
  const cut = await vcda
    .getTasks({ endpoint: "dr", status: "FAILED", offset: 2 })
    .catch((thrown: unknown) => thrown);
  expect((cut as Error).message).toContain("with `status` leave it out");
});
