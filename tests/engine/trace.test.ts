// The trace as docs/configuration.md tells of it: what is in it, and how one reads it.
import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";

import { withStack } from "../support/with-stack";

jest.setTimeout(600_000);

interface Line {
  readonly what: string;
  readonly process: number;
  readonly [field: string]: unknown;
}

const document =
  readFileSync(resolve(__dirname, "../../docs/configuration.md"), "utf8").split("## Trace")[1] ?? "";
const blocks = [...document.matchAll(/^```(\w+)\n(.*?)^```/gms)].map(([, language, text = ""]) => ({
  language,
  text,
}));
const linesOf = (text: string): Line[] =>
  text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Line);
const namesOf = (line: Line): string => Object.keys(line).join();
const commands = (blocks.findLast(({ language }) => language === "sh")?.text ?? "").trim().split("\n");
const examples = linesOf(blocks.find(({ language }) => language === "jsonl")?.text ?? "");

const program = `
  const op = new vmware.Operation("one", { endpoint: "sddc", request: { method: "POST", path: "/v1/domains", body: { domainName: "a" } } });
  const task = vmware.sddcManager.getTaskOutput({ endpoint: "sddc", id: op.taskId });
  return { name: task.name };`;

it("program and provider write one trace, which has what is documented and is read as documented", async () => {
  await withStack({ program, simulate: { defaultDurationMs: 1_500 } }, async (stack, simulator) => {
    const path = join(stack.folder, "trace.jsonl");
    stack.environment.VMWARE_TASKS_TRACE = path;
    simulator.fault({ what: "html", status: 503, match: { operation: "get" } });
    simulator.fault({ what: "reset-before", match: { operation: "get" } });
    const up = await stack.up();
    if (up.code !== 0) throw new Error(up.text);
    const lines = linesOf(readFileSync(path, "utf8"));
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(new Set(lines.map((line) => line.process)).size).toBe(2);
    expect(lines.filter(({ fault }) => fault !== undefined)).toHaveLength(1);

    const shapes = lines.map(namesOf);
    expect(examples.length).toBeGreaterThan(3);
    for (const example of examples) expect(shapes).toContain(namesOf(example));

    const hasJq = spawnSync("jq", ["--version"]).status === 0;
    const usable = commands.filter((command) => hasJq || !command.startsWith("jq"));
    expect(usable.length).toBeGreaterThan(1);
    for (const command of usable) {
      const read = execFileSync("/bin/sh", ["-c", command], { cwd: stack.folder, encoding: "utf8" });
      expect([command, read.trim()]).not.toEqual([command, ""]);
      expect(read).not.toMatch(/null|undefined/);
    }
    const wrong = execFileSync("/bin/sh", ["-c", commands[1] ?? ""], { cwd: stack.folder, encoding: "utf8" });
    // The page, the reset, and for each the look that did not see the task.
    expect(linesOf(wrong)).toHaveLength(4);
  });
});

it("a relative name means the program's folder for both, and one that cannot be written is a warning", async () => {
  await withStack({ program }, async (stack) => {
    stack.environment.VMWARE_TASKS_TRACE = "trace.jsonl";
    expect((await stack.up()).code).toBe(0);
    const lines = linesOf(readFileSync(join(stack.folder, "trace.jsonl"), "utf8"));
    expect(new Set(lines.map((line) => line.process)).size).toBe(2);

    stack.environment.VMWARE_TASKS_TRACE = join(stack.folder, "missing", "trace.jsonl");
    stack.program(program.replace('domainName: "a"', 'domainName: "b"'));
    const unwritten = await stack.up();
    expect(unwritten.code).toBe(0);
    expect(unwritten.text).toMatch(
      /warning: .*VMWARE_TASKS_TRACE names .*missing\/trace\.jsonl, which cannot be written \(ENOENT\)/,
    );
  });
});
