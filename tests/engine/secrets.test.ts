import { withStack } from "../support/with-stack";

jest.setTimeout(120_000);

const canaries = {
  password: "canary-in-endpoint-1",
  header: "canary-in-header-2",
  marked: "canary-marked-secret-3",
  named: "canary-named-password-4",
  whole: "canary-whole-request-5",
  expected: "canary-expected-6",
  nested: "canary-nested-7",
  answered: "canary-answered-at-once-8",
};

it("no secret of configuration or request is in the state, on the screen or in the journal", async () => {
  const simulate = { password: canaries.password };
  const endpoint = { headers: { "x-gateway-key": canaries.header } };
  await withStack({ simulate, endpoint }, async (stack, simulator) => {
    // The server echoes what it was sent, in the failure and in the result.
    simulator.script({
      match: { path: "/v1/hosts" },
      outcome: "FAILED",
      error: [{ errorCode: "BAD_HOST", message: "cannot log in with {body.0.license} or {body.0.password}" }],
    });
    simulator.script({
      match: { path: "/v1/system/odd" },
      immediate: { status: 200, body: { thing: canaries.answered } },
    });
    stack.program(`
      new vmware.Operation("answered", {
        endpoint: "sddc",
        request: { method: "POST", path: "/v1/system/odd" },
        sensitiveResult: true,
      });
      const host = { fqdn: "esx-1.example.com", username: "root", storageType: "VSAN", networkPoolId: "np-1" };
      const hosts = new vmware.Operation("hosts", {
        endpoint: "sddc",
        request: { method: "POST", path: "/v1/hosts", body: [{ ...host, password: "${canaries.named}", license: pulumi.secret("${canaries.marked}") }] },
        onFailure: "warn",
      });
      const whole = new vmware.Operation("whole", {
        endpoint: "vcenter",
        request: pulumi.secret({ method: "POST", path: "/api/vcenter/vm?action=clone", body: { source: "vm-1", name: "${canaries.whole}" } }),
        delete: (done) => ({ method: "DELETE", path: "/api/vcenter/vm/" + done.result, headers: { "x-key": pulumi.secret("${canaries.marked}") } }),
        sensitiveResult: true,
      });
      // A condition on a secret value is told without the value; a secret within an output is one too.
      new vmware.Operation("nested", {
        endpoint: "vcenter",
        request: pulumi.output(1).apply(() => ({ method: "POST", path: "/api/vcenter/vm?action=clone", body: { source: "vm-1", name: "nested", note: pulumi.secret("${canaries.nested}") } })),
        expect: [{ path: "result", equals: pulumi.secret("${canaries.expected}") }],
        onFailure: "warn",
        retry: { onNextUp: "look" },
      });
      return { task: hosts.task };`);
    const up = await stack.up();
    const again = await stack.up();
    const refresh = await stack.run("refresh", "--yes", "--skip-preview");
    const seen = [up, again, refresh].map(({ text }) => text).join("\n") + stack.allFiles();
    expect(up.code).toBe(0);
    expect(up.text).toContain("cannot log in with [secret] or [secret]");
    for (const canary of Object.values(canaries)) expect(seen).not.toContain(canary);
    const { text } = await stack.run("stack", "export", "--show-secrets");
    expect(text).toContain(canaries.marked);
    const destroy = await stack.destroy();
    expect(destroy.code).toBe(0);
    for (const canary of Object.values(canaries))
      expect(destroy.text + stack.allFiles()).not.toContain(canary);
    // What the program's own condition refused is still there, and destroy says so.
    expect(destroy.text).toContain("is not undone");
    expect(simulator.objects("/api/vcenter/vm")).toHaveLength(1);
  });
});

it("configuration of the stack, with a secret inside, reaches provider and data sources alike", async () => {
  await withStack({ simulate: { password: canaries.password } }, async (stack, simulator) => {
    delete stack.environment.VMWARE_TASKS_ENDPOINTS;
    const endpoints = JSON.stringify({
      vcenter: {
        product: "vcenter",
        url: simulator.url,
        username: simulator.username,
        password: simulator.password,
      },
    });
    await stack.run("config", "set", "--secret", "vmware-tasks:endpoints", endpoints);
    await stack.run(
      "config",
      "set",
      "vmware-tasks:retryPolicies",
      '{"gentle":{"maxAttempts":2,"delay":"100ms"}}',
    );
    simulator.script({ match: { path: "/api/vcenter/vm?action=clone" }, times: 1, outcome: "FAILED" });
    stack.program(`
      const op = new vmware.Operation("web", {
        endpoint: "vcenter",
        request: { method: "POST", path: "/api/vcenter/vm?action=clone", body: { source: "vm-1", name: "web" } },
        retry: "gentle",
      });
      const task = vmware.vcenter.getTaskOutput({ endpoint: "vcenter", id: op.taskId });
      return { attempts: op.attempts, status: task.status };`);
    const up = await stack.up();
    expect(up.code).toBe(0);
    expect(await stack.outputs()).toEqual({ attempts: 2, status: "SUCCEEDED" });
    expect(up.text + stack.allFiles()).not.toContain(canaries.password);
  });
});
