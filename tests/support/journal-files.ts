// The records in the folder of a journal, which need not be there yet.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The kinds of records, which are parts of the names of their files. */
export type RecordKind = "start" | "attempt" | "cleanup" | "update" | "delete";

/** The paths of all records, or of those of one kind; what a killed process had not finished writing is none. */
export function recordPaths(folder: string, kind?: RecordKind): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(kind === undefined ? ".json" : `.${kind}.json`))
    .sort()
    .map((name) => join(folder, name));
}

/** The kind of the record at a path. */
export const kindOf = (path: string): string => /\.(\w+)\.json$/.exec(path)?.[1] ?? "";

// No process has so great an id.
const deadProcess = 2 ** 30;

function setWriters(folder: string, processId: number): void {
  for (const path of recordPaths(folder)) {
    const record = JSON.parse(readFileSync(path, "utf8")) as Record<string, unknown>;
    writeFileSync(path, JSON.stringify({ ...record, processId }));
  }
}

/** As if the processes that wrote the records had been killed. */
export const endWriters = (folder: string): void => setWriters(folder, deadProcess);

/** As if another process that lives had written the records. */
export const moveWriters = (folder: string): void => setWriters(folder, process.ppid);
