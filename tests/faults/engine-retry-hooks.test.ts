// Hooks with which a program has the engine repeat a failed step, with the real CLI. The program runs as the Automation API
// runs it, for a language host that is older than these hooks does not pass them on.
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import type { TaskScript } from "../../provider/simulator";
import { until } from "../support/until";
import { groupCollection, groupProgram, startsOf } from "../support/group-program";
import type { Run, Stack } from "../support/stack";
import { withStack } from "../support/with-stack";

jest.setTimeout(600_000);

/** Has the engine repeat each child of an operation twice when it fails. */
const hooks = `
  const again = new pulumi.ErrorHook("again", ({ errors }) => errors.length < 3);
  const hooked = ({ props, opts }) => ({ props, opts: { ...opts, hooks: { onError: [again] } } });`;

const program = `${hooks}
  const op = new vmware.Operation("web", {
    endpoint: "vcenter",
    request: { method: "POST", path: "/api/vcenter/vm?action=clone", body: { source: "vm-1", name: "web" } },
  }, { transforms: [hooked] });
  return { status: op.status, attempts: op.attempts, taskId: op.taskId };`;

const runner = `
  const { LocalWorkspace } = require("@pulumi/pulumi/automation");
  const inline = { stackName: "test", projectName: "engine-test", program: require("./index.js") };
  LocalWorkspace.selectStack(inline, { workDir: __dirname })
    .then((stack) => stack.up({ onOutput: (text) => process.stdout.write(text) }))
    .then(() => process.exit(0), (error) => (console.error(String(error)), process.exit(1)));
`;

function up(stack: Stack): Promise<Run> {
  writeFileSync(join(stack.folder, "run.cjs"), runner);
  return stack.node("run.cjs");
}

const clone = { path: "/api/vcenter/vm?action=clone" };
const failing = (times: number): TaskScript => ({ match: clone, times, durationMs: 200, outcome: "FAILED" });

/** How often the engine has repeated a step: it warns each time, and the CLI shows a warning in several places. */
function repeated(text: string): number {
  const counts = [...text.matchAll(/retrying (?:create|update) due to on-error hook request \((\d+)\//g)];
  return Math.max(0, ...counts.map(([, count]) => Number(count)));
}

it("a start that may have happened is not sent again when its step is repeated, and adopted once it is clear", async () => {
  const apply = { method: "POST", path: "/api/esx/settings/clusters/domain-c8/software?action=apply" };
  const applying = `${hooks}
    const op = new vmware.Operation("cluster", { endpoint: "vcenter", request: ${JSON.stringify(apply)} }, { transforms: [hooked] });
    return { taskId: op.taskId, attempts: op.attempts };`;
  await withStack(
    { program: applying, simulate: { defaultDurationMs: 60_000 } },
    async (stack, simulator) => {
      // The reply is lost, and meanwhile somebody starts the same on the same object: nobody can tell which task is ours.
      simulator.fault({ what: "reset-after", delayMs: 2_000, match: { operation: "start" } });
      const first = up(stack);
      await until(() => simulator.starts.length === 1, "the request was taken");
      const other = simulator.startForeignTask({ product: "vcenter", ...apply, user: simulator.username });
      const { code, text } = await first;
      expect(code).not.toBe(0);
      expect(repeated(text)).toBeGreaterThan(0);
      expect(text).toContain("may have started");
      expect(text).toContain(other);
      expect(simulator.starts).toHaveLength(1);

      simulator.finish(simulator.starts[0]?.taskId ?? "");
      simulator.forget(other);
      const again = await up(stack);
      if (again.code !== 0) throw new Error(again.text);
      expect(await stack.outputs()).toMatchObject({ taskId: simulator.starts[0]?.taskId, attempts: 1 });
      expect(simulator.starts).toHaveLength(1);
    },
  );
});

it("a start that was refused is sent again with each repetition, for nothing was started", async () => {
  await withStack({ program }, async (stack, simulator) => {
    simulator.fault({ what: "status", error: "UNSUPPORTED", times: 2, match: { operation: "start" } });
    const first = await up(stack);
    if (first.code !== 0) throw new Error(first.text);
    expect(repeated(first.text)).toBe(2);
    expect(simulator.starts).toHaveLength(1);
    expect(await stack.outputs()).toMatchObject({ status: "SUCCEEDED", attempts: 1 });
  });
});

it("a wait that failed is repeated without a start: attempts are the retry policy's alone", async () => {
  await withStack({ program }, async (stack, simulator) => {
    simulator.script(failing(1));
    const first = await up(stack);
    expect(first.code).not.toBe(0);
    expect(repeated(first.text)).toBe(2);
    expect(simulator.starts).toHaveLength(1);
    const again = await up(stack);
    if (again.code !== 0) throw new Error(again.text);
    expect(simulator.starts).toHaveLength(2);
    expect(await stack.outputs()).toMatchObject({ status: "SUCCEEDED", attempts: 2 });
  });
});

it("an update that failed is sent again with each repetition, as the next `up` would send it", async () => {
  const group = (size: number): string => hooks + groupProgram({ size, options: "{ transforms: [hooked] }" });
  const simulate = { collections: [groupCollection], defaultDurationMs: 300 };
  await withStack({ program: group(1), simulate }, async (stack, simulator) => {
    expect((await up(stack)).code).toBe(0);
    simulator.script({ match: { method: "PATCH" }, times: 1, durationMs: 100, outcome: "FAILED" });
    stack.program(group(2));
    const changed = await up(stack);
    if (changed.code !== 0) throw new Error(changed.text);
    expect(repeated(changed.text)).toBe(1);
    expect(startsOf(simulator)).toEqual(["POST", "PATCH", "PATCH"]);
  });
});
