import type { Redactor, TaskRef, TaskSnapshot } from "../tasks";
import type { Condition } from "./conditions";
import type { Context, OpenEndpoint } from "./context";
import type { Observation } from "./observe";
import type { Outcome } from "./outcome";
import type { RetryPolicy, RetryPolicyArguments } from "./arguments";
import type { RequestArguments } from "./start";

/** Which task to follow to its end, and how to judge it. */
export interface CompletionArguments {
  readonly resourceUrn: string;
  readonly endpoint: string;
  /** The first attempt's task; never changed by a retry. */
  readonly startedTaskId: string;
  readonly kind?: string | undefined;
  readonly site?: string | undefined;
  readonly taskIdFrom?: string | undefined;
  /** What to send for another attempt. */
  readonly request?: RequestArguments | undefined;
  /** The body of a server that answered the start at once. */
  readonly immediateResult?: unknown;
  /** What a changed request means; only `retryInPlace` concerns the completion. */
  readonly onRequestChange?: "restart" | "update" | "retryInPlace" | undefined;
  readonly timeout?: string | undefined;
  readonly onTimeout?: "detach" | "cancel" | undefined;
  readonly stallTimeout?: string | undefined;
  readonly retry?: string | RetryPolicyArguments | undefined;
  readonly onFailure?: "fail" | "warn" | undefined;
  readonly onDelete?: "leave" | "cancel" | undefined;
  readonly acceptWarnings?: boolean | undefined;
  readonly expect?: readonly Condition[] | undefined;
  readonly observe?: Observation | undefined;
  /** No text may show what the operation answered, or what was observed. */
  readonly sensitiveResult?: boolean | undefined;
  readonly secretValues?: readonly string[] | undefined;
}

/** How an operation came out: its outputs, and the report when it did not end well. */
export interface Completion {
  readonly outcome: Outcome;
  readonly failure?: string;
}

/** A completion at work. */
export interface Completing {
  readonly context: Context;
  readonly given: CompletionArguments;
  readonly endpoint: OpenEndpoint;
  readonly policy: RetryPolicy;
  readonly redactor: Redactor;
  readonly beganAt: number;
  readonly deadlineAt: number;
}

/** Where a completion stands: the task it follows now. */
export interface Standing {
  readonly ref: TaskRef;
  /** Attempts of all deployments. */
  readonly attempts: number;
  /** Attempts of this deployment. */
  readonly attemptsHere: number;
  readonly last?: TaskSnapshot | undefined;
  /** What the state has of a task that has failed, which the server may have forgotten since. */
  readonly saved?: Outcome | undefined;
}

/** Whether a failed task may be tried again: one of somebody else's only where the program itself says so. */
export function mayRetry({ given, policy }: Pick<Completing, "given" | "policy">): boolean {
  return given.request !== undefined || (given.retry !== undefined && policy.how === "retryTask");
}

/** The name of the resource in the program: the last part of its URN. */
export function nameOf({ resourceUrn }: Pick<CompletionArguments, "resourceUrn">): string {
  return resourceUrn.split("::").at(-1) ?? resourceUrn;
}
