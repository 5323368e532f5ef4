import type * as z from "../../zod";
import type { ApiRequest, FailureCause } from "../../tasks";
import { parseDuration } from "./duration";
import type { namedRetryPolicy, request, retryPolicy } from "./schemas";

/** A policy as a program or the configuration writes it. */
export type RetryPolicyArguments = z.infer<typeof retryPolicy>;
/** A policy of the configuration's, which may say where it holds. */
export type NamedRetryPolicyArguments = z.infer<typeof namedRetryPolicy>;

/** When and how a failed operation is attempted again; all defaults filled in. */
export interface RetryPolicy {
  readonly how: "auto" | "retryTask" | "startAgain";
  readonly maxAttempts: number;
  readonly delayMs: number;
  readonly factor: number;
  readonly maxDelayMs: number;
  readonly when: {
    readonly codes?: readonly string[];
    readonly message?: RegExp;
    readonly transientOnly: boolean;
  };
  readonly cleanup?: ApiRequest | undefined;
  readonly onNextUp: "again" | "look";
  readonly busyTimeoutMs: number;
}

const second = 1000;

function milliseconds(text: string | undefined, fallback: number): number {
  return (text === undefined ? undefined : parseDuration(text)) ?? fallback;
}

/** The request that a program wrote, as the clients take it. */
export function toApiRequest({
  method,
  path,
  query,
  headers,
  body,
  timeout,
}: z.infer<typeof request>): ApiRequest {
  return {
    method,
    path,
    query,
    headers,
    body,
    timeoutMs: timeout === undefined ? undefined : parseDuration(timeout),
  };
}

/** Fills in the defaults: one attempt in a deployment, and another one by the next. */
export function toRetryPolicy(given: RetryPolicyArguments = {}): RetryPolicy {
  const { codes, message, transientOnly = false } = given.when ?? {};
  return {
    how: given.how ?? "auto",
    maxAttempts: given.maxAttempts ?? 1,
    delayMs: milliseconds(given.delay, 30 * second),
    factor: given.factor ?? 2,
    maxDelayMs: milliseconds(given.maxDelay, 600 * second),
    when: {
      ...(codes === undefined ? {} : { codes }),
      ...(message === undefined ? {} : { message: new RegExp(message, "i") }),
      transientOnly,
    },
    cleanup: given.cleanup === undefined ? undefined : toApiRequest(given.cleanup),
    onNextUp: given.onNextUp ?? "again",
    busyTimeoutMs: milliseconds(given.busyTimeout, 600 * second),
  };
}

/** Whether the policy wants another attempt after such a failure. */
export function wantsRetryAfter({ when }: RetryPolicy, causes: readonly FailureCause[]): boolean {
  if (causes.some(({ isTransient }) => isTransient === false)) return false;
  if (when.transientOnly && !causes.some(({ isTransient }) => isTransient === true)) return false;
  if (when.codes !== undefined && !causes.some(({ code = "" }) => when.codes?.includes(code))) return false;
  return when.message === undefined || causes.some(({ message }) => when.message?.test(message));
}

/** The pause before the attempt after `attempts` ones. */
export function pauseMs({ delayMs, factor, maxDelayMs }: RetryPolicy, attempts: number): number {
  // A power beyond all numbers is no number any more when it is multiplied by nothing.
  return Math.min(
    delayMs * Math.min(factor ** Math.max(0, attempts - 1), Number.MAX_SAFE_INTEGER),
    maxDelayMs,
  );
}
