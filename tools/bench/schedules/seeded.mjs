// Chance that is the same in every run.
import { hash } from "node:crypto";

/**
 * Numbers from 0 up to, not including, 1; other ones for another seed.
 *
 * @param {string} seed
 * @returns {() => number}
 */
export function seeded(seed) {
  let n = 0;
  return () => {
    n += 1;
    return hash("sha256", `${seed} ${n}`, "buffer").readUInt32BE() / 2 ** 32;
  };
}
