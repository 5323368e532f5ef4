// A network that is cut and comes back ends no deployment: the same `up` ends well.
import { endAt, moments, withKillBed } from "../../support/cli-kills";
import { recordPaths } from "../../support/journal-files";
import { groupProgram, startsOf } from "../../support/group-program";

jest.setTimeout(180_000);

it.each(moments)("a cut network, %s: the same `up` ends well, one start", async (moment) => {
  await withKillBed(groupProgram(), async (bed) => {
    const { code, text } = await endAt(bed, moment, "a cut network");
    if (code !== 0) throw new Error(text);
    expect(startsOf(bed.simulator)).toEqual(["POST"]);
    expect(recordPaths(bed.stack.journalFolder)).toEqual([]);
  });
});
