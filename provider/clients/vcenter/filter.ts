import type { TaskFilter } from "../../tasks";

/** A filter of CIS tasks under the names of the API (`Cis.Tasks.FilterSpec`). */
export interface FilterSpec {
  tasks?: readonly string[];
  services?: readonly string[];
  operations?: readonly string[];
  status?: readonly string[];
  targets?: readonly { type: string; id: string }[];
  users?: readonly string[];
}

const fields = ["tasks", "services", "operations", "status", "targets", "users"] as const;

/** Picks the API's own fields out of a filter. */
export function toFilterSpec(filter: TaskFilter): FilterSpec {
  return Object.fromEntries(
    fields.flatMap((name) => {
      const value = filter[name];
      if (value === undefined) return [];
      const given: readonly unknown[] = Array.isArray(value) ? (value as unknown[]) : [value];
      const values = name === "status" ? nativeStatuses(given) : given;
      return values === undefined ? [] : [[name, [...new Set(values)]] as const];
    }),
  );
}

/** vCenter's words in the order of a task's life (`Cis.Task.Status`). */
export const nativeStatusesInOrder = ["PENDING", "RUNNING", "BLOCKED", "SUCCEEDED", "FAILED"] as const;

/** vCenter's words for statuses of ours; `undefined` when it has no word for one of them, so that it cannot filter. */
function nativeStatuses(statuses: readonly unknown[]): readonly unknown[] | undefined {
  // A cancelled task is a failed one there.
  const words = statuses.map((status) => (status === "CANCELLED" ? "FAILED" : status));
  const areKnown = words.every((word) => nativeStatusesInOrder.some((known) => known === word));
  return areKnown ? words : undefined;
}

/** What a list or a look tells of each task (`Cis.Tasks.GetSpec`). */
export interface ResultSpec {
  return_all?: boolean;
  exclude_result?: boolean;
}

/** Picks the API's options for results out of a filter. */
export function toResultSpec({ returnAll, excludeResult }: TaskFilter): ResultSpec {
  return {
    ...(typeof returnAll === "boolean" ? { return_all: returnAll } : {}),
    ...(typeof excludeResult === "boolean" ? { exclude_result: excludeResult } : {}),
  };
}

/** The same filter as the legacy `/rest` API takes it: in the query, targets by index. */
export function toRestQuery(
  spec: FilterSpec,
  result: ResultSpec,
): Record<string, string | boolean | readonly string[]> {
  const query: Record<string, string | boolean | readonly string[]> = {};
  for (const [name, values] of Object.entries(spec) as [string, readonly unknown[]][]) {
    if (name === "targets") {
      spec.targets?.forEach((target, index) => {
        query[`filter_spec.targets.${index + 1}.type`] = target.type;
        query[`filter_spec.targets.${index + 1}.id`] = target.id;
      });
    } else {
      query[`filter_spec.${name}`] = values as readonly string[];
    }
  }
  for (const [name, value] of Object.entries(result) as [string, boolean][]) {
    query[`result_spec.${name}`] = value;
  }
  return query;
}
