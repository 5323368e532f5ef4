// How figures are told: one line of JSON each, with minimum, median and maximum of the runs.

/** @param {number[]} values */
export function summary(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const shown = [sorted[0], sorted[Math.floor(sorted.length / 2)], sorted.at(-1)].map((value) =>
    value.toFixed(1),
  );
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
