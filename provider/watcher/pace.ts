import type { Span } from "./span";

/** How a task's progress has gone on; times in milliseconds since 1970, progress as a part of 1. */
export interface Pace {
  readonly firstAt: number;
  readonly firstFraction: number;
  /** The last look that did not see `lastFraction` yet: the step was taken between it and `lastAt`. */
  readonly lastBefore: number;
  readonly lastAt: number;
  readonly lastFraction: number;
  /** The smallest step seen, for progress that is told in steps may be almost one further than it says. */
  readonly smallestStep: number;
}

// Less than any server tells; a rate from it would be noise.
const leastGain = 1e-6;

/** The pace after a look that saw this progress; `seenAt` is the look before. Progress that falls back begins anew. */
export function paceAfter(pace: Pace | undefined, fraction: number, now: number, seenAt: number): Pace {
  if (pace === undefined || fraction < pace.lastFraction)
    return {
      firstAt: now,
      firstFraction: fraction,
      lastBefore: now,
      lastAt: now,
      lastFraction: fraction,
      smallestStep: Infinity,
    };
  const step = fraction - pace.lastFraction;
  if (step < leastGain) return pace;
  return {
    ...pace,
    lastBefore: seenAt,
    lastAt: now,
    lastFraction: fraction,
    smallestStep: Math.min(pace.smallestStep, step),
  };
}

/** When the task will end if it goes on as it did; `undefined` when its progress does not tell. */
export function expectedEnd(pace: Pace): Span | undefined {
  const { firstAt, firstFraction, lastBefore, lastAt, lastFraction, smallestStep } = pace;
  const gained = lastFraction - firstFraction;
  if (gained < leastGain || lastAt <= firstAt) return undefined;
  const left = Math.max(1 - lastFraction, 0);
  const latestAt = lastAt + (left / gained) * (lastAt - firstAt);
  // A single step is no measure of how far apart the bounds are.
  if (gained <= smallestStep || lastBefore <= firstAt) return { soonestAt: latestAt, latestAt };
  const byTime = lastBefore + (left / gained) * (lastBefore - firstAt);
  const byStep = lastAt + (Math.max(left - smallestStep, 0) / (gained + smallestStep)) * (lastAt - firstAt);
  return { soonestAt: Math.max(byTime, byStep), latestAt };
}
