/**
 * Lengths of tasks in milliseconds, spread evenly by their logarithm: short ones are as many as long ones. Each run takes
 * other ones, for a length that an interval divides is met on time by luck.
 *
 * @param {{ tasks: number, fromMs: number, toMs: number }} set
 * @param {number} place - of the run among all runs, above 0 and below 1
 */
export function lengths({ tasks, fromMs, toMs }, place) {
  return Array.from({ length: tasks }, (_, index) =>
    Math.round(fromMs * (toMs / fromMs) ** ((index + place) / tasks)),
  );
}
