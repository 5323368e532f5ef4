// An update or a delete request whose deployment is ended.
import { clearAfterKill, endAt, representative, withKillBed, type Target } from "../../support/cli-kills";
import { recordPaths } from "../../support/journal-files";
import { well } from "../../support/stack";
import { groupProgram, groupsOf, startsOf } from "../../support/group-program";

jest.setTimeout(600_000);

const update: Target = {
  kind: "update",
  method: "update",
  sender: "UpdateTask",
  waiter: "UpdateTask",
  earlier: 1,
};
const deletion: Target = {
  kind: "delete",
  method: "delete",
  sender: "DeleteTask",
  waiter: "DeleteTask",
  earlier: 1,
};
describe.each(representative)("$way, $point", ({ point, way }) => {
  it("an update: the next `up` goes on with it", async () => {
    await withKillBed(groupProgram(), async (bed) => {
      const { stack, simulator } = bed;
      await well(stack.up());
      stack.program(groupProgram({ size: 2 }));
      await endAt(bed, point, way, { target: update });
      await well(stack.run("cancel", "--yes"));
      await well(stack.up());
      expect(startsOf(simulator)).toEqual(["POST", "PATCH"]);
      expect(groupsOf(simulator)).toMatchObject([{ body: { size: 2 } }]);
      await clearAfterKill(bed);
      expect(startsOf(simulator)).toEqual(["POST", "PATCH"]);
      expect(recordPaths(stack.journalFolder)).toEqual([]);
    });
  });

  it("a delete: the next `destroy` goes on with it", async () => {
    await withKillBed(groupProgram(), async (bed) => {
      const { stack, simulator } = bed;
      await well(stack.up());
      await endAt(bed, point, way, { target: deletion, command: "destroy" });
      await well(stack.run("cancel", "--yes"));
      await well(stack.destroy());
      expect(startsOf(simulator)).toEqual(["POST", "DELETE"]);
      expect(groupsOf(simulator)).toHaveLength(0);
      expect(recordPaths(stack.journalFolder)).toEqual([]);
    });
  });
});
