import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { canaryOf, leaksIn, secretsOf } from "../support/canary";
import { until } from "../support/until";
import { withStack } from "../support/with-stack";

jest.setTimeout(600_000);

const canaries = {
  password: canaryOf("endpoint"),
  header: canaryOf("header"),
  marked: canaryOf("marked"),
  named: canaryOf("named"),
  whole: canaryOf("whole"),
  expected: canaryOf("expected"),
  nested: canaryOf("nested"),
  answered: canaryOf("answered"),
  json: canaryOf("json"),
  query: canaryOf("query"),
  cleanup: canaryOf("cleanup"),
  observed: canaryOf("observed"),
};

/** A canary as a text of the program. */
const quoted = (name: keyof typeof canaries): string => JSON.stringify(canaries[name]);

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
        request: { method: "POST", path: "/v1/hosts", body: [{ ...host, password: ${quoted("named")}, license: pulumi.secret(${quoted("marked")}) }] },
        onFailure: "warn",
      });
      // Nothing but the names of its fields says that there are secrets in a text and in a path.
      new vmware.Operation("texts", {
        endpoint: "sddc",
        request: { method: "POST", path: "/v1/domains?refreshToken=" + encodeURIComponent(${quoted("query")}), body: { domainName: "a", spec: JSON.stringify({ password: ${quoted("json")} }) } },
        retry: { cleanup: { method: "DELETE", path: "/v1/domains/x", body: { password: ${quoted("cleanup")} } } },
        observe: { request: { method: "GET", path: "/v1/domains", headers: { "x-extra-token": ${quoted("observed")} } } },
        // What is observed is stored as the server gives it, and this one gives back all that it got.
        sensitiveResult: true,
      });
      const whole = new vmware.Operation("whole", {
        endpoint: "vcenter",
        request: pulumi.secret({ method: "POST", path: "/api/vcenter/vm?action=clone", body: { source: "vm-1", name: ${quoted("whole")} } }),
        delete: (done) => ({ method: "DELETE", path: "/api/vcenter/vm/" + done.result, headers: { "x-key": pulumi.secret(${quoted("marked")}) } }),
        sensitiveResult: true,
      });
      // A condition on a secret value is told without the value; a secret within an output is one too.
      new vmware.Operation("nested", {
        endpoint: "vcenter",
        request: pulumi.output(1).apply(() => ({ method: "POST", path: "/api/vcenter/vm?action=clone", body: { source: "vm-1", name: "nested", note: pulumi.secret(${quoted("nested")}) } })),
        expect: [{ path: "result", equals: pulumi.secret(${quoted("expected")}) }],
        onFailure: "warn",
        retry: { onNextUp: "look" },
      });
      return { task: hosts.task };`);
    stack.secrets.push(...Object.values(canaries));
    stack.environment.VMWARE_TASKS_TRACE = join(stack.folder, "..", "trace.jsonl");
    const preview = await stack.preview();
    expect(preview.code).toBe(0);
    const up = await stack.up();
    const again = await stack.up();
    const refresh = await stack.run("refresh", "--yes", "--skip-preview");
    const seen = [preview, up, again, refresh].map(({ text }) => text).join("\n") + stack.allFiles();
    expect(up.code).toBe(0);
    expect(up.text).toContain("cannot log in with [secret] or [secret]");
    expect(leaksIn(seen, Object.values(canaries))).toEqual([]);
    const { text } = await stack.run("stack", "export", "--show-secrets");
    expect(leaksIn(text, [canaries.marked])).toHaveLength(1);
    const destroy = await stack.destroy();
    expect(destroy.code).toBe(0);
    expect(stack.allFiles()).toContain('"what":"status"');
    expect(leaksIn(destroy.text + stack.allFiles(), Object.values(canaries))).toEqual([]);
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
    expect(leaksIn(up.text + stack.allFiles(), [canaries.password])).toEqual([]);
  });
});

it("the engine's own log shows the program's secrets to who asks for it, ours adds none and no credentials are in either", async () => {
  await withStack({}, async (stack, simulator) => {
    simulator.script({ outcome: "FAILED", error: "not with {body.adminPassword}" });
    stack.program(`
      new vmware.Operation("domain", {
        endpoint: "sddc",
        request: { method: "POST", path: "/v1/domains", body: { domainName: "a", adminPassword: ${quoted("named")} } },
        onFailure: "warn",
      });`);
    const { code, text } = await stack.up("-v=9", "--logtostderr");
    expect(code).toBe(0);
    expect(leaksIn(text, [canaries.named])).toHaveLength(1);
    const lines = text.split("\n");
    const ours = lines.filter((line) => !line.startsWith('{"time":'));
    expect(ours.length).toBeLessThan(lines.length);
    expect(ours.join("\n")).toContain("not with [secret]");
    expect(leaksIn(ours.join("\n"), [canaries.named])).toEqual([]);
    expect(leaksIn(text, [canaries.password])).toEqual([]);
  });
});

/** Ends the provider by an exception as soon as a file is there; Pulumi's own handler would print it and go on. */
const crash = (flag: string): string => `
  if (process.argv.join().includes("dynamic-provider")) {
    const { existsSync } = require("node:fs");
    setInterval(() => {
      if (!existsSync(${JSON.stringify(flag)})) return;
      process.removeAllListeners("uncaughtException");
      const error = new Error("crash of a test");
      // Node's own, at an exception, does not come when Pulumi's source maps are in use.
      process.report.writeReport(error);
      throw error;
    }, 50).unref();
  }`;

it("a provider that dies of an exception leaves no secret in what it prints, nor in the report of Node but for the environment", async () => {
  const simulate = { defaultDurationMs: 60_000 };
  await withStack({ simulate }, async (stack, simulator) => {
    const base = join(stack.folder, "..");
    const flag = join(base, "crash-now");
    writeFileSync(join(base, "crash.cjs"), crash(flag));
    stack.environment.NODE_OPTIONS = `--require ${join(base, "crash.cjs")} --report-directory=${base}`;
    stack.secrets.push(canaries.named);
    stack.program(`
      new vmware.Operation("hosts", {
        endpoint: "sddc",
        request: { method: "POST", path: "/v1/domains", body: { domainName: "a", adminPassword: ${quoted("named")} } },
      });`);
    const up = stack.start("up", "--yes", "--skip-preview");
    await until(() => simulator.counts().get + simulator.counts().list > 0, "the task is looked at", 60_000);
    writeFileSync(flag, "");
    const ended = await up.ended;
    expect(ended.text).toContain("crash of a test");
    expect(ended.code).not.toBe(0);
    const reports = readdirSync(base).filter((name) => /^report\..*\.json$/.test(name));
    expect(reports).toHaveLength(1);
    const report = JSON.parse(readFileSync(join(base, reports[0] ?? ""), "utf8")) as Record<string, unknown>;
    // Node itself writes the whole environment down, which \`--report-exclude-env\` leaves out.
    const { environmentVariables, ...ours } = report;
    expect(JSON.stringify(environmentVariables)).toContain("VMWARE_TASKS_ENDPOINTS");
    expect(JSON.stringify(ours)).toContain("crash of a test");
    expect(leaksIn(JSON.stringify(ours), [...secretsOf(stack.environment), canaries.named])).toEqual([]);
    expect(existsSync(flag)).toBe(true);
  });
});
