import { parseDuration } from "../operations";

const liveMs = 2_000;
// In a log every line stays.
const loggedMs = 30_000;

/** How often the state of a resource may be shown: `VMWARE_TASKS_STATUS_INTERVAL`, else by the kind of console. */
export function statusIntervalMs(environment: Readonly<Record<string, string | undefined>>): number {
  const { VMWARE_TASKS_STATUS_INTERVAL: chosen, CI, TERM } = environment;
  const chosenMs = chosen === undefined ? undefined : parseDuration(chosen);
  if (chosenMs !== undefined) return chosenMs;
  return (CI !== undefined && CI !== "" && CI !== "false") || TERM === "dumb" ? loggedMs : liveMs;
}

/** The latest text of each resource, shown at most once in an interval. */
export interface StatusBoard {
  set(resourceUrn: string, text: string): void;
  /** Shows nothing more. */
  close(): void;
}

interface Line {
  shownAt: number;
  text: string;
  timer?: NodeJS.Timeout | undefined;
}

/** Builds a board; a text that comes too early is shown when its time has come, unless a later one took its place. */
export function createStatusBoard(
  intervalMs: number,
  show: (resourceUrn: string, text: string) => void,
  now: () => number = () => performance.now(),
): StatusBoard {
  const lines = new Map<string, Line>();
  const display = (resourceUrn: string, line: Line): void => {
    line.timer = undefined;
    line.shownAt = now();
    show(resourceUrn, line.text);
  };
  return {
    set(resourceUrn, text) {
      const line = lines.get(resourceUrn) ?? { shownAt: -Infinity, text: "" };
      lines.set(resourceUrn, line);
      if (line.text === text) return;
      line.text = text;
      if (line.timer !== undefined) return;
      const left = line.shownAt + intervalMs - now();
      if (left <= 0) display(resourceUrn, line);
      // It holds no process: a text that nobody can see any more is not worth waiting for.
      else line.timer = setTimeout(() => display(resourceUrn, line), left).unref();
    },
    close() {
      for (const { timer } of lines.values()) clearTimeout(timer);
      lines.clear();
    },
  };
}
