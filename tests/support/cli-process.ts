// What a test does to a running CLI and the provider process below it.
import { execFileSync } from "node:child_process";

/** A process as it was at one moment. */
export interface ProcessRow {
  readonly id: number;
  readonly parent: number;
  readonly command: string;
}

function processes(): ProcessRow[] {
  return execFileSync("ps", ["-A", "-o", "pid=,ppid=,args="], { encoding: "utf8" })
    .split("\n")
    .flatMap((line) => {
      const [, id, parent, command] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
      return command === undefined ? [] : [{ id: Number(id), parent: Number(parent), command }];
    });
}

function descendants(of: number, all: readonly ProcessRow[]): ProcessRow[] {
  return all.filter(({ parent }) => parent === of).flatMap((child) => [child, ...descendants(child.id, all)]);
}

/** All that a process has started, and what that has started. */
export function startedBy(id: number): ProcessRow[] {
  return descendants(id, processes());
}

/** Those of some processes that are still there; another process may have an id by now. */
export function stillThere(rows: readonly ProcessRow[]): number[] {
  if (rows.length === 0) return [];
  const commands = new Map(processes().map(({ id, command }) => [id, command]));
  return rows.filter(({ id, command }) => commands.get(id) === command).map(({ id }) => id);
}

/** The process of the dynamic providers that a running CLI has started. */
export function providerOf(cli: number): number {
  const found = startedBy(cli).find(({ command }) => /^\S*node .*dynamic-provider/.test(command));
  if (found === undefined) throw new Error(`Process ${cli} has started no provider.`);
  return found.id;
}

/** Whether a process is there. */
export function isRunning(id: number): boolean {
  return processes().some((one) => one.id === id && !one.command.includes("<defunct>"));
}

/** Ends processes and all that they have started, whatever group it is in and whether it listens or not. */
export function killTrees(ids: readonly number[]): void {
  if (ids.length === 0) return;
  const all = processes();
  const below = ids.flatMap((id) => descendants(id, all)).map(({ id }) => id);
  for (const id of [...ids, ...below]) {
    try {
      process.kill(id, "SIGKILL");
    } catch {
      // It has ended meanwhile.
    }
  }
}
