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
      return value === undefined ? [] : [[name, Array.isArray(value) ? (value as unknown[]) : [value]]];
    }),
  );
}

/** The same filter as the legacy `/rest` API takes it: in the query, targets by index. */
export function toRestQuery(spec: FilterSpec): Record<string, string | readonly string[]> {
  const query: Record<string, string | readonly string[]> = {};
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
  return query;
}
