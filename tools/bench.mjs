// npm run bench: measures what the package promises, with the programs in tools/bench/.
//
//   npm run bench                          all of them
//   npm run bench -- schedules live        some
//   npm run bench -- --write schedules     and puts what was measured into docs/performance.md
//
// A program prints what it measured as lines of JSON (tools/figures.mjs); its other lines are for people.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { writeReport } from "./bench/report/page.mjs";
import { toMarkdown } from "./bench/report/markdown.mjs";
import { command } from "./setup/command.mjs";
import { commandStep } from "./setup/command-step.mjs";
import { tools } from "./setup/folders.mjs";
import { prepare } from "./setup/prepare.mjs";
import { run } from "./setup/processes.mjs";
import { say } from "./setup/steps.mjs";

const folder = join(tools, "bench");

await command(async (args) => {
  const programs = readdirSync(folder)
    .filter((file) => file.endsWith(".mjs"))
    .map((file) => file.replace(/\.mjs$/, ""));
  const named = args.filter((argument) => argument !== "--write");
  const unknown = named.filter((name) => !programs.includes(name));
  if (unknown.length > 0) {
    say(`There is no ${unknown.join(", ")}; there are: ${programs.join(", ")}`);
    return 1;
  }
  const env = await prepare();
  const { stdout: node } = await run("node", ["-p", "process.versions.node"], { env });
  let failed = 0;
  for (const name of named.length === 0 ? programs : named) {
    const printed = await commandStep(name, "node", [join(folder, `${name}.mjs`)], { env });
    if (printed === undefined) {
      failed++;
      continue;
    }
    const lines = printed.split("\n").filter((line) => line.startsWith("{"));
    const figures = toMarkdown(lines.map((line) => JSON.parse(line)));
    say();
    say(figures);
    say();
    if (args.includes("--write")) await writeReport(name, figures, node.trim());
  }
  return failed > 0 ? 1 : 0;
});
