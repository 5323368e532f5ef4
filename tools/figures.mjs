// How figures are told: one line of JSON for each value, and one for each table.

/** @param {number[]} values */
export function sorted(values) {
  return [...values].sort((a, b) => a - b);
}

/**
 * The value below which this part of the values lies, 0 to 1.
 *
 * @param {number[]} values
 * @param {number} share
 */
export function quantile(values, share) {
  const all = sorted(values);
  return all[Math.min(all.length - 1, Math.floor(all.length * share))];
}

/**
 * Minimum, median and maximum of runs.
 *
 * @param {number[]} values
 * @param {number} [digits]
 */
export function summary(values, digits = 1) {
  const all = sorted(values);
  const shown = [all[0], all[Math.floor(all.length / 2)], all.at(-1)].map((value) => value.toFixed(digits));
  return shown.join(" / ");
}

/**
 * @param {string} what
 * @param {string | number} value
 * @param {string} unit
 */
export function print(what, value, unit) {
  console.log(JSON.stringify({ what, value, unit }));
}

/**
 * @param {string} title - a sentence that says what the cells are, with their units
 * @param {string[]} columns
 * @param {(string | number)[][]} rows
 */
export function table(title, columns, rows) {
  console.log(JSON.stringify({ title, columns, rows }));
}
