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

/** Picks the API's own fields out of a filter; they are sets, so what is named twice is sent once. */
export function toFilterSpec(filter: TaskFilter): FilterSpec {
  return Object.fromEntries(
    fields.flatMap((name) => {
      const value = filter[name];
      return value === undefined
        ? []
        : [[name, Array.isArray(value) ? [...new Set<unknown>(value)] : [value]]];
    }),
  );
}

/** The same filter in parts that name no more tasks than one list takes. */
export function partsOf(spec: FilterSpec, mostIds: number): FilterSpec[] {
  const { tasks = [] } = spec;
  if (tasks.length <= mostIds) return [spec];
  return Array.from({ length: Math.ceil(tasks.length / mostIds) }, (_, index) => ({
    ...spec,
    tasks: tasks.slice(index * mostIds, (index + 1) * mostIds),
  }));
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
