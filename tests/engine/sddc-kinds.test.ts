// Kinds of SDDC Manager with the real CLI: a changed request in the server's own retry, a failed task that is cancelled.
import type { Simulator } from "../../provider/simulator";
import { withStack } from "../support/with-stack";

jest.setTimeout(600_000);

const bringUp = (sddcId: string): string => `
  const op = new vmware.Operation("sddc", {
    endpoint: "sddc",
    request: { method: "POST", path: "/v1/sddcs", body: { sddcId: ${JSON.stringify(sddcId)}, hostPassword: "canary-${sddcId}-pw" } },
    onRequestChange: "retryInPlace",
  });
  return { taskId: op.taskId, attempts: op.attempts, kind: op.task.apply((task) => task.kind) };`;

const requests = ({ requests: all }: Simulator): string[] =>
  all
    .filter(({ path, method }) => path.startsWith("/v1/sddcs") && method !== "GET")
    .map(({ method, path }) => `${method} ${path}`);

test("a bring-up that failed is retried in place with the changed request; a later change is told and not sent", async () => {
  const simulate = { defaultDurationMs: 300, scripts: [{ outcome: "FAILED" as const, times: 1 }] };
  await withStack({ simulate, program: bringUp("m01") }, async (stack, simulator) => {
    const failed = await stack.up();
    expect(failed.code).not.toBe(0);
    const id = simulator.starts[0]?.taskId ?? "";

    stack.program(bringUp("m02"));
    const mended = await stack.up();
    if (mended.code !== 0) throw new Error(mended.text);
    expect(mended.text).not.toContain("The request has changed");
    expect(await stack.outputs()).toEqual({ taskId: id, attempts: 2, kind: "bringUp" });
    expect(requests(simulator)).toEqual(["POST /v1/sddcs", `PATCH /v1/sddcs/${id}`]);
    expect((await stack.preview("--expect-no-changes")).text).not.toContain("The request has changed");

    stack.program(bringUp("m03"));
    const kept = await stack.up();
    if (kept.code !== 0) throw new Error(kept.text);
    expect(kept.text).toContain("The request has changed, but the operation has succeeded");
    // Once among the diagnostics, whatever the progress shows.
    expect(kept.text.split("Diagnostics:")[1]?.match(/The request has changed/g)).toHaveLength(1);
    expect(requests(simulator)).toHaveLength(2);
    expect((await stack.preview("--expect-no-changes")).code).toBe(0);
    expect(failed.text + mended.text + kept.text + stack.allFiles()).not.toContain("canary-m0");
  });
});

test("a change that comes while the first request runs is told when that has succeeded", async () => {
  const slow = (sddcId: string, timeout: string): string =>
    bringUp(sddcId).replace("onRequestChange", `timeout: "${timeout}", onRequestChange`);
  const options = { simulate: { defaultDurationMs: 600_000 }, program: slow("m01", "1s") };
  await withStack(options, async (stack, simulator) => {
    expect((await stack.up()).code).not.toBe(0);
    simulator.finish(simulator.starts[0]?.taskId ?? "");
    stack.program(slow("m02", "1m"));
    const later = await stack.up();
    if (later.code !== 0) throw new Error(later.text);
    expect(later.text).toContain("The request has changed, but the operation has succeeded");
  });
});

test("a credentials task that failed is cancelled when it is destroyed, and tells no password", async () => {
  const program = `
    const op = new vmware.Operation("rotation", {
      endpoint: "sddc",
      request: { method: "PATCH", path: "/v1/credentials", body: { operationType: "UPDATE", elements: [
        { resourceName: "esx1.test", resourceType: "ESXI", credentials: [
          { credentialType: "SSH", accountType: "USER", username: "root", password: pulumi.secret("canary-c4nary-pw") } ] } ] } },
      onDelete: "cancel",
    });
    return { status: op.status };`;
  const simulate = {
    defaultDurationMs: 300,
    scripts: [
      { outcome: "FAILED" as const, error: ["{body.elements.0.credentials.0.password} is not taken."] },
    ],
  };
  await withStack({ simulate, program }, async (stack, simulator) => {
    const failed = await stack.up();
    expect(failed.code).not.toBe(0);
    expect(failed.text).toContain("[secret] is not taken.");
    const destroyed = await stack.destroy();
    if (destroyed.code !== 0) throw new Error(destroyed.text);
    expect(destroyed.text).toContain("had failed and was cancelled");
    expect(
      simulator.requests.some(
        ({ method, path }) => method === "DELETE" && path.startsWith("/v1/credentials/tasks/"),
      ),
    ).toBe(true);
    expect(failed.text + destroyed.text + stack.allFiles()).not.toContain("c4nary");
  });
});

test("what names no task is observed where the program says so", async () => {
  const depot = (more: string): string => `
    const op = new vmware.Operation("depot", {
      endpoint: "sddc",
      request: { method: "PUT", path: "/v1/system/settings/depot", body: { vmwareAccount: { username: "u", password: "canary-depot" } } },
      ${more}
    });
    return { user: op.observed.apply((seen) => seen?.vmwareAccount?.username) };`;
  await withStack({ program: depot("") }, async (stack) => {
    const unfollowed = await stack.up();
    expect(unfollowed.code).not.toBe(0);
    expect(unfollowed.text).toContain("started, but cannot be followed");
  });
  const observe = `observe: { request: { method: "GET", path: "/v1/system/settings/depot" }, until: [{ path: "vmwareAccount.username", equals: "u" }] },`;
  await withStack({ program: depot(observe) }, async (stack) => {
    const up = await stack.up();
    if (up.code !== 0) throw new Error(up.text);
    expect(await stack.outputs()).toEqual({ user: "u" });
    expect(up.text + stack.allFiles()).not.toContain("canary-depot");
  });
});
