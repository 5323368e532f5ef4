// A second attempt in one deployment, and one of the next `up` after a failure, whose deployment is ended.
import {
  clearAfterKill,
  endAt,
  representative,
  withKillBed,
  type KillBed,
  type Target,
} from "../../support/cli-kills";
import { well } from "../../support/stack";
import { groupProgram, startsOf } from "../../support/group-program";

jest.setTimeout(600_000);

const attempt: Target = {
  kind: "attempt",
  method: "create",
  sender: "CompletedTask",
  waiter: "CompletedTask",
  earlier: 1,
};
const nextUp: Target = { ...attempt, method: "update" };

/** The first task fails, later ones do not. */
function failOnce({ simulator }: KillBed): void {
  simulator.script({ match: { method: "POST" }, times: 1, durationMs: 100, outcome: "FAILED" });
}

describe.each(representative)("$way, $point", ({ point, way }) => {
  it.each([
    { what: "a second attempt", target: attempt, more: 'retry: { maxAttempts: 2, delay: "1s" },' },
    { what: "an attempt of the next `up`", target: nextUp, more: "" },
  ])("$what: a later `up` goes on with it", async ({ target, more }) => {
    await withKillBed(groupProgram({ more }), async (bed) => {
      const { stack, simulator } = bed;
      failOnce(bed);
      if (target === nextUp) expect((await stack.up()).code).not.toBe(0);
      await endAt(bed, point, way, { target });
      await well(stack.run("cancel", "--yes"));
      await well(stack.up());
      expect(startsOf(simulator)).toEqual(["POST", "POST"]);
      expect((await stack.resources())["CompletedTask::group"]?.outputs).toMatchObject({
        taskId: simulator.starts[1]?.taskId,
        attempts: 2,
      });
      await clearAfterKill(bed);
      expect(startsOf(simulator)).toEqual(["POST", "POST"]);
    });
  });
});
