// What grows with the number of tasks, and how.

// Medians of few runs: a difference within these bounds says nothing.
const sameBelow = 1.25;
const linearShare = 0.8;

/**
 * @param {number} few
 * @param {number} many - the same quantity with `factor` times the tasks
 * @param {number} factor
 */
export function growth(few, many, factor) {
  const ratio = many / few;
  if (!Number.isFinite(ratio)) return "–";
  if (ratio < sameBelow) return "constant";
  if (ratio < factor * linearShare) return "less than linear";
  return ratio <= factor / linearShare ? "linear" : "worse than linear";
}
