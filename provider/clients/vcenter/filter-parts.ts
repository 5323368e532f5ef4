import { nativeStatusesInOrder, type FilterSpec } from "./filter";

/** The service that an id names: `<uuid>:<service>`. Tasks of one list must be of one provider, and this is the best hint of it. */
export function serviceOfTask(id: string): string {
  return id.split(":")[1] ?? "";
}

/**
 * A filter in parts that one list can answer: tasks of one service each, and no more of them than a list takes.
 * `services` beside `tasks` are left out, for they would bring a second provider in; see {@link servicesBeside}.
 */
export function partsOf(spec: FilterSpec, mostIds: number): FilterSpec[] {
  const { tasks = [], services, ...rest } = spec;
  if (tasks.length === 0) return [spec];
  const byService = Map.groupBy(new Set(tasks), serviceOfTask);
  return [...byService.values()].flatMap((ids) =>
    Array.from({ length: Math.ceil(ids.length / mostIds) }, (_, index) => ({
      ...rest,
      tasks: ids.slice(index * mostIds, (index + 1) * mostIds),
    })),
  );
}

/** The services that listed tasks must be of, where the list itself was not asked for them. */
export function servicesBeside({ tasks = [], services = [] }: FilterSpec): readonly string[] {
  return tasks.length > 0 ? services : [];
}

const splittable = ["tasks", "services", "status", "operations", "targets", "users"] as const;

function halves<T>(values: readonly T[]): [readonly T[], readonly T[]] {
  const middle = Math.ceil(values.length / 2);
  return [values.slice(0, middle), values.slice(middle)];
}

/** A filter whose tasks or services the server does not take together, as two; `undefined` when it names only one. */
export function splitByProvider(spec: FilterSpec): [FilterSpec, FilterSpec] | undefined {
  for (const name of ["tasks", "services"] as const) {
    const [first, second] = halves(spec[name] ?? []);
    if (second.length > 0)
      return [
        { ...spec, [name]: first },
        { ...spec, [name]: second },
      ];
  }
  return undefined;
}

/**
 * A filter that matches too much, as two that match the same together: the values of a field are alternatives. Without
 * a status it is split by all of them, in the order of a task's life: a task that goes on meanwhile may be listed twice,
 * but is not missed.
 */
export function splitByMatches(spec: FilterSpec): [FilterSpec, FilterSpec] | undefined {
  for (const name of splittable) {
    const given = spec[name] ?? [];
    const values = name === "status" && given.length === 0 ? nativeStatusesInOrder : given;
    const [first, second] = halves<unknown>(values);
    if (second.length > 0)
      return [
        { ...spec, [name]: first },
        { ...spec, [name]: second },
      ];
  }
  return undefined;
}
