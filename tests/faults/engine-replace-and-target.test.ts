// Switches and commands of the engine that reach single children of an operation, with the real CLI. Each row says first
// what must be sent; every row ends with a plain `up` and a `destroy`, so none is a dead end.
import type { Simulator } from "../../provider/simulator";
import { groupCollection, groupProgram, groupsOf, startsOf } from "../support/group-program";
import type { Run } from "../support/stack";
import { withStack } from "../support/with-stack";

jest.setTimeout(600_000);

interface Row {
  /** What is done after a first, good `up`; in a program with other triggers where `hasNewTriggers`. */
  readonly does: string;
  readonly args: readonly string[];
  readonly hasNewTriggers?: boolean;
  /** The update has run before, so the operation has another request than it was started with. */
  readonly isUpdated?: boolean;
  /** What that starts. */
  readonly starts: readonly string[];
  /** What a plain `up` starts afterwards. */
  readonly thenUp: readonly string[];
  /** What `destroy` starts in the end. */
  readonly thenDestroy: readonly string[];
}

const replace = (child: string): string[] => [
  "up",
  "--yes",
  "--skip-preview",
  "--replace",
  `**${child}::group`,
];
const target = (child: string, ...more: string[]): string[] => [
  ...["up", "--yes", "--skip-preview", "--target", `**${child}::group`],
  ...more,
];
const gone = ["DELETE"];
const anew = ["DELETE", "POST"];

const rows: Row[] = [
  {
    does: "--replace StartedTask",
    args: replace("StartedTask"),
    starts: anew,
    thenUp: [],
    thenDestroy: gone,
  },
  {
    does: "--replace CompletedTask",
    args: replace("CompletedTask"),
    starts: [],
    thenUp: [],
    thenDestroy: gone,
  },
  { does: "--replace UpdateTask", args: replace("UpdateTask"), starts: [], thenUp: [], thenDestroy: gone },
  {
    // The state forgets with it that the update has run, so the object is brought to the program's request again.
    does: "--replace UpdateTask after an update",
    args: replace("UpdateTask"),
    isUpdated: true,
    starts: ["PATCH"],
    thenUp: [],
    thenDestroy: gone,
  },
  { does: "--replace DeleteTask", args: replace("DeleteTask"), starts: [], thenUp: [], thenDestroy: gone },
  { does: "--replace Operation", args: replace("Operation"), starts: [], thenUp: [], thenDestroy: gone },
  {
    does: "--target StartedTask",
    args: target("StartedTask"),
    hasNewTriggers: true,
    starts: anew,
    thenUp: [],
    thenDestroy: gone,
  },
  {
    does: "--target StartedTask --target-dependents",
    args: target("StartedTask", "--target-dependents"),
    hasNewTriggers: true,
    starts: anew,
    thenUp: [],
    thenDestroy: gone,
  },
  {
    does: "--target CompletedTask",
    args: target("CompletedTask"),
    hasNewTriggers: true,
    starts: [],
    thenUp: anew,
    thenDestroy: gone,
  },
];

/** What is accepted, and the deletes that found nothing too: none may go astray. */
function sentOf(simulator: Simulator): string[] {
  const strayDeletes = simulator.requests
    .filter(({ method, path }) => method === "DELETE" && path.includes("/groups/"))
    .slice(startsOf(simulator).filter((method) => method === "DELETE").length);
  return [...startsOf(simulator), ...strayDeletes.map(() => "stray DELETE")];
}

async function sentBy(simulator: Simulator, run: () => Promise<Run>): Promise<string[]> {
  const before = sentOf(simulator).length;
  const { code, text } = await run();
  if (code !== 0) throw new Error(text);
  return sentOf(simulator).slice(before);
}

const simulate = { collections: [groupCollection], defaultDurationMs: 300 };

it.each(rows)("$does", async ({ args, hasNewTriggers, isUpdated, starts, thenUp, thenDestroy }) => {
  await withStack({ program: groupProgram(), simulate }, async (stack, simulator) => {
    expect((await stack.up()).code).toBe(0);
    if (isUpdated === true) {
      stack.program(groupProgram({ size: 2 }));
      expect(await sentBy(simulator, () => stack.up())).toEqual(["PATCH"]);
    }
    if (hasNewTriggers === true) stack.program(groupProgram({ triggers: "b" }));
    expect(await sentBy(simulator, () => stack.run(...args))).toEqual(starts);
    expect(await sentBy(simulator, () => stack.up())).toEqual(thenUp);
    expect(groupsOf(simulator)).toHaveLength(1);
    expect(await sentBy(simulator, () => stack.destroy())).toEqual(thenDestroy);
    expect(Object.keys(await stack.resources())).toEqual([]);
  });
});
