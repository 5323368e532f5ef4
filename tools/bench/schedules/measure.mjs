// What a schedule costs and how late it is, over many tasks of each length.
import { quantile } from "../../figures.mjs";
import { seeded } from "./seeded.mjs";

export const draws = 200;
export const spread = 0.1;

/** Lengths between and beyond, each a sixth longer than the one before it. */
export const manyLengths = Array.from({ length: 60 }, (_, index) => {
  const seconds = 2 * (7 / 6) ** index;
  return { length: `${seconds.toFixed(1)} s`, seconds };
}).filter(({ seconds }) => seconds <= 8 * 60 * 60);
export const drawsOfMany = 40;

export const lengths = [
  { length: "5 s", seconds: 5 },
  { length: "30 s", seconds: 30 },
  { length: "5 min", seconds: 5 * 60 },
  { length: "1 h", seconds: 60 * 60 },
  { length: "4 h", seconds: 4 * 60 * 60 },
];

function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/**
 * Requests, mean lag and p95 lag by length, in seconds. Every schedule meets the same tasks.
 *
 * @param {(draw: () => number, random: () => number) => { requests: number, lag: number } | Promise<{ requests: number, lag: number }>} schedule -
 *   sees one task to its end; `draw` tells how many seconds one takes
 * @param {{ length: string, seconds: number }[]} of
 * @param {number} count
 */
export async function measure(schedule, of = lengths, count = draws) {
  const measured = {};
  for (const { length, seconds } of of) {
    const tasks = [];
    for (let task = 0; task < count; task += 1) {
      const random = seeded(`${length} ${task}`);
      const draw = () => seconds * (1 - spread + 2 * spread * random());
      tasks.push(await schedule(draw, random));
    }
    const lags = tasks.map(({ lag }) => lag);
    measured[length] = {
      requests: mean(tasks.map(({ requests }) => requests)),
      lag: mean(lags),
      p95: quantile(lags, 0.95),
    };
  }
  return measured;
}
