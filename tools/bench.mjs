// npm run bench: measures what the package promises, with the programs in tools/bench/.
// Such a program prints one line of JSON for each value it measured, { "what": "…", "value": 12.3, "unit": "s" };
// its other lines are for people. Arguments name the programs to run; all run without any.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { command } from "./setup/command.mjs";
import { commandStep } from "./setup/command-step.mjs";
import { tools } from "./setup/folders.mjs";
import { prepare } from "./setup/prepare.mjs";
import { say } from "./setup/steps.mjs";

const folder = join(tools, "bench");

await command(async (args) => {
  const names = readdirSync(folder).filter((file) => file.endsWith(".mjs"));
  const chosen = names.filter((file) => args.length === 0 || args.includes(file.replace(/\.mjs$/, "")));
  if (chosen.length === 0) {
    say(`There are: ${names.join(", ").replaceAll(".mjs", "")}`);
    return 1;
  }
  const env = await prepare();
  const rows = [];
  let failed = 0;
  for (const file of chosen) {
    const printed = await commandStep(file, "node", [join(folder, file)], { env });
    if (printed === undefined) failed++;
    const measured = (printed ?? "").split("\n").filter((line) => line.startsWith("{"));
    rows.push(...measured.map((line) => JSON.parse(line)));
  }
  const width = Math.max(0, ...rows.map(({ what }) => what.length));
  say();
  for (const { what, value, unit } of rows) say(`  ${what.padEnd(width)}  ${value} ${unit}`);
  return failed > 0 ? 1 : 0;
});
