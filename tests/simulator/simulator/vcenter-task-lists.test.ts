import { withSimulator, type Bench, type Send } from "./with-simulator";

const list = (vcenter: Send, filter_spec?: unknown, result_spec?: unknown): ReturnType<Send> =>
  vcenter("POST", "/api/cis/tasks?action=list", { filter_spec, result_spec });

const software = "com.vmware.esx.settings.clusters.software";

async function startThree({ vcenter }: Bench): Promise<string[]> {
  const ids = [];
  for (const action of ["apply", "check", "scan"]) {
    const { body } = await vcenter(
      "POST",
      `/api/esx/settings/clusters/c-${action.length}/software?action=${action}&vmw-task=true`,
    );
    ids.push(String(body));
  }
  return ids;
}

test("answers a map of the tasks it knows; unknown ids are simply missing", async () => {
  await withSimulator({}, async (bench) => {
    const [first = "", second = ""] = await startThree(bench);
    const unknown = `52f9f1b0-160a-25fe-fd1e-e7526df80e0d:${software}`;
    const { status, body } = await list(bench.vcenter, { tasks: [first, unknown, second, first] });
    expect(status).toBe(200);
    expect(Object.keys(body as object)).toEqual([first, second]);
    const alone = await bench.vcenter("GET", `/api/cis/tasks/${first}`);
    expect((body as Record<string, unknown>)[first]).toEqual(alone.body);
  });
});

test.each([
  ["operations", { services: [software], operations: ["check$task"] }, [1]],
  ["status", { services: [software], status: ["RUNNING"] }, [0, 2]],
  ["several states", { services: [software], status: ["FAILED", "SUCCEEDED"] }, [1]],
  ["users", { services: [software], users: ["nobody"] }, []],
  ["targets", { services: [software], targets: [{ type: "ClusterComputeResource", id: "c-4" }] }, [2]],
  ["an empty field, which matches all", { services: [software], users: [], operations: null }, [0, 1, 2]],
])("filters by %s", async (_, filter, expected) => {
  await withSimulator({}, async (bench) => {
    const ids = await startThree(bench);
    bench.simulator.finish(ids[1] ?? "", "CANCELLED");
    bench.pass(500);
    const { status, body } = await list(bench.vcenter, filter);
    expect(status).toBe(200);
    expect(Object.keys(body as object)).toEqual(expected.map((index) => ids[index]));
  });
});

test("leaves results out when asked to", async () => {
  await withSimulator({ scripts: [{ result: { big: true } }] }, async (bench) => {
    const [id = ""] = await startThree(bench);
    bench.pass(1000);
    const full = await list(bench.vcenter, { tasks: [id] });
    const lean = await list(bench.vcenter, { tasks: [id] }, { exclude_result: true });
    expect(full.body).toHaveProperty([id, "result"]);
    expect(lean.body).not.toHaveProperty([id, "result"]);
  });
});

test.each([
  ["no filter", undefined, /At least one/],
  ["an empty filter", { tasks: [], services: [] }, /At least one/],
  ["a filter by status alone", { status: ["RUNNING"] }, /At least one/],
  ["ids of two providers", { tasks: ["1:com.vmware.a", "2:com.vmware.b"] }, /same provider/],
  [
    "a service beside tasks of another",
    { tasks: ["1:com.vmware.a"], services: ["com.vmware.b"] },
    /same provider/,
  ],
  ["an id without a provider", { tasks: ["1:com.vmware.a", "garbage"] }, /Cannot find provider/],
  ["a status that is none", { services: [software], status: ["DONE"] }, /DONE/],
  ["tasks that are no list", { tasks: "one" }, /list of strings/],
])("refuses %s with 400", async (_, filter, text) => {
  await withSimulator({}, async ({ vcenter }) => {
    const answer = await list(vcenter, filter);
    expect(answer).toMatchObject({ status: 400, body: { error_type: "INVALID_ARGUMENT" } });
    expect(answer.text).toMatch(text);
  });
});

test("answers 1000 matches and refuses 1001 with 500", async () => {
  await withSimulator({}, async ({ vcenter, simulator }) => {
    const foreign = (): string =>
      simulator.startForeignTask({ product: "vcenter", path: "/api/esx/settings/depots?action=sync" });
    const ids = Array.from({ length: 1000 }, foreign);
    const services = ["com.vmware.esx.settings.depots"];
    expect(Object.keys((await list(vcenter, { services })).body as object)).toHaveLength(1000);
    ids.push(foreign());
    const answer = await list(vcenter, { tasks: ids });
    expect(answer).toMatchObject({ status: 500, body: { error_type: "RESOURCE_INACCESSIBLE" } });
  });
});

test("counts a list as one request, however many tasks it holds", async () => {
  await withSimulator({}, async (bench) => {
    const ids = await startThree(bench);
    await list(bench.vcenter, { tasks: ids });
    expect(bench.simulator.counts()).toMatchObject({ login: 1, start: 3, list: 1, get: 0 });
  });
});
