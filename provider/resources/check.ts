import type { Configuration } from "../operations";
import type { Problem } from "../tasks";
import { argumentsOf, type Properties } from "./inputs";
import { theContext } from "./provider-context";

/** A result of `check`. */
export interface CheckResult {
  readonly inputs: Properties;
  readonly failures: { property: string; reason: string }[];
}

/**
 * Checks inputs with the schemas that the SDK has already used, for values that only became known now.
 * A failure names its property in the reason alone: the engine prints the value of one that is named apart.
 */
export async function check(
  news: Properties,
  problemsOf: (given: Properties, configuration: Configuration) => Problem[],
): Promise<CheckResult> {
  const { configuration } = await theContext();
  const problems = problemsOf(argumentsOf(news), configuration);
  return {
    inputs: news,
    failures: problems.map(({ path, message }) => ({ property: "", reason: `${path} ${message}` })),
  };
}
