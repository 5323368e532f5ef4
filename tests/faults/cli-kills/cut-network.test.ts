// A network that is cut and comes back ends no deployment: the same `up` ends well.
import { endAt, withKillBed } from "../../support/cli-kills";
import { points } from "../../support/kill-points";
import { recordPaths } from "../../support/journal-files";
import { groupProgram, startsOf } from "../../support/group-program";

jest.setTimeout(600_000);

it.each(points)("a cut network, %s: the same `up` ends well, one start", async (point) => {
  await withKillBed(groupProgram(), async (bed) => {
    const { code, text } = await endAt(bed, point, "a cut network");
    if (code !== 0) throw new Error(text);
    expect(startsOf(bed.simulator)).toEqual(["POST"]);
    expect(recordPaths(bed.stack.journalFolder)).toEqual([]);
  });
});
