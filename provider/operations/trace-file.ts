import { appendFileSync, writeFileSync } from "node:fs";

import { ConfigurationError, type Clock, type Trace } from "../tasks";

/** The file of the trace: `VMWARE_TASKS_TRACE`; none is written without. */
export function traceFile(environment: Readonly<Record<string, string | undefined>>): string | undefined {
  const chosen = environment.VMWARE_TASKS_TRACE;
  return chosen === "" ? undefined : chosen;
}

const longestBody = 4_000;

/** A body as a trace shows it: cut where it is long, for a list has a thousand tasks. */
function shortened(_name: string, value: unknown): unknown {
  return typeof value === "string" && value.length > longestBody ? `${value.slice(0, longestBody)}…` : value;
}

function cut(body: unknown): unknown {
  const text = JSON.stringify(body, shortened) as string | undefined;
  return text === undefined || text.length <= longestBody ? body : `${text.slice(0, longestBody)}…`;
}

/**
 * Opens a trace: one line of JSON for each event, appended to a file that is the user's own alone. The program and
 * the provider process write to the same file; `process` tells them apart.
 *
 * @param mask - takes secrets out of a line
 * @throws ConfigurationError when the file cannot be written
 */
export function openTrace(path: string, clock: Clock, mask: (line: string) => string): Trace {
  const append = (line: string): void => appendFileSync(path, line, { mode: 0o600 });
  try {
    writeFileSync(path, "", { flag: "a", mode: 0o600 });
  } catch (error) {
    const { code = "unknown" } = error as NodeJS.ErrnoException;
    throw new ConfigurationError(`VMWARE_TASKS_TRACE names ${path}, which cannot be written (${code}).`);
  }
  return {
    write(event) {
      const body = "body" in event ? { body: cut(event.body) } : {};
      const at = new Date(clock.now()).toISOString();
      append(`${mask(JSON.stringify({ at, process: process.pid, ...event, ...body }))}\n`);
    },
  };
}
