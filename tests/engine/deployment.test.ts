import { writeFileSync } from "node:fs";

import { until } from "../support/until";
import { well } from "../support/stack";
import { withStack } from "../support/with-stack";

jest.setTimeout(600_000);

const clones = (count: number, endpoint = "vcenter"): string => `
  const ops = Array.from({ length: ${count} }, (_, i) => new vmware.Operation("vm-" + i, {
    endpoint: "${endpoint}",
    request: { method: "POST", path: "/api/vcenter/vm?action=clone", body: { source: "vm-1", name: "vm-" + i } },
  }));
  return { statuses: pulumi.all(ops.map(({ status }) => status)) };`;

it("never has more operations under way than maxConcurrentOperations, and gets all of them done", async () => {
  const options = {
    program: clones(12),
    endpoint: { maxConcurrentOperations: 2 },
    simulate: { defaultDurationMs: 500 },
  };
  await withStack(options, async (stack, simulator) => {
    let most = 0;
    const watch = setInterval(() => {
      most = Math.max(
        most,
        simulator.tasks().filter(({ finishedAt }) => (finishedAt ?? Infinity) > Date.now()).length,
      );
    }, 20);
    const up = await stack.up("--parallel", "4");
    clearInterval(watch);
    expect(up.code).toBe(0);
    expect(up.text).toContain("There are more operations than the 4 steps");
    expect(simulator.starts).toHaveLength(12);
    expect(most).toBeLessThanOrEqual(2);
    expect(most).toBeGreaterThan(0);
  });
});

it("renaming an endpoint restarts nothing", async () => {
  await withStack({ program: clones(1) }, async (stack, simulator) => {
    expect((await stack.up()).code).toBe(0);
    const { vcenter } = JSON.parse(stack.environment.VMWARE_TASKS_ENDPOINTS ?? "{}") as Record<
      string,
      object
    >;
    stack.environment.VMWARE_TASKS_ENDPOINTS = JSON.stringify({
      primary: { ...vcenter, formerNames: ["vcenter"] },
    });
    stack.program(clones(1, "primary"));
    const up = await stack.up();
    expect(up.code).toBe(0);
    expect(up.text).not.toMatch(/replaced|created/);
    expect(simulator.starts).toHaveLength(1);
    expect((await stack.destroy()).code).toBe(0);
  });
});

it("a deployment that writes no checkpoints is warned about, and still starts once when it is killed", async () => {
  const options = {
    program: clones(1),
    simulate: { defaultDurationMs: 600_000 },
    environment: { PULUMI_SKIP_CHECKPOINTS: "true" },
  };
  await withStack(options, async (stack, simulator) => {
    const up = stack.start("up", "--yes", "--skip-preview");
    await until(() => simulator.counts().get > 0, "the wait has begun");
    // The CLI has got it, and prints it a little later.
    await until(() => up.text().includes("PULUMI_SKIP_CHECKPOINTS is set"), "the warning is printed");
    up.kill();
    await up.ended;
    await stack.run("cancel", "--yes");
    simulator.finish(simulator.starts[0]?.taskId ?? "");
    expect((await stack.up()).code).toBe(0);
    expect(simulator.starts).toHaveLength(1);
    expect(await stack.outputs()).toEqual({ statuses: ["SUCCEEDED"] });
  });
});

it("a policy of the configuration holds for the operations that it applies to", async () => {
  await withStack({ program: clones(1) }, async (stack, simulator) => {
    await stack.run(
      "config",
      "set",
      "vmware-tasks:retryPolicies",
      '{"clones":{"maxAttempts":3,"delay":"50ms","applyTo":{"product":"vcenter","path":"action=clone"}}}',
    );
    simulator.script({ match: { method: "POST" }, times: 2, outcome: "FAILED" });
    expect((await stack.up()).code).toBe(0);
    expect(simulator.starts).toHaveLength(3);
  });
});

it("a busy server is waited for, and a lost reply starts nothing twice", async () => {
  await withStack({ program: clones(1) }, async (stack, simulator) => {
    await stack.run("config", "set", "vmware-tasks:retryPolicies", '{"all":{"delay":"100ms","applyTo":{}}}');
    simulator.script({ match: { method: "POST" }, times: 2, reply: { error: "RESOURCE_BUSY" } });
    simulator.fault({ match: { operation: "start" }, skip: 2, what: "reset-after" });
    const up = await stack.up();
    expect(up.code).toBe(0);
    expect(up.text).toContain("The server is busy and nothing was started");
    expect(simulator.starts).toHaveLength(1);
    expect(await stack.outputs()).toEqual({ statuses: ["SUCCEEDED"] });
  });
});

it("faults on the way do not end a wait", async () => {
  await withStack(
    { program: clones(1), simulate: { defaultDurationMs: 3_000 } },
    async (stack, simulator) => {
      for (const what of ["html", "truncated-json", "reset-before", "expire-session"] as const) {
        simulator.fault({ match: { operation: "get" }, what });
      }
      simulator.fault({ match: { operation: "get" }, what: "status", status: 503 });
      expect((await stack.up()).code).toBe(0);
      expect(simulator.starts).toHaveLength(1);
      expect(simulator.counts().login).toBe(2);
    },
  );
});

it("a token that a command gives is taken anew when the server no longer takes it", async () => {
  const command = "cat token-of-the-day";
  const endpoint = { username: undefined, password: undefined, tokenCommand: command };
  await withStack(
    { program: clones(1), endpoint, simulate: { defaultDurationMs: 600_000 } },
    async (stack, simulator) => {
      const logIn = async (): Promise<void> => {
        const credentials = Buffer.from(`${simulator.username}:${simulator.password}`).toString("base64");
        const reply = await fetch(`${simulator.url}/api/session`, {
          method: "POST",
          headers: { authorization: `Basic ${credentials}` },
        });
        writeFileSync(`${stack.folder}/token-of-the-day`, (await reply.json()) as string);
      };
      await logIn();
      const up = stack.start("up", "--yes", "--skip-preview");
      await until(() => simulator.counts().get > 0, "the wait has begun");
      // The new one is there when the old one ends: in between, the command would give what is refused.
      await logIn();
      simulator.fault({ what: "expire-session", match: { operation: "get" } });
      await until(() => simulator.requests.some(({ status }) => status === 401), "the old one is refused");
      simulator.finish(simulator.starts[0]?.taskId ?? "");
      expect((await up.ended).code).toBe(0);
      expect(simulator.starts).toHaveLength(1);
    },
  );
});

it("an operation that is answered at once without a body succeeds, and stays as it is", async () => {
  await withStack({}, async (stack, simulator) => {
    simulator.script({ match: { path: "/v1/system/odd" }, immediate: { status: 204 } });
    stack.program(`
      const op = new vmware.Operation("odd", { endpoint: "sddc", request: { method: "POST", path: "/v1/system/odd" } });
      return { status: op.status, result: op.result };`);
    await well(stack.up());
    expect(await stack.outputs()).toEqual({ status: "SUCCEEDED", result: null });
    expect((await stack.preview("--expect-no-changes")).code).toBe(0);
    expect(simulator.starts).toHaveLength(1);
  });
});
