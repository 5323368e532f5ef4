// How figures are told: one line of JSON for each value, and one for each table.

/** @param {number[]} values */
function sorted(values) {
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

// Medians of few runs: a difference within these bounds says nothing.
const sameBelow = 1.25;
const linearShare = 0.8;

/**
 * How a quantity grows, in a word.
 *
 * @param {number} few
 * @param {number} many - the same quantity with `factor` times the tasks
 * @param {number} factor
 */
export function growth(few, many, factor) {
  const ratio = many / few;
  if (!Number.isFinite(ratio)) return "–";
  if (ratio < 1 / sameBelow) return "less";
  if (ratio < sameBelow) return "constant";
  if (ratio < factor * linearShare) return "less than linear";
  return ratio <= factor / linearShare ? "linear" : "worse than linear";
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
