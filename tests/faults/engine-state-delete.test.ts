// Children of an operation that are taken out of the state by hand, with the real CLI: each row says first what the next
// `up` and a `destroy` may send.
import type { Simulator } from "../../provider/simulator";
import { groupCollection, groupProgram, groupsOf, startsOf } from "../support/group-program";
import type { Stack } from "../support/stack";
import { withStack } from "../support/with-stack";

jest.setTimeout(600_000);

const simulate = { collections: [groupCollection], defaultDurationMs: 300 };

async function forget(stack: Stack, child: string): Promise<void> {
  const urn = (await stack.resources())[`${child}::group`]?.urn ?? "";
  const { code, text } = await stack.run("state", "delete", urn, "--yes", "--target-dependents");
  if (code !== 0) throw new Error(text);
}

async function withForgotten(
  child: string,
  test: (stack: Stack, simulator: Simulator) => Promise<void>,
): Promise<void> {
  await withStack({ program: groupProgram(), simulate }, async (stack, simulator) => {
    expect((await stack.up()).code).toBe(0);
    await forget(stack, child);
    await test(stack, simulator);
  });
}

/** What the next `up` and a `destroy` without one send, and whether the object outlives that `destroy`. */
const rows = [
  { child: "CompletedTask", up: [], destroy: [], survives: true, says: "is not undone" },
  { child: "UpdateTask", up: [], destroy: ["DELETE"], survives: false, says: "" },
  // To forget how an object is deleted is to keep it.
  { child: "DeleteTask", up: [], destroy: [], survives: true, says: "" },
];

it.each(rows)("without $child, `up` follows what runs and `destroy` is well again", async ({ child, up }) => {
  await withForgotten(child, async (stack, simulator) => {
    const again = await stack.up();
    expect(again).toMatchObject({ code: 0 });
    expect(startsOf(simulator)).toEqual(["POST", ...up]);
    expect((await stack.destroy()).code).toBe(0);
    expect(startsOf(simulator)).toEqual(["POST", ...up, "DELETE"]);
    expect(groupsOf(simulator)).toHaveLength(0);
  });
});

it.each(rows)("without $child, `destroy` ends well", async ({ child, destroy, survives, says }) => {
  await withForgotten(child, async (stack, simulator) => {
    const { code, text } = await stack.destroy();
    expect(code).toBe(0);
    expect(text).toContain(says);
    expect(startsOf(simulator)).toEqual(["POST", ...destroy]);
    expect(groupsOf(simulator)).toHaveLength(survives ? 1 : 0);
    expect(Object.keys(await stack.resources())).toEqual([]);
  });
});

it("without StartedTask, `up` starts anew as it was asked to; a refusal leaves the way back by adoptTaskId", async () => {
  await withForgotten("StartedTask", async (stack, simulator) => {
    const up = await stack.up();
    expect(up.code).not.toBe(0);
    expect(up.text).toContain("ALREADY_EXISTS");
    expect(startsOf(simulator)).toEqual(["POST"]);
    stack.program(groupProgram({ more: `adoptTaskId: "${simulator.starts[0]?.taskId ?? ""}",` }));
    expect((await stack.up()).code).toBe(0);
    expect(startsOf(simulator)).toEqual(["POST"]);
    expect((await stack.destroy()).code).toBe(0);
    expect(groupsOf(simulator)).toHaveLength(0);
  });
});
