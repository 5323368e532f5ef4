/** In how many milliseconds a task is expected to end; below 0 when that has passed. */
export interface Expectation {
  readonly soonestMs: number;
  readonly latestMs: number;
}

/** What is known of a task when its next look is planned. */
export interface Course {
  /** Milliseconds since the task began, as far as we know. */
  readonly elapsedMs: number;
  /** `undefined` when nothing tells. */
  readonly end?: Expectation | undefined;
  /** Whether the task waits for something or somebody. */
  readonly isIdle: boolean;
}

const soonestMs = 500;
const longestIdleMs = 60_000;
// The pause of a task that tells nothing, by its age. Few steps, each below what the clients of other task APIs allow
// themselves at that age: fewer requests would be later than theirs.
const blindPauses: readonly (readonly [untilMs: number, pauseMs: number])[] = [
  [1_000, 500],
  [10_000, 1_000],
  [42_000, 1_700],
  [340_000, 8_400],
  [4_000_000, 16_500],
];
const longestBlindMs = 24_000;
// Each look goes a part of the way to the expected end, for what is expected gets better meanwhile.
const shareOfWay = 0.45;
const looksAtEnd = 18;
// A step at the end is worth no more looks than this lateness is.
const shortestStepMs = 1_600;
const shortestStepShare = 0.000_5;
const stepShareOfBlind = 0.58;
const pastTheEndMs = 50;
// An early estimate is poor, so it plans hardly further ahead than the task is old.
const longestJump = 1.2;
const longestEarlyJumpMs = 2_000;
// A task that fails ends sooner than anything told, and people want to know.
const longestJumpMs = 15 * 60_000;
const spread = 0.1;

/** When to look at a task of which nothing is expected. */
function blindly(elapsedMs: number, isIdle: boolean): number {
  const [, pauseMs] = blindPauses.find(([untilMs]) => elapsedMs < untilMs) ?? [];
  return pauseMs ?? (isIdle ? longestIdleMs : longestBlindMs);
}

/** When to look at a task whose end is expected. */
function towardsEnd(
  { soonestMs: soonest, latestMs: latest }: Expectation,
  elapsedMs: number,
  blind: number,
): number {
  const finest = Math.max(shortestStepMs, (elapsedMs + latest) * shortestStepShare);
  const step = Math.max(Math.min((latest - soonest) / looksAtEnd, blind * stepShareOfBlind), finest);
  if (soonest <= 0) return Math.min(step, latest + pastTheEndMs);
  const part = soonest * shareOfWay;
  if (soonest - part >= step) return part;
  return soonest + Math.min(step, latest - soonest) + pastTheEndMs;
}

/** How long to wait until the next look: quick at first, slower in the middle, quick again near the expected end. */
export function nextLookIn({ elapsedMs, end, isIdle }: Course, random: number): number {
  const blind = blindly(elapsedMs, isIdle);
  let planned = blind;
  if (end !== undefined && end.latestMs > 0) {
    const longest = Math.min(Math.max(elapsedMs * longestJump, longestEarlyJumpMs), longestJumpMs);
    planned = Math.max(Math.min(towardsEnd(end, elapsedMs, blind), longest), soonestMs);
  } else if (end !== undefined) planned = Math.min(Math.max(-end.latestMs, soonestMs), blind);
  // Spread, so that tasks that began together are not looked at in step for ever; later, never before the end.
  return planned * (1 + random * spread);
}
