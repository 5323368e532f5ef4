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

const shortestPauseMs = 500;
const longestIdlePauseMs = 60_000;
// The pause of a task that tells nothing, by its age: fewer requests and less lateness than any peer's schedule has for
// tasks of 5 s, 30 s, 5 min, 1 h and 4 h. Behind each step a peer with a constant pause is better for a while: one that
// grows has been shorter before, and that cannot be helped.
const blindPauses: readonly (readonly [untilMs: number, pauseMs: number])[] = [
  [1_000, 500],
  [10_000, 1_000],
  [42_000, 1_700],
  [340_000, 8_400],
  [4_000_000, 16_500],
];
const longestBlindPauseMs = 24_000;
// Each look goes a part of the way to the expected end, for what is expected gets better meanwhile.
const shareOfWay = 0.45;
// Between the soonest and the latest end, steps: each costs a request, and half of it is the lateness. So many of the first
// one's size would fill the span; they get shorter towards the latest end, where ever fewer tasks are left to pay for a
// look, so about twice as many do.
const firstStepsOfSpan = 14;
// An end before the soonest one gets unlikelier by e with every such part of the span, and looks get as much rarer.
const partsOfUnlikely = 6;
// Finer steps would save less lateness than anybody notices.
const shortestStepMs = 1_600;
const shortestStepShare = 0.000_5;
const pastTheEndMs = 50;
// An early estimate is poor, so it plans hardly further ahead than the task is old.
const longestJump = 1.2;
const longestEarlyJumpMs = 2_300;
// A task that fails ends sooner than anything told, and people want to know.
const longestJumpMs = 15 * 60_000;
const spread = 0.1;

/** When to look at a task of which nothing is expected. */
function blindly(elapsedMs: number, isIdle: boolean): number {
  const [, pauseMs] = blindPauses.find(([untilMs]) => elapsedMs < untilMs) ?? [];
  return pauseMs ?? (isIdle ? longestIdlePauseMs : longestBlindPauseMs);
}

/** When to look at a task whose end is expected. */
function towardsEnd({ soonestMs, latestMs }: Expectation, elapsedMs: number, blindMs: number): number {
  const span = latestMs - soonestMs;
  const left = soonestMs < 0 ? latestMs / span : 1;
  const shortest = Math.max(shortestStepMs, (elapsedMs + latestMs) * shortestStepShare);
  const step = Math.max(Math.min(span / firstStepsOfSpan, blindMs) * Math.sqrt(left), shortest);
  if (soonestMs <= 0) return Math.min(step, latestMs + pastTheEndMs);
  const part = Math.min(soonestMs * shareOfWay, step * Math.exp((soonestMs / span) * partsOfUnlikely));
  if (soonestMs - part >= step) return part;
  return soonestMs + Math.min(step, latestMs - soonestMs) + pastTheEndMs;
}

/** How long to wait until the next look: quick at first, slower in the middle, quick again near the expected end. */
export function nextLookIn({ elapsedMs, end, isIdle }: Course, random: number): number {
  // Spread, so that tasks that began together are not looked at in step for ever; later, never before the end.
  const later = 1 + random * spread;
  const blindMs = blindly(elapsedMs, isIdle);
  if (end === undefined) return blindMs * later;
  if (end.latestMs <= 0) return Math.min(Math.max(-end.latestMs, shortestPauseMs), blindMs) * later;
  const longest = Math.min(Math.max(elapsedMs * longestJump, longestEarlyJumpMs), longestJumpMs);
  return Math.max(Math.min(towardsEnd(end, elapsedMs, blindMs) * later, longest), shortestPauseMs);
}
