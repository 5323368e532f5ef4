// How many examples a property is tried with. The seed is fixed, so that a run says the same as the one before.
import type { Parameters } from "fast-check";

const { FUZZ_TIMES: times = "1", FUZZ_SEED: seed = "20260101" } = process.env;

/** Parameters of a property: `usual` runs, `FUZZ_TIMES` as many where that is set. A failure prints the seed. */
export function runs(usual: number): Parameters<unknown> {
  return { numRuns: Math.ceil(usual * Number(times)), seed: Number(seed) };
}

/** For Jest: how long a property of so many seconds may take; no less than any other test. */
export function limitMs(usualSeconds: number): number {
  return Math.max(180_000, usualSeconds * 1_000 * Number(times));
}
