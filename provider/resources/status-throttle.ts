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

/** Lets a text of a resource through when it is new and the last one has been shown for a while. */
export function createStatusThrottle(
  intervalMs: number,
  now: () => number,
): (resourceUrn: string, text: string) => boolean {
  const shown = new Map<string, { text: string; at: number }>();
  return (resourceUrn, text) => {
    const last = shown.get(resourceUrn);
    const at = now();
    if (last !== undefined && (last.text === text || at - last.at < intervalMs)) return false;
    shown.set(resourceUrn, { text, at });
    return true;
  };
}
