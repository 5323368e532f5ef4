import type { TaskFilter } from "../../tasks";

/** A filter of tasks under the names of the API (`Snapservice.Tasks.FilterSpec`); a name repeats for each value. */
export type Query = Readonly<Record<string, readonly string[]>>;

const fields = ["tasks", "operations", "services", "users"] as const;

const listOf = (value: unknown): string[] => [value ?? []].flat().map(String);

/** The server's words for statuses of ours; `undefined` when it has none for one of them. */
function wordsFor(statuses: readonly string[]): string[] | undefined {
  if (statuses.includes("UNKNOWN")) return undefined;
  // A cancelled task has failed, with an error that says so.
  return [...new Set(statuses.map((status) => (status === "CANCELLED" ? "FAILED" : status)))];
}

/** Picks the API's own fields out of a filter. */
export function toQuery(filter: TaskFilter): Query {
  const given = [
    ...fields.map((name) => [name, listOf(filter[name])] as const),
    ["status", wordsFor(listOf(filter.status)) ?? []] as const,
  ];
  return Object.fromEntries(given.filter(([, values]) => values.length > 0));
}

// What servers and proxies take for sure; the rest of the URL is shorter than the reserve.
const longestUrl = 4096;
const reserve = 256;

function lengthOf(query: Query): number {
  const pairs = Object.entries(query).flatMap(([name, values]) =>
    values.map((value): [string, string] => [name, value]),
  );
  return new URLSearchParams(pairs).toString().length;
}

/** The same filter in parts whose ids of tasks fit a URL; every part names at least one. */
export function partsOf(query: Query): Query[] {
  const { tasks = [], ...others } = query;
  if (tasks.length === 0) return [query];
  const room = longestUrl - reserve - lengthOf(others);
  const parts: string[][] = [];
  let left = 0;
  for (const id of tasks) {
    const length = lengthOf({ tasks: [id] }) + 1;
    if (parts.length === 0 || length > left) {
      parts.push([]);
      left = room;
    }
    parts.at(-1)?.push(id);
    left -= length;
  }
  return parts.map((part) => ({ ...others, tasks: part }));
}
