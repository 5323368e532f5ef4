import { appendFileSync } from "node:fs";

import { messageOf, type Clock, type Redactor, type Trace } from "../tasks";

/** The file of the trace: `VMWARE_TASKS_TRACE`; none is written without. */
export function traceFile(environment: Readonly<Record<string, string | undefined>>): string | undefined {
  const chosen = environment.VMWARE_TASKS_TRACE;
  return chosen === "" ? undefined : chosen;
}

const longestBody = 4_000;
// To look for secrets takes time and memory, and a server may send megabytes.
const longestSearched = 64_000;
const longestSecret = 32_000;

/** A body as a trace shows it: cut where it is long, for a list has a thousand tasks. */
function shortened(_name: string, value: unknown): unknown {
  return typeof value === "string" && value.length > longestBody ? `${value.slice(0, longestBody)}…` : value;
}

function cut(body: unknown): unknown {
  const text = JSON.stringify(body, shortened) as string | undefined;
  return text === undefined || text.length <= longestBody ? body : `${text.slice(0, longestBody)}…`;
}

/** A body as a trace shows it, masked before it is cut: half a secret is one too. */
function shownBody(body: unknown, redactor: Redactor): unknown {
  const text = typeof body === "string" ? body : (JSON.stringify(body) as string | undefined);
  if (text === undefined || text.length <= longestSearched) return cut(redactor.texts(body));
  // The end of what is searched may be the beginning of a secret.
  const masked = redactor.text(text.slice(0, longestSearched)).slice(0, -longestSecret);
  return `${masked.slice(0, longestBody)}…`;
}

/**
 * Opens a trace: one line of JSON for each event, appended to a file that is the user's own alone. The program and
 * the provider process write to the same file; `process` tells them apart.
 *
 * @param redactor - takes secrets out of what is told
 * @param warn - is told once when the file cannot be written, for that must not cost the reply that is told of
 */
export function openTrace(
  path: string,
  clock: Clock,
  redactor: Redactor,
  warn: (problem: string) => void,
): Trace {
  let isBroken = false;
  const append = (text: string): void => {
    try {
      // One call a line: lines of two processes do not mix.
      appendFileSync(path, text, { mode: 0o600 });
    } catch (error) {
      if (isBroken) return;
      isBroken = true;
      const why = (error as NodeJS.ErrnoException).code ?? messageOf(error);
      warn(
        `VMWARE_TASKS_TRACE names ${path}, which cannot be written (${why}): the trace is not complete. ` +
          "Name a file in a folder that exists; everything else goes on.",
      );
    }
  };
  append("");
  return {
    write(event) {
      const { body, ...others } = { body: undefined, ...event };
      // Masked before anything is escaped.
      const told = { ...redactor.texts(others), what: event.what, body: shownBody(body, redactor) };
      const at = new Date(clock.now()).toISOString();
      append(`${JSON.stringify({ at, process: process.pid, ...told })}\n`);
    },
  };
}
