import { parseDuration } from "../operations";

const liveMs = 2_000;
// In a log every line stays.
const loggedMs = 30_000;

// A hundred a second: more are not read by anyone, and each is a message to the engine.
const turnMs = 100;
const mostInTurn = 10;

// Node fires a timer of more than 32 bits at once.
const longestTimerMs = 2 ** 31 - 1;

/** How often the state of a resource may be shown: `VMWARE_TASKS_STATUS_INTERVAL`, else by the kind of console. */
export function statusIntervalMs(environment: Readonly<Record<string, string | undefined>>): number {
  const { VMWARE_TASKS_STATUS_INTERVAL: chosen, CI, TERM } = environment;
  const chosenMs = chosen === undefined ? undefined : parseDuration(chosen);
  if (chosenMs !== undefined) return chosenMs;
  return (CI !== undefined && CI !== "" && CI !== "false") || TERM === "dumb" ? loggedMs : liveMs;
}

/** The latest text of each resource: of one at most once in an interval, of all at most a hundred a second. */
export interface StatusBoard {
  /** @param text - called when its turn has come, for most texts give way to later ones where many resources wait */
  set(resourceUrn: string, text: () => string): void;
  /** Shows nothing more. */
  close(): void;
}

/** Builds a board; who waits longest is shown first. */
export function createStatusBoard(
  intervalMs: number,
  show: (resourceUrn: string, text: string) => void,
): StatusBoard {
  const shown = new Map<string, { readonly text: string; readonly at: number }>();
  const waiting = new Map<string, () => string>();
  let isClosed = false;
  let next: { readonly at: number; readonly timer: NodeJS.Timeout } | undefined;

  const dueAt = (resourceUrn: string): number => (shown.get(resourceUrn)?.at ?? -Infinity) + intervalMs;

  const takeTurn = (): void => {
    next = undefined;
    const at = performance.now();
    let room = mostInTurn;
    let nextAt = Infinity;
    for (const [resourceUrn, makeText] of waiting) {
      if (room === 0) {
        nextAt = at;
        break;
      }
      const due = dueAt(resourceUrn);
      if (due > at) {
        nextAt = Math.min(nextAt, due);
        continue;
      }
      waiting.delete(resourceUrn);
      const text = makeText();
      if (text === shown.get(resourceUrn)?.text) continue;
      shown.set(resourceUrn, { text, at });
      show(resourceUrn, text);
      room -= 1;
    }
    if (waiting.size > 0) takeTurnAt(nextAt);
  };

  const takeTurnAt = (wished: number): void => {
    const at = Math.max(wished, performance.now() + turnMs);
    if (next !== undefined && next.at <= at) return;
    clearTimeout(next?.timer);
    const ms = Math.min(at - performance.now(), longestTimerMs);
    // It holds no process: a text that nobody can see any more is not worth waiting for.
    next = { at, timer: setTimeout(takeTurn, ms).unref() };
  };

  return {
    set(resourceUrn, text) {
      if (isClosed) return;
      waiting.set(resourceUrn, text);
      takeTurnAt(dueAt(resourceUrn));
    },
    close() {
      isClosed = true;
      clearTimeout(next?.timer);
      shown.clear();
      waiting.clear();
    },
  };
}
