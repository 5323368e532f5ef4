import type { Configuration } from "../provider/operations/arguments";
import { InvalidArgumentsError, type Problem } from "../provider/tasks";
import { plain, unsendable } from "./plain";
import { theConfiguration } from "./program-context";
import { toRunError } from "./run-error";

/** Finds what is wrong with arguments, as far as they are known. */
type Finder = (known: Record<string, unknown>, configuration: Configuration) => readonly Problem[];

/**
 * Checks the arguments of a resource or a look-up.
 *
 * @param headline - what cannot be done when they are wrong
 * @throws InvalidArgumentsError with all problems at once
 */
export function check(headline: string, args: object, find: Finder): void {
  try {
    const known = plain(args) as Record<string, unknown>;
    const problems = [...find(known, theConfiguration()), ...unsendable(args)];
    if (problems.length > 0) throw new InvalidArgumentsError(headline, problems);
  } catch (error) {
    throw toRunError(error);
  }
}
