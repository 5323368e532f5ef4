/** The last moment that a date can be, in milliseconds since 1970. */
export const endOfTime = 8.64e15;

/** How far the clocks inside of one server may differ; some cut their stamps to seconds, too. */
export const stampToleranceMs = 5_000;

const earliestTrueStamp = Date.UTC(2000, 0);

/** A stamp that can be true: an official sample shows a task of 1970, and such a stamp says nothing. */
export function trueStamp(stamp: number | undefined): number | undefined {
  return stamp === undefined || stamp < earliestTrueStamp ? undefined : stamp;
}

/** Whether what bears a stamp may be of a moment or later; a stamp that says nothing excludes nothing. */
export function canBeSince(stamp: number | undefined, moment: number): boolean {
  return (trueStamp(stamp) ?? Infinity) >= moment - stampToleranceMs;
}
