// The cells of one way: a new operation, ended at each point, and the `up` that comes afterwards.
import { clearAfterKill, endAt, withKillBed, type KillBed } from "./cli-kills";
import { points, type Way } from "./kill-points";
import { recordPaths } from "./journal-files";
import { well } from "./stack";
import { groupProgram, startsOf } from "./group-program";

async function seeGoOn({ stack, simulator }: KillBed): Promise<void> {
  await well(stack.run("cancel", "--yes"));
  await well(stack.up());
  expect(startsOf(simulator)).toEqual(["POST"]);
  expect((await stack.resources())["CompletedTask::group"]?.outputs).toMatchObject({
    taskId: simulator.starts[0]?.taskId,
    status: "SUCCEEDED",
    attempts: 1,
  });
  expect(recordPaths(stack.journalFolder)).toEqual([]);
}

/** Tests that a new operation is started once, at whatever point its deployment is ended in this way. */
export function testNewOperations(way: Way): void {
  jest.setTimeout(600_000);
  it.each(points)(`${way}, %s: the next \`up\` goes on, one start`, async (point) => {
    await withKillBed(groupProgram(), async (bed) => {
      await endAt(bed, point, way);
      await seeGoOn(bed);
      await clearAfterKill(bed);
      expect(startsOf(bed.simulator)).toEqual(["POST"]);
    });
  });
}
