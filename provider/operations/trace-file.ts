import { appendFileSync, writeFileSync } from "node:fs";

import { ConfigurationError, type Clock, type Trace, type TraceEvent } from "../tasks";

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

function masked(value: unknown, mask: (text: string) => string): unknown {
  if (typeof value === "string") return mask(value);
  if (Array.isArray(value)) return value.map((one) => masked(one, mask));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, masked(inner, mask)]));
}

/**
 * Opens a trace: one line of JSON for each event, appended to a file that is the user's own alone. The program and
 * the provider process write to the same file; `process` tells them apart.
 *
 * @param mask - takes secrets out of a text
 * @throws ConfigurationError when the file cannot be written
 */
export function openTrace(path: string, clock: Clock, mask: (text: string) => string): Trace {
  try {
    writeFileSync(path, "", { flag: "a", mode: 0o600 });
  } catch (error) {
    const { code = "unknown" } = error as NodeJS.ErrnoException;
    throw new ConfigurationError(`VMWARE_TASKS_TRACE names ${path}, which cannot be written (${code}).`);
  }
  return {
    write(event) {
      // Masked before it is cut and before anything is escaped: half a secret is one too.
      const told = masked(event, mask) as TraceEvent;
      const body = "body" in told ? { body: cut(told.body) } : {};
      const at = new Date(clock.now()).toISOString();
      try {
        appendFileSync(path, `${JSON.stringify({ at, process: process.pid, ...told, ...body })}\n`, {
          mode: 0o600,
        });
      } catch {
        // A disk that is full must not cost the reply that is told of.
      }
    },
  };
}
