/** What is known of a task when its next look is planned; times in milliseconds. */
export interface Course {
  /** Since the task began, as far as we know. */
  readonly elapsedMs: number;
  /** Until the expected end, from the rate of progress; `undefined` when nothing tells. */
  readonly remainingMs?: number | undefined;
  /** Whether the task waits for something or somebody. */
  readonly isIdle: boolean;
}

const soonestMs = 500;
const latestMs = 30_000;
const latestIdleMs = 60_000;
// A task without progress is looked at after this part of its age again: the lag stays in proportion.
const blindShare = 0.12;
// With an expected end, each look halves the way to it.
const shareOfRemaining = 0.55;
// An early estimate is poor, so it never plans further ahead than the task is old.
const longestJump = 1;

/** How long to wait until the next look: quick at first, slower in the middle, quick again near the expected end. */
export function nextLookIn({ elapsedMs, remainingMs, isIdle }: Course, random: number): number {
  const blind = Math.min(Math.max(elapsedMs * blindShare, soonestMs), isIdle ? latestIdleMs : latestMs);
  const planned =
    remainingMs === undefined
      ? blind
      : Math.min(
          Math.max(remainingMs * shareOfRemaining, soonestMs),
          Math.max(elapsedMs * longestJump, soonestMs),
        );
  // Spread, so that tasks that began together are not looked at in step for ever.
  return planned * (0.95 + random * 0.1);
}

/** The first sight and the latest one of a task's progress. */
export interface Pace {
  readonly firstAt: number;
  readonly firstFraction: number;
  readonly lastAt: number;
  readonly lastFraction: number;
}

/** When the task will end if it goes on as it did; `undefined` when its progress does not tell. */
export function remainingMs(
  { firstAt, firstFraction, lastAt, lastFraction }: Pace,
  now: number,
): number | undefined {
  const gained = lastFraction - firstFraction;
  if (gained <= 0 || lastAt <= firstAt || lastFraction >= 1) return undefined;
  const left = ((1 - lastFraction) / gained) * (lastAt - firstAt);
  const since = now - lastAt;
  // An expected end that has passed tells nothing any more.
  return left > since ? left - since : undefined;
}
