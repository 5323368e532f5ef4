// The matrix of one kind of request: what is expected is a table, and so is what has happened.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { points, ways, type Point, type Way } from "../../support/kill-points";
import { play, type Cell, type Happening } from "./play";
import type { Scenario } from "./scenario";

/** What comes after the kill, and where: the same machine has the journal, another one has none. */
const columns = ["up, same", "destroy, same", "up, another", "destroy, another"] as const;
export type Column = (typeof columns)[number];

/** How the server was asked in all, and how the deployment after the kill ended. */
type Ending =
  | `${number} well`
  /** The server itself refused a second start. */
  | `${number} exists already`;

/** Where two processes race, either is right. */
export type Expected = Ending | `${Ending} or ${Ending}`;

/** The expected, by point and, in the order of the columns, by what comes after; a point that is left out cannot be reached. */
export type Table = Partial<Record<Point, readonly [Expected, Expected, Expected, Expected]>>;

/** The ways that are played in each column. */
export type WaysOf = Readonly<Record<Column, readonly Way[]>>;

/**
 * What a way leaves behind is in the journal or nowhere, so on another machine, which has no journal, all are alike; and what
 * is in the journal is read by `up`, of which all are played.
 */
const manyWays: WaysOf = {
  "up, same": ways,
  "destroy, same": ["SIGKILL of the CLI", "SIGKILL of the provider"],
  "up, another": ["SIGKILL of the CLI"],
  "destroy, another": ["SIGKILL of the CLI"],
};

/** For kinds of requests whose life differs from others at the server alone. */
export const fewWays: WaysOf = {
  "up, same": ["SIGKILL of the CLI", "SIGKILL of the provider"],
  "destroy, same": ["SIGKILL of the CLI"],
  "up, another": ["SIGKILL of the provider"],
  "destroy, another": [],
};

interface Row extends Cell {
  readonly column: Column;
  readonly expected: Expected;
}

function rowsOf(table: Table, waysOf: WaysOf): Row[] {
  return points.flatMap((point) =>
    (table[point] ?? []).flatMap((expected, index) => {
      const column = columns[index] ?? "up, same";
      return waysOf[column].map((way) => ({
        point,
        way,
        column,
        expected,
        afterwards: column.startsWith("up") ? ("up" as const) : ("destroy" as const),
        machine: column.endsWith("same") ? ("same" as const) : ("another" as const),
      }));
    }),
  );
}

function endOf({ ending: { isWell, text } }: Happening): string {
  if (isWell) return "well";
  if (/already exists|ALREADY_EXISTS/.test(text)) return "exists already";
  if (text.includes("may have started")) return "may have started";
  return text;
}

// Two at a time: most of a cell is waiting.
const lanes = 2;

/** Plays the matrix of a kind of request, and prints it. */
export function describeKills(
  name: string,
  scenario: Scenario,
  table: Table,
  waysOf: WaysOf = manyWays,
): void {
  const rows = rowsOf(table, waysOf);
  const told: string[] = [];
  const playing = new Map<number, Promise<Happening>>();
  let cache = "";
  const begin = (index: number): Promise<Happening> | undefined => {
    const row = rows[index];
    if (row === undefined) return undefined;
    let happening = playing.get(index);
    if (happening === undefined) {
      happening = play(scenario, row, cache);
      // Looked at in its own turn.
      happening.catch(() => undefined);
      playing.set(index, happening);
    }
    return happening;
  };

  describe(name, () => {
    beforeAll(() => {
      cache = mkdtempSync(join(tmpdir(), "vmware-tasks-compiled-"));
    });
    afterAll(async () => {
      await Promise.allSettled(playing.values());
      rmSync(cache, { recursive: true, force: true });
      const head = `${name}\npoint | way | afterwards, machine | expected | happened | by the orphan\n`;
      process.stdout.write(`${head}${told.join("\n")}\n`);
    });

    test.each(rows.map((row, index) => [row.point, row.way, row.column, index] as const))(
      "%s; %s; then %s machine",
      async (point, way, column, index) => {
        const happening = begin(index);
        for (let next = 1; next < lanes; next += 1) void begin(index + next);
        const happened = await happening;
        const { expected } = rows[index] ?? {};
        if (happened === undefined) throw new Error("There is no such cell.");
        const { starts, orphanSent, quiet, leaks } = happened;
        const ended = `${starts} ${endOf(happened)}`;
        told.push([point, way, column, expected, ended.split("\n")[0], orphanSent].join(" | "));
        expect(expected?.split(" or ")).toContain(ended);
        // It lives on for a moment, and starts, retries and cancels nothing.
        expect(orphanSent).toBe(0);
        expect(leaks).toEqual([]);
        if (quiet === undefined) return;
        expect(quiet).toMatchObject({ ending: { isWell: true }, starts: 0 });
        // After a good end only this is remembered: a deletion that was broken off, for the next one goes on with it, and
        // another attempt for as long as there is its operation, for a completion that is made anew follows that.
        const remembered = column.startsWith("up") ? ["delete", "attempt"] : ["delete"];
        expect(quiet.journal.filter((kind) => !remembered.includes(kind))).toEqual([]);
      },
    );
  });
}
