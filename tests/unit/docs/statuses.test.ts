import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";

import { meansSuccessWithWarning, toTaskStatus } from "../../../provider/tasks";
import { statusByWord } from "../../../provider/tasks/task-status";

const root = resolve(__dirname, "../../..");
const text = readFileSync(join(root, "docs/statuses.md"), "utf8");

const rows = [...text.matchAll(/^\| `(\w+)` +\| `(\w+)` +\| (.*) \|$/gm)].map(
  ([, word = "", status = "", note = ""]) => ({ word, status, note }),
);

const bare = (word: string): string => word.toLowerCase().replaceAll("_", "");

test.each(rows)("$word is $status, as docs/statuses.md says", ({ word, status, note }) => {
  expect(toTaskStatus(word)).toBe(status);
  expect(meansSuccessWithWarning(word)).toBe(note.includes("with a warning"));
});

test("docs/statuses.md has every word that is known", () => {
  const documented = rows.map(({ word }) => bare(word));
  expect([...statusByWord.keys()].filter((word) => !documented.includes(word))).toEqual([]);
});

const shapes = ["vcenter", "sddc-manager", "sddc-lcm", "fleet-lcm", "vcda"];

test.each(shapes)("docs/statuses.md has every status of a task that the API file of %s enumerates", (api) => {
  const file = readFileSync(join(root, "tests/spec/shapes", `${api}.json`), "utf8");
  const { schemas } = JSON.parse(file) as { schemas: Record<string, Schema> };
  const words = Object.entries(schemas).flatMap(([name, { enum: own = [], properties = {} }]) => [
    ...(/task.?status$/i.test(name) ? own : []),
    ...(properties.status?.enum ?? []),
    ...(properties.state?.enum ?? []),
  ]);
  expect(words.length).toBeGreaterThan(2);
  expect(words.filter((word) => !rows.some((row) => row.word === word))).toEqual([]);
});

interface Schema {
  readonly enum?: readonly string[];
  readonly properties?: Readonly<Record<string, { readonly enum?: readonly string[] } | undefined>>;
}
