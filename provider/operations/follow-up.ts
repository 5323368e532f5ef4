import { productTraits } from "../clients/traits";
import { hasCode } from "../tasks";
import { nameOf } from "./completion";
import type { Context, OpenEndpoint } from "./context";
import { parseDuration, toApiRequest } from "./arguments";
import { baseOf, type SavedUpdate } from "./earlier-update";
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

/** Opens the endpoint; the object of a delete must not be stuck with one that is not configured any more. */
function openFor(context: Context, { endpoint, requestKind, resourceUrn }: FollowUp): OpenEndpoint {
  try {
    return context.open(endpoint);
  } catch (error) {
    if (hasCode(error, "VMWARE_CONFIGURATION") && requestKind === "delete") {
      error.message +=
        `\nSo the delete request of "${nameOf({ resourceUrn })}" cannot be sent, and its object is still there. Either` +
        `\n- configure the endpoint, under its old name or with that in its \`formerNames\`, and try again ` +
        "(a plain `pulumi destroy` takes the configuration of the last `pulumi up`: run that first, or `pulumi destroy --run-program`)" +
        `\n- or keep the object and forget its delete request: \`pulumi state delete '${resourceUrn}'\` ` +
        "(if it was renamed since, `pulumi stack --show-urns` tells its present URN).";
    }
    throw error;
  }
}

/**
 * Runs an update or delete request to its end; one that was interrupted is gone on with.
 *
 * @param saved - what the state has of an update of the object
 */
export async function followUp(context: Context, given: FollowUp, saved?: SavedUpdate): Promise<Finished> {
  const endpoint = openFor(context, given);
  const { product } = endpoint.settings;
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
    ...(saved === undefined ? {} : { base: baseOf(saved) }),
    policy: context.configuration.policy(undefined, { product, ...given.request }),
    limit: { forMs: timeoutMs },
    redactor: context.redactor(given.request, [...(given.secretValues ?? [])]),
    subject: `The ${given.requestKind} request of "${nameOf(given)}"`,
    ...(given.requestKind === "delete"
      ? { acceptsNotFound: true }
      : {
          whenNotFound:
            "If what it changes is gone: to make it anew, start its operation again by a change of `triggers`, " +
            `or by \`pulumi up --replace '**StartedTask::${nameOf(given)}'\`.`,
        }),
  });
}
