// A new operation whose deployment is killed, and the `destroy` that comes afterwards. What each leaves is said first.
import type { Point } from "../../support/kill-points";
import { endAt, withKillBed } from "../../support/cli-kills";
import { recordPaths } from "../../support/journal-files";
import { well } from "../../support/stack";
import { groupProgram, groupsOf, startsOf } from "../../support/group-program";

jest.setTimeout(600_000);

/** What `destroy` says, and whether the engine has heard of the task at all. */
const rows: { point: Point; isInState: boolean; says: string }[] = [
  { point: "before the request leaves", isInState: false, says: "" },
  { point: "after it left, before the reply", isInState: false, says: "" },
  { point: "after the reply, before the journal", isInState: false, says: "" },
  { point: "after the journal, before the engine saved", isInState: false, says: "" },
  { point: "during the wait", isInState: true, says: "still runs and is left alone" },
  { point: "at success, before the engine saved", isInState: true, says: "is not undone" },
];

it.each(rows)("$point: `destroy` is not stuck and starts nothing", async ({ point, isInState, says }) => {
  await withKillBed(groupProgram(), async (bed) => {
    const { stack, simulator } = bed;
    await endAt(bed, point, "SIGKILL of the CLI", { leavesRunning: true });
    await well(stack.run("cancel", "--yes"));
    expect(await well(stack.destroy())).toContain(says);
    expect(Object.keys(await stack.resources())).toEqual([]);
    expect(startsOf(simulator).length).toBeLessThanOrEqual(1);
    // What the engine never heard of only the journal knows: the next `up` takes it up again.
    expect(recordPaths(stack.journalFolder).length === 0).toBe(isInState || simulator.starts.length === 0);
    if (isInState) return;
    await well(stack.up());
    expect(startsOf(simulator)).toEqual(["POST"]);
    await well(stack.destroy());
    expect(startsOf(simulator)).toEqual(["POST", "DELETE"]);
    expect(groupsOf(simulator)).toHaveLength(0);
  });
});
