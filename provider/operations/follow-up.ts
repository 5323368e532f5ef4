import { productTraits } from "../clients/traits";
import type { Context } from "./context";
import { parseDuration, toApiRequest } from "./arguments";
import { runToEnd, type Finished } from "./run-to-end";
import type { RequestArguments } from "./start";
import { taskKind } from "./task-kind";

/** A request about an object that a finished task has made. */
export interface FollowUp {
  readonly resourceUrn: string;
  readonly requestKind: "update" | "delete";
  readonly endpoint: string;
  readonly request: RequestArguments;
  /** The task that made the object. */
  readonly of: string;
  readonly kind?: string | undefined;
  readonly site?: string | undefined;
  readonly timeout?: string | undefined;
  readonly secretValues?: readonly string[] | undefined;
}

/** Runs an update or delete request to its end; one that was interrupted is gone on with. */
export function followUp(context: Context, given: FollowUp): Promise<Finished> {
  const endpoint = context.open(given.endpoint);
  const { product } = endpoint.settings;
  const name = given.resourceUrn.split("::").at(-1) ?? "";
  const timeoutMs =
    (given.timeout === undefined ? undefined : parseDuration(given.timeout)) ??
    productTraits[product].defaultTimeoutMs;
  return runToEnd(context, {
    resourceUrn: given.resourceUrn,
    requestKind: given.requestKind,
    endpoint,
    request: toApiRequest(given.request),
    taskKind: taskKind(endpoint, given),
    site: given.site,
    of: given.of,
    policy: context.configuration.policy(undefined, { product, ...given.request }),
    deadlineAt: context.clock.now() + timeoutMs,
    redactor: context.redactor(given.request, [...(given.secretValues ?? [])]),
    subject: `The ${given.requestKind} request of "${name}"`,
    acceptsNotFound: given.requestKind === "delete",
  });
}
