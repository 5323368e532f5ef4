import { withSimulator, type Send } from "./with-simulator";

const host = (fqdn: string): Record<string, string> => ({
  fqdn,
  username: "root",
  password: "VMw@re-secret-1!",
  storageType: "VSAN",
  networkPoolId: "58d74167-ee80-4eb8-90d9-cdfa3c1cd9f3",
});

interface Task {
  readonly id: string;
  readonly status: string;
  readonly resources: { readonly resourceId: string }[];
}

const commission = (sddc: Send, ...fqdns: string[]): ReturnType<Send> =>
  sddc("POST", "/v1/hosts", fqdns.map(host));
const task = async (sddc: Send, { body }: { body: unknown }): Promise<Task> =>
  (await sddc("GET", `/v1/tasks/${(body as Task).id}`)).body as Task;

test("commissions hosts, which exist once the task has succeeded, and names them in its resources", async () => {
  await withSimulator({}, async ({ sddc, pass, simulator }) => {
    const started = await commission(sddc, "esx1.test", "esx2.test");
    expect(started).toMatchObject({
      status: 202,
      body: {
        type: "HOST_COMMISSION",
        name: expect.stringContaining("esx1.test, esx2.test") as string,
        resources: [],
      },
    });
    expect(simulator.objects("/v1/hosts")).toEqual([]);
    pass(1000);
    const { resources } = await task(sddc, started);
    expect(resources).toMatchObject([
      { type: "ESXI", fqdn: "esx1.test" },
      { type: "ESXI", fqdn: "esx2.test" },
    ]);
    const id = resources[0]?.resourceId ?? "";
    expect((await sddc("GET", `/v1/hosts/${id}`)).body).toMatchObject({
      id,
      fqdn: "esx1.test",
      status: "UNASSIGNED_USEABLE",
    });
    const { body } = await sddc("GET", "/v1/hosts?fqdn=esx2.test");
    expect(body).toMatchObject({ elements: [{ fqdn: "esx2.test" }], pageMetadata: { totalElements: 1 } });
  });
});

test("never shows a password in a reply", async () => {
  await withSimulator({}, async ({ sddc, send, pass }) => {
    const started = await commission(sddc, "esx1.test");
    pass(1000);
    const { id } = started.body as Task;
    for (const path of [
      `/v1/tasks/${id}`,
      "/v1/tasks",
      "/v1/hosts",
      "/_simulator/starts",
      "/_simulator/tasks",
      "/_simulator/requests",
    ]) {
      const { status, text } = path.startsWith("/v1") ? await sddc("GET", path) : await send("GET", path);
      expect(status).toBe(200);
      expect(text).not.toContain("VMw@re");
    }
  });
});

test("echoes a secret when a script says so, for tests of redaction", async () => {
  const error = [{ errorCode: "X", message: "Login of {body.0.fqdn} with '{body.0.password}' failed." }];
  await withSimulator({ scripts: [{ outcome: "FAILED", error }] }, async ({ sddc, pass }) => {
    const started = await commission(sddc, "esx1.test");
    pass(1000);
    expect(await task(sddc, started)).toMatchObject({
      errors: [{ message: "Login of esx1.test with 'VMw@re-secret-1!' failed." }],
    });
  });
});

test("lets a task fail whose host is commissioned already or is being so", async () => {
  await withSimulator({}, async ({ sddc, pass, simulator }) => {
    await commission(sddc, "esx1.test");
    const early = await commission(sddc, "esx2.test", "esx1.test");
    pass(1000);
    const late = await commission(sddc, "esx1.test");
    pass(1000);
    for (const started of [early, late]) {
      expect(await task(sddc, started)).toMatchObject({
        status: "Failed",
        errors: [],
        isRetryable: false,
        subTasks: [{ status: "FAILED", errors: [{ errorCode: "HOST_ALREADY_COMMISSIONED" }] }, {}, {}, {}],
      });
    }
    expect(simulator.objects("/v1/hosts")).toHaveLength(1);
  });
});

test("decommissions a host, after which it can be commissioned again", async () => {
  await withSimulator({}, async ({ sddc, pass, simulator }) => {
    simulator.addObject("/v1/hosts", { fqdn: "esx1.test" });
    const started = await sddc("DELETE", "/v1/hosts", [{ fqdn: "esx1.test" }]);
    expect(started).toMatchObject({ status: 202, body: { type: "HOST_DECOMMISSION" } });
    expect(simulator.objects("/v1/hosts")).toHaveLength(1);
    pass(1000);
    expect(simulator.objects("/v1/hosts")).toEqual([]);
    expect(await sddc("DELETE", "/v1/hosts", [{ fqdn: "esx1.test" }])).toMatchObject({
      status: 404,
      body: { errorCode: "HOST_NOT_FOUND", errorType: "ERROR" },
    });
    const again = await commission(sddc, "esx1.test");
    pass(1000);
    expect((await task(sddc, again)).status).toBe("Successful");
  });
});

test("makes the hosts when a retry succeeds, and frees their names when the task fails", async () => {
  await withSimulator({}, async ({ sddc, pass, simulator }) => {
    simulator.script({ outcome: "FAILED", times: 1 });
    const started = await commission(sddc, "esx1.test");
    pass(1000);
    expect(simulator.objects("/v1/hosts")).toEqual([]);
    await sddc("PATCH", `/v1/tasks/${(started.body as Task).id}`);
    pass(1000);
    expect(simulator.objects("/v1/hosts")).toMatchObject([{ name: "esx1.test" }]);
    expect((await task(sddc, started)).resources).toHaveLength(1);
  });
});

test.each([
  ["no list", {}, "list of hosts"],
  ["an empty list", [], "list of hosts"],
  ["a host without a name", [{ ...host("a"), fqdn: "" }], "fqdn"],
  ["a host without a password", [host("a"), { ...host("b"), password: undefined }], "password of host 2"],
  ["a host twice", [host("a"), host("a")], "listed twice"],
])("refuses %s with 400", async (_, body, text) => {
  await withSimulator({}, async ({ sddc, simulator }) => {
    const answer = await sddc("POST", "/v1/hosts", body);
    expect(answer).toMatchObject({ status: 400, body: { errorCode: "INVALID_REQUEST_BODY" } });
    expect(answer.text).toContain(text);
    expect(simulator.starts).toEqual([]);
  });
});

test("keeps workload domains, with the name in domainName", async () => {
  await withSimulator({}, async ({ sddc, pass }) => {
    const started = await sddc("POST", "/v1/domains", { domainName: "wld01" });
    expect(started).toMatchObject({ status: 202, body: { type: "DOMAIN_CREATION" } });
    expect(await sddc("POST", "/v1/domains", { domainName: "wld01" })).toMatchObject({
      status: 400,
      body: { errorCode: "RESOURCE_ALREADY_EXISTS" },
    });
    pass(1000);
    const id = (await task(sddc, started)).resources[0]?.resourceId ?? "";
    expect((await sddc("GET", `/v1/domains/${id}`)).body).toMatchObject({ id, domainName: "wld01" });
    expect((await sddc("DELETE", `/v1/domains/${id}`)).status).toBe(202);
    pass(1000);
    expect((await sddc("GET", `/v1/domains/${id}`)).status).toBe(404);
    expect((await sddc("DELETE", `/v1/domains/${id}`)).status).toBe(404);
  });
});
