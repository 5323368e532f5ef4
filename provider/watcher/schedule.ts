/** What is known of a task when its next look is planned; times in milliseconds. */
export interface Course {
  /** Since the task began, as far as we know. */
  readonly elapsedMs: number;
  /** Until the expected end, from the rate of progress; below 0 when it has passed, `undefined` when nothing tells. */
  readonly remainingMs?: number | undefined;
  /** Whether the task waits for something or somebody. */
  readonly isIdle: boolean;
}

const soonestMs = 500;
const latestMs = 30_000;
const latestIdleMs = 60_000;
// A task without progress is looked at after this part of its age again: the lag stays in proportion.
const blindShare = 0.12;
// With an expected end, each look halves the way to it, and the one that would come close goes just past it.
const shareOfRemaining = 0.55;
const closeMs = 1_200;
const pastTheEndMs = 50;
// An early estimate is poor, so it plans hardly further ahead than the task is old.
const longestJump = 1.2;
const longestEarlyJumpMs = 2_000;
const spread = 0.1;

/** When to look at a task whose end is expected. */
function towardsEnd(remainingMs: number, elapsedMs: number): number {
  const part = remainingMs * shareOfRemaining;
  const planned = remainingMs - part < closeMs ? remainingMs + pastTheEndMs : part;
  return Math.max(Math.min(planned, Math.max(elapsedMs * longestJump, longestEarlyJumpMs)), soonestMs);
}

/** How long to wait until the next look: quick at first, slower in the middle, quick again near the expected end. */
export function nextLookIn({ elapsedMs, remainingMs, isIdle }: Course, random: number): number {
  const blind = Math.min(Math.max(elapsedMs * blindShare, soonestMs), isIdle ? latestIdleMs : latestMs);
  const planned =
    remainingMs === undefined
      ? blind
      : remainingMs > 0
        ? towardsEnd(remainingMs, elapsedMs)
        : Math.min(Math.max(-remainingMs, soonestMs), blind);
  // Spread, so that tasks that began together are not looked at in step for ever; later, never before the end.
  return planned * (1 + random * spread);
}

/** The first sight and the latest one of a task's progress. */
export interface Pace {
  readonly firstAt: number;
  readonly firstFraction: number;
  readonly lastAt: number;
  readonly lastFraction: number;
}

/** When the task will end, or should have ended, if it goes on as it did; `undefined` when its progress does not tell. */
export function remainingMs(
  { firstAt, firstFraction, lastAt, lastFraction }: Pace,
  now: number,
): number | undefined {
  const gained = lastFraction - firstFraction;
  if (gained <= 0 || lastAt <= firstAt || lastFraction >= 1) return undefined;
  const left = ((1 - lastFraction) / gained) * (lastAt - firstAt);
  return left - (now - lastAt);
}
