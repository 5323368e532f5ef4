/**
 * What programs and configuration may say: schemas, all problems at once, and the defaults. Cheap to load, for
 * the SDK checks arguments where the program makes a resource.
 */
export {
  completionProblems,
  followUpProblems,
  operationProblems,
  startProblems,
  traitProblems,
} from "./check-arguments";
export {
  readConfiguration,
  type Configuration,
  type ConfigurationSource,
  type Endpoint,
} from "./configuration";
export { lookUpProblems, type LookUp } from "./look-up";
export { formatDuration, parseDuration } from "./duration";
export {
  pauseMs,
  toApiRequest,
  wantsRetryAfter,
  type NamedRetryPolicyArguments,
  type RetryPolicy,
  type RetryPolicyArguments,
} from "./retry-policy";
export { condition, observation, request } from "./schemas";
export { hasUnknown, unknownValue } from "./validation";
