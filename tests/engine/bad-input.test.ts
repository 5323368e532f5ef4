import { createServer } from "node:net";

import { createStack } from "../support/stack";
import { withStack } from "../support/with-stack";

jest.setTimeout(600_000);

const canary = "canary-3141592653";

it("tells everything that is wrong with an operation at preview, in one error and without a secret", async () => {
  const stack = await createStack({
    environment: {
      VMWARE_TASKS_ENDPOINTS: JSON.stringify({
        vcenter: { product: "vcenter", url: `https://user:${canary}@vc.example.com`, username: "deploy" },
      }),
    },
    program: `
      new vmware.Operation("web", {
        endpoint: "vcenter",
        request: { method: "FETCH", query: { a: "b" }, body: { password: "${canary}" } },
        timeout: "soon",
        retry: "no-such-policy",
        colour: "blue",
        expect: [{ path: "result.status", matches: "(" }],
        onTimeout: "explode",
      });`,
  });
  try {
    const { code, text } = await stack.preview();
    expect(code).not.toBe(0);
    expect(text).toContain('Operation "web" cannot be started');
    for (const problem of [
      "request.method: must be GET, POST, PUT, PATCH or DELETE",
      "request.path: is missing",
      "timeout: must be a number with a unit",
      'retry: there is no policy "no-such-policy"',
      "there is no such argument: colour",
      "expect[0].matches: must be a regular expression",
      "onTimeout: must be detach or cancel",
      "VMWARE_TASKS_ENDPOINTS.vcenter.url: must be an http or https URL",
    ]) {
      expect(text).toContain(problem);
    }
    expect(text).not.toContain(canary);
    // One sentence for people, not a stack of ours.
    expect(text.match(/ at .*dist/g)?.length ?? 0).toBeLessThan(8);
  } finally {
    stack.remove();
  }
});

it.each([
  ["an unknown endpoint", {}, '"vcenter" is not configured; VMWARE_TASKS_ENDPOINTS has: sddc'],
  [
    "an unknown product",
    { product: "esxi", url: "https://a.example.com" },
    "product: must be one of vcenter, snapservice, sddc-manager",
  ],
  [
    "a missing password",
    { product: "vcenter", url: "https://a.example.com", username: "deploy" },
    "VMWARE_TASKS_VCENTER_PASSWORD",
  ],
])("tells of %s at preview", async (_what, endpoint, says) => {
  const endpoints = { sddc: {}, ...("product" in endpoint ? { vcenter: endpoint } : {}) };
  const stack = await createStack({
    environment: { VMWARE_TASKS_ENDPOINTS: JSON.stringify(endpoints) },
    program:
      'new vmware.Operation("web", { endpoint: "vcenter", request: { method: "POST", path: "/api/a" } });',
  });
  try {
    const { code, text } = await stack.preview();
    expect(code).not.toBe(0);
    expect(text).toContain(says);
  } finally {
    stack.remove();
  }
});

const clone = `
  const op = new vmware.Operation("web", {
    endpoint: "vcenter",
    request: { method: "POST", path: "/api/vcenter/vm?action=clone", body: { source: "vm-1", name: "web" } },
  });`;

it("a mistake that is only known at the deployment starts nothing", async () => {
  await withStack({}, async (stack, simulator) => {
    stack.program(`
      const late = new vmware.Operation("first", {
        endpoint: "vcenter",
        request: { method: "POST", path: "/api/vcenter/vm?action=clone", body: { source: "vm-1", name: "first" } },
      });
      new vmware.Operation("second", {
        endpoint: "vcenter",
        request: { method: "POST", path: "/api/vcenter/vm?action=clone", body: { source: "vm-1", name: "second" } },
        timeout: late.taskId,
      });`);
    expect((await stack.preview()).code).toBe(0);
    const { code, text } = await stack.up();
    expect(code).not.toBe(0);
    expect(text).toContain("timeout: must be a number with a unit");
    expect(simulator.starts).toHaveLength(1);
  });
});

it("sends a wrong password once, and says at which endpoint and which schemes the server offers", async () => {
  await withStack({ program: clone, endpoint: { password: canary } }, async (stack, simulator) => {
    const { code, text } = await stack.up();
    expect(code).not.toBe(0);
    expect(text).toContain('Endpoint "vcenter"');
    expect(text).toContain("Basic realm");
    expect(text).not.toContain(canary);
    expect(simulator.counts().login).toBe(1);
    expect(Object.keys(await stack.resources())).not.toContain("StartedTask::web");
  });
});

it("names the three ways to trust a certificate that nobody has signed", async () => {
  await withStack({ program: clone, simulate: { https: true } }, async (stack, simulator) => {
    const { code, text } = await stack.up();
    expect(code).not.toBe(0);
    for (const way of ["caCertificates", "serverFingerprint", "insecureSkipTlsVerify"])
      expect(text).toContain(way);
    stack.environment.VMWARE_TASKS_ENDPOINTS = JSON.stringify({
      vcenter: {
        product: "vcenter",
        url: simulator.url,
        username: simulator.username,
        password: simulator.password,
        caCertificates: simulator.certificate,
      },
    });
    expect((await stack.up()).code).toBe(0);
  });
});

it("waits for a host that cannot be reached as long as reachTimeout, and then has started and saved nothing", async () => {
  const port = await new Promise<number>((done) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port: free } = server.address() as { port: number };
      server.close(() => done(free));
    });
  });
  const stack = await createStack({
    environment: {
      VMWARE_TASKS_ENDPOINTS: JSON.stringify({
        vcenter: {
          product: "vcenter",
          url: `http://127.0.0.1:${port}`,
          username: "deploy",
          password: canary,
          reachTimeout: "2s",
        },
      }),
    },
    program: clone,
  });
  try {
    const { code, text } = await stack.up();
    expect(code).not.toBe(0);
    expect(text).toContain("waiting for endpoint vcenter");
    expect(text).toContain("(reachTimeout); nothing was started");
    expect(Object.keys(await stack.resources())).not.toContain("StartedTask::web");
  } finally {
    stack.remove();
  }
});
