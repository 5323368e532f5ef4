import { isTerminal, type TaskSnapshot } from "../tasks";
import { formatDuration } from "./arguments";

/** A task's state in a few words, the important first, for the column is cut at the terminal's width. */
export function statusLine(
  { status, progress, name }: TaskSnapshot,
  remainingMs?: number,
  attempt = 1,
): string {
  const parts = [
    attempt > 1 ? `attempt ${attempt}` : undefined,
    status === "RUNNING" ? undefined : status.toLowerCase(),
    progress.fraction === undefined || isTerminal(status)
      ? undefined
      : `${Math.floor(progress.fraction * 100)} %`,
    remainingMs === undefined || remainingMs < 1000 || isTerminal(status)
      ? undefined
      : `${formatDuration(remainingMs)} left`,
    progress.message ?? name,
  ];
  return parts.filter((part) => part !== undefined && part !== "").join(" · ");
}
