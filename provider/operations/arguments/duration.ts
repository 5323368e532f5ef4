import ms, { type StringValue } from "ms";

/** How durations are written: a number with a unit. */
export const durationForm = 'a number with a unit, such as "90s", "45m", "2h" or "1d"';

// The library takes no number that is longer.
const part = /\d{1,12}(?:\.\d{1,12})?\s{0,9}(?:ms|s|m|h|d)/g;
const whole = /^\s*(?:\d{1,12}(?:\.\d{1,12})?\s{0,9}(?:ms|s|m|h|d)\s*){1,5}$/;

/** Milliseconds of a duration such as `"45m"` or `"1h30m"`; `undefined` when it is not one. */
export function parseDuration(text: string): number | undefined {
  if (!whole.test(text)) return undefined;
  return [...text.matchAll(part)].reduce((sum, [one]) => sum + ms(one as StringValue), 0);
}

/** A duration for people, such as `4m` or `1h 20m`. */
export function formatDuration(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 60) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 10) return seconds % 60 === 0 ? `${minutes}m` : `${minutes}m ${seconds % 60}s`;
  if (minutes < 60) return `${minutes}m`;
  return minutes % 60 === 0 ? `${minutes / 60}h` : `${Math.floor(minutes / 60)}h ${minutes % 60}m`;
}
