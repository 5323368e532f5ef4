// What becomes of an operation whose deployment was killed, when somebody has touched the journal since.
import { readFileSync, rmSync, writeFileSync } from "node:fs";

import type { Simulator } from "../../provider/simulator";
import { play, settled, type Deed } from "../support/deeds";
import { recordPaths } from "../support/journal-files";
import type { Stack } from "../support/stack";
import { until } from "../support/until";
import { withStack } from "../support/with-stack";

jest.setTimeout(900_000);

const program = (more = ""): string => `
  new vmware.Operation("web", {
    endpoint: "vcenter",
    request: { method: "POST", path: "/api/vcenter/vm?action=clone", body: { source: "vm-1", name: "web" } },
    ${more}
  });`;

/** The record of the start, once it is there. */
const recordOf = ({ journalFolder }: Stack): string | undefined => recordPaths(journalFolder, "start")[0];

/** Kills a deployment after the server has taken the start and before the engine knows of it; gives the record's path. */
async function killBeforeTheSave(stack: Stack, simulator: Simulator): Promise<string> {
  simulator.fault({ what: "delay", delayMs: 1_500, taken: true, match: { operation: "start" } });
  const up = stack.start("up", "--yes", "--skip-preview");
  await until(() => simulator.starts.length > 0, "the start was taken");
  up.kill();
  await up.ended;
  const hasReply = (path: string | undefined): boolean =>
    path !== undefined && readFileSync(path, "utf8").includes('"taskId"');
  await until(() => hasReply(recordOf(stack)), "the reply is in the journal");
  await stack.run("cancel", "--yes");
  return recordOf(stack) ?? "";
}

const cutInHalf = (text: string): string => text.slice(0, text.length / 2);
const withFields =
  (fields: object) =>
  (text: string): string =>
    JSON.stringify({ ...(JSON.parse(text) as object), ...fields });

interface Touched {
  readonly what: string;
  readonly touch: (text: string) => string;
  /** Whether a warning names the file. */
  readonly warns: boolean;
}

test.each<Touched>([
  { what: "of an older version", touch: withFields({ version: 0 }), warns: true },
  {
    what: "of a newer version, with fields that are not known yet",
    touch: withFields({ version: 2, lease: { until: 1 } }),
    warns: true,
  },
  { what: "of this version, with fields of a later one", touch: withFields({ lease: 1 }), warns: false },
  { what: "that is damaged", touch: cutInHalf, warns: true },
])("a record $what: one start, and a warning where it cannot be read", async ({ touch, warns }) => {
  await withStack({ program: program() }, async (stack, simulator) => {
    const path = await killBeforeTheSave(stack, simulator);
    writeFileSync(path, touch(readFileSync(path, "utf8")));
    const up = await stack.up();
    if (up.code !== 0) throw new Error(up.text);
    expect(simulator.starts).toHaveLength(1);
    const about = `The journal's record ${path} cannot be read`;
    if (warns) expect(up.text).toContain(about);
    else expect(up.text).not.toContain(about);
    expect((await stack.preview("--expect-no-changes")).code).toBe(0);
    expect(recordPaths(stack.journalFolder)).toEqual([]);
  });
});

it("a journal that is deleted costs nothing where the engine has saved the start, and no name twice where it has not", async () => {
  const forget = (stack: Stack): void => rmSync(stack.journalFolder, { recursive: true });
  await withStack(
    { program: program(), simulate: { defaultDurationMs: 5_000 } },
    async (stack, simulator) => {
      const killInTheWait = async (): Promise<void> => {
        const up = stack.start("up", "--yes", "--skip-preview");
        await until(() => simulator.counts().get > 0, "the wait has begun");
        up.kill();
        await up.ended;
        await stack.run("cancel", "--yes");
      };
      const deeds: Deed[] = [
        {
          what: "killed in the wait, then the journal deleted",
          act: async () => {
            await killInTheWait();
            forget(stack);
          },
          sends: ["POST"],
        },
        settled,
      ];
      await play(deeds, stack, simulator);
    },
  );
  await withStack({ program: program() }, async (stack, simulator) => {
    await play(
      [
        {
          what: "killed before the engine saved, then the journal deleted",
          act: async () => {
            await killBeforeTheSave(stack, simulator);
            forget(stack);
          },
          sends: ["POST"],
          fails: "ALREADY_EXISTS: The name 'web' already exists.",
          says: "adoptTaskId",
        },
        {
          what: "the task is adopted",
          act: () => stack.program(program(`adoptTaskId: "${simulator.starts[0]?.taskId ?? ""}"`)),
          sends: [],
        },
        settled,
      ],
      stack,
      simulator,
    );
  });
});
