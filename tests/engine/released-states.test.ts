// Stacks that an earlier release has written: today's code changes nothing of them, goes on with what runs, and ends them.
import { createStack, well, type Stack } from "../support/stack";
import { version } from "../../package.json";
import {
  layReleasedProgram,
  readReleasedState,
  releasedVersions,
  startServersOf,
  writeReleasedState,
} from "../support/released-state";
import { exportState, importState } from "../support/stack-state";

jest.setTimeout(600_000);

interface PlannedStep {
  readonly op: string;
  readonly urn: string;
}

/** What a deployment would do, by the last part of the type and the name. */
async function planned(stack: Stack): Promise<Record<string, string>> {
  const { text, code } = await stack.run("preview", "--json");
  if (code !== 0) throw new Error(text);
  const { steps } = JSON.parse(text) as { steps: PlannedStep[] };
  return Object.fromEntries(
    steps
      .filter(({ op }) => op !== "same")
      .map(({ op, urn }) => [urn.replace(/^.*:(\w+::[^:]+)$/, "$1"), op]),
  );
}

it("the state that this version writes is kept", async () => {
  if (releasedVersions().includes(version)) return;
  if (process.env.CI !== undefined)
    throw new Error(
      `Run this test at home, and commit tests/engine/released-states/${version}, which it writes.`,
    );
  await writeReleasedState(version);
});

test.each([...new Set([...releasedVersions(), version])])("a stack of version %s", async (released) => {
  const { state, program } = readReleasedState(released);
  const simulator = await startServersOf(state);
  let stack: Stack | undefined;
  try {
    stack = await createStack({ simulator, environment: { PULUMI_PARALLEL: "64" } });
    layReleasedProgram(stack, program, 3);
    await importState(stack, state);

    // What has ended well is left alone; what runs is gone on with, what failed is looked at.
    expect(await planned(stack)).toEqual({
      "CompletedTask::detached": "update",
      "CompletedTask::failed": "update",
      "CompletedTask::killed": "create",
    });
    await well(stack.up());
    expect(simulator.starts).toEqual([]);
    expect(await planned(stack)).toEqual({});
    expect(JSON.stringify(await exportState(stack))).not.toContain("released-state-secret");

    layReleasedProgram(stack, program, 4);
    await well(stack.up());
    expect(simulator.starts.map(({ method, path }) => `${method} ${path}`).sort()).toEqual([
      "PATCH /api/snapservice/clusters/domain-c8/protection-groups/pg-101",
      "PATCH /api/things/domain-c8/groups/group-101",
    ]);

    const destroy = await stack.destroy();
    if (destroy.code !== 0) throw new Error(destroy.text);
    expect(Object.keys(await stack.resources())).toEqual([]);
    const deleted = simulator.starts.slice(2);
    expect(deleted.map(({ method }) => method)).toEqual(deleted.map(() => "DELETE"));
    for (const path of ["/api/things/domain-c8/groups", "/v1/domains"])
      expect(simulator.objects(path)).toEqual([]);
  } finally {
    stack?.remove();
    await simulator.close();
  }
});
