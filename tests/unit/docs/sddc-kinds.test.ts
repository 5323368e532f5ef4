import { readFileSync } from "node:fs";
import { resolve } from "node:path";

import { sddcKinds, type SddcKind } from "../../../provider/clients/sddc-manager/kinds";

const root = resolve(__dirname, "../../..");
const cancels = { running: "while it runs", failed: "when it has failed", none: "" } as const;
const retries = { asItIs: "as it is", withBody: "with the request", no: "" } as const;

const inCode = (texts: readonly string[]): string => texts.map((text) => `\`${text}\``).join(", ");

/** A kind's row as the documentation has it. */
function cellsOf(kind: string, row: SddcKind): string[] {
  return [
    `\`${kind}\``,
    inCode(row.starts.map((start) => start.split(" -> ")[0] ?? "")),
    row.place === undefined ? "its path" : `\`${row.place}\``,
    cancels[row.cancels],
    retries[row.retries],
    row.list === undefined ? "" : `\`${row.list}\``,
  ];
}

test("the documentation has the table of kinds", () => {
  const text = readFileSync(resolve(root, "docs/products/sddc-manager.md"), "utf8");
  const rows = text
    .split("\n")
    .filter((line) => line.startsWith("|"))
    .map((line) => line.split("|").slice(1, -1))
    .map((cells) => cells.map((cell) => cell.trim()));
  const told = rows.filter(([kind = ""]) => kind.replaceAll("`", "") in sddcKinds);
  const wanted = (Object.entries(sddcKinds) as [string, SddcKind][]).map(([kind, row]) => cellsOf(kind, row));
  expect(told).toEqual(wanted);
});
