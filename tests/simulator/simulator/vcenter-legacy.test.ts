import { withSimulator } from "./with-simulator";

const cluster = "/rest/vcenter/vcha/cluster?action=failover&vmw-task=true";

test("wraps what it answers, and starts with 200", async () => {
  await withSimulator({}, async ({ vcenter, pass }) => {
    const started = await vcenter("POST", cluster);
    expect(started).toMatchObject({
      status: 200,
      body: { value: expect.stringMatching(/:com\.vmware\.vcenter\.vcha\.cluster$/) as string },
    });
    const id = (started.body as { value: string }).value;
    pass(1000);
    const info = await vcenter("GET", `/rest/cis/tasks/${id}?spec.exclude_result=true`);
    expect(info).toMatchObject({
      status: 200,
      body: { value: { status: "SUCCEEDED", operation: "failover$task" } },
    });
  });
});

test.each([
  ["repeated names", (ids: string[]) => ids.map((id) => `filter_spec.tasks=${id}`)],
  [
    "numbered names",
    (ids: string[]) => ids.map((id, index) => `filter_spec.tasks.${String(index + 1)}=${id}`),
  ],
])("lists by query with %s", async (_, toQuery) => {
  await withSimulator({}, async ({ vcenter }) => {
    const ids: string[] = [];
    for (let index = 0; index < 2; index += 1) {
      ids.push(((await vcenter("POST", cluster)).body as { value: string }).value);
    }
    const { status, body } = await vcenter("GET", `/rest/cis/tasks?${toQuery(ids).join("&")}`);
    expect(status).toBe(200);
    const { value } = body as { value: { key: string; value: object }[] };
    expect(value.map(({ key }) => key)).toEqual(ids);
    expect(value[0]?.value).toMatchObject({ status: "PENDING" });
  });
});

test("filters by targets in their numbered form", async () => {
  await withSimulator({}, async ({ vcenter, simulator }) => {
    const [first] = ["c-1", "c-2"].map((id) =>
      simulator.startForeignTask({
        product: "vcenter",
        path: `/api/esx/settings/clusters/${id}/software?action=apply`,
      }),
    );
    const query = [
      "filter_spec.services=com.vmware.esx.settings.clusters.software",
      "filter_spec.targets.1.type=ClusterComputeResource",
      "filter_spec.targets.1.id=c-1",
    ].join("&");
    const { body } = await vcenter("GET", `/rest/cis/tasks?${query}`);
    expect((body as { value: { key: string }[] }).value.map(({ key }) => key)).toEqual([first]);
  });
});

test("renders maps inside of a result as lists of entries, and as objects in the newer form", async () => {
  await withSimulator({ defaultDurationMs: 0 }, async ({ vcenter, simulator }) => {
    simulator.script({
      result: { hosts: { $map: { "host-1": { ok: true } } }, notice: { id: "x", params: { n: { i: 1 } } } },
    });
    const id = ((await vcenter("POST", cluster)).body as { value: string }).value;
    const old = await vcenter("GET", `/rest/cis/tasks/${id}`);
    expect((old.body as { value: { result: unknown } }).value.result).toEqual({
      hosts: [{ key: "host-1", value: { ok: true } }],
      notice: { id: "x", params: [{ key: "n", value: { i: 1 } }] },
    });
    const now = await vcenter("GET", `/api/cis/tasks/${id}`);
    expect((now.body as { result: unknown }).result).toEqual({
      hosts: { "host-1": { ok: true } },
      notice: { id: "x", params: { n: { i: 1 } } },
    });
  });
});

test.each([
  ["RESOURCE_BUSY", 500, 400],
  ["RESOURCE_INACCESSIBLE", 500, 400],
  ["ERROR", 500, 400],
  ["CONCURRENT_CHANGE", 409, 400],
  ["TIMED_OUT", 500, 504],
  ["UNABLE_TO_ALLOCATE_RESOURCE", 500, 400],
  ["NOT_ALLOWED_IN_CURRENT_STATE", 400, 400],
  ["UNAUTHORIZED", 403, 403],
  ["SERVICE_UNAVAILABLE", 503, 503],
])("answers %s with %i, and with %i in the old form", async (error, api, rest) => {
  await withSimulator({ scripts: [{ reply: { error, message: "No." } }] }, async ({ vcenter }) => {
    const messages = [{ default_message: "No." }];
    expect(await vcenter("POST", cluster.replace("/rest/", "/api/"))).toMatchObject({
      status: api,
      body: { error_type: error, messages },
    });
    expect(await vcenter("POST", cluster)).toMatchObject({
      status: rest,
      body: { type: `com.vmware.vapi.std.errors.${error.toLowerCase()}`, value: { messages } },
    });
  });
});

test("cancels with 200 and names the same virtual machines, with the body wrapped in spec", async () => {
  await withSimulator({}, async ({ vcenter, pass }) => {
    const clone = await vcenter("POST", "/rest/vcenter/vm?action=clone&vmw-task=true", {
      spec: { source: "vm-1", name: "old" },
    });
    expect(clone.status).toBe(200);
    pass(1000);
    expect((await vcenter("GET", "/api/vcenter/vm")).body).toMatchObject([{ name: "old" }]);
    expect((await vcenter("GET", "/rest/vcenter/vm")).body).toMatchObject({ value: [{ name: "old" }] });
    const other = ((await vcenter("POST", cluster)).body as { value: string }).value;
    expect((await vcenter("POST", `/rest/cis/tasks/${other}?action=cancel`)).status).toBe(200);
    expect((await vcenter("DELETE", "/rest/vcenter/vm/vm-101")).status).toBe(200);
  });
});
