import type { TaskFilter } from "../../tasks";

/** Parameters of `GET /tasks` that say which tasks, under the API's own names (VCDA API 4.5). */
const parameters = [
  "site",
  "user",
  "sourceOrg",
  "destinationOrg",
  "state",
  "startTimeBefore",
  "startTimeAfter",
  "endTimeBefore",
  "endTimeAfter",
  "type",
  "resourceId",
  "resourceName",
  "resourceType",
  "sort",
] as const;

// So many UUIDs make a URL of less than 4 kB.
const mostIdsInUrl = 80;

function word(value: unknown): string {
  return Array.isArray(value) ? value.join(",") : String(value);
}

/** The query of `GET /tasks`; lists are separated by commas. */
export function toQuery(filter: TaskFilter): Record<string, string> {
  return Object.fromEntries(
    parameters.flatMap((name) => (filter[name] === undefined ? [] : [[name, word(filter[name])]])),
  );
}

/** The ids that are asked for, in parts that fit into a URL; one part without ids when none are named. */
export function idQueries({ ids, tasks }: TaskFilter): Record<string, string>[] {
  const wanted = ids ?? tasks;
  if (!Array.isArray(wanted)) return [{}];
  return Array.from({ length: Math.ceil(wanted.length / mostIdsInUrl) }, (_, part) => ({
    ids: wanted.slice(part * mostIdsInUrl, (part + 1) * mostIdsInUrl).join(","),
  }));
}
