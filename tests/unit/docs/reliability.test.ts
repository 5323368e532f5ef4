import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";

import type { Table } from "../../faults/kills/matrix";
import * as tables from "../../faults/kills/tables";
import { points } from "../../support/kill-points";
import { pollFaults } from "../../simulator/operations/poll-faults";

const text = readFileSync(join(resolve(__dirname, "../../.."), "docs/reliability.md"), "utf8");

/** The rows of the first table below a heading, without its head. */
function rowsBelow(heading: string): string[][] {
  const [, section = ""] = text.split(`\n${heading}\n`);
  const lines = section.split(/\n#+ /)[0]?.split("\n") ?? [];
  const rows = lines.filter((line) => line.startsWith("|")).map((line) => line.split("|").slice(1, -1));
  return rows.slice(2).map((cells) => cells.map((cell) => cell.trim()));
}

test("docs/reliability.md has each fault of a wait, and the state that it ends in", () => {
  const expected = pollFaults.map(({ name, ends: [state] }) => [name, `\`${state}\``]);
  expect(rowsBelow("## Faults while a task is followed")).toEqual(expected);
});

const told = (expected: string): string =>
  expected.replaceAll(" well", "").replaceAll(" exists already", ", refused");

test.each([
  ["### A new operation", tables.newOperation],
  ["### A later attempt", tables.laterAttempt],
  ["### An update", tables.update],
  ["### A deletion", tables.deletion],
] satisfies [string, Table][])("docs/reliability.md has the kills of: %s", (heading, table) => {
  const expected = points.map((point) => [point, ...(table[point] ?? []).map(told)]);
  expect(rowsBelow(heading)).toEqual(expected);
});
