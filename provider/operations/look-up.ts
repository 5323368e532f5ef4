import { productTraits, usualKind } from "../clients/traits";
import { taskStatuses, TaskNotFoundError, type TaskFilter, type TaskStatus } from "../tasks";
import type { Context } from "./context";
import { toTaskData, type TaskData } from "./task-data";

/** Which task to read. */
export interface TaskQuery {
  readonly endpoint: string;
  readonly id: string;
  readonly kind?: string | undefined;
  readonly site?: string | undefined;
  readonly ifMissing?: "error" | "undefined" | undefined;
  /** Options of the product's own API. */
  readonly options?: TaskFilter | undefined;
}

/** Which tasks to read. */
export interface TasksQuery {
  readonly endpoint: string;
  /** Statuses to keep, whatever word the server has for them. */
  readonly status?: TaskStatus | readonly TaskStatus[] | undefined;
  /** Only these tasks. */
  readonly ids?: readonly string[] | undefined;
  /** The most tasks to answer with. */
  readonly limit?: number | undefined;
  /** Filters of the product's own API. */
  readonly filter: TaskFilter;
}

/** Tasks that match, newest first, and how many there are of each status. */
export interface TaskList {
  readonly tasks: readonly TaskData[];
  readonly counts: Readonly<Record<TaskStatus, number>>;
}

/** Reads one task; `undefined` only when the query allows that. */
export async function readTask(context: Context, query: TaskQuery): Promise<TaskData | undefined> {
  const { client, settings } = context.open(query.endpoint);
  const kind = query.kind ?? usualKind(productTraits[settings.product]);
  const seen = await client.get(
    { id: query.id, kind, site: query.site },
    query.options ?? {},
    context.deployment.signal,
  );
  if (seen !== undefined) return redacted(context, toTaskData(seen, settings.name, settings.product));
  if (query.ifMissing === "undefined") return undefined;
  throw new TaskNotFoundError(
    `Endpoint "${settings.name}" knows no ${kind} "${query.id}". Servers forget finished tasks, usually after a day; ` +
      '`ifMissing: "undefined"` takes that for an answer.',
  );
}

/** Reads the tasks that match. */
export async function readTasks(context: Context, query: TasksQuery): Promise<TaskList> {
  const { client, settings } = context.open(query.endpoint);
  const wanted = query.status === undefined ? undefined : [query.status].flat();
  const { ids } = query;
  const isFilteredHere = wanted !== undefined || ids !== undefined;
  const filter = {
    ...query.filter,
    // What is filtered here, a limit of the server's would cut off.
    ...(isFilteredHere || query.limit === undefined ? {} : { limit: query.limit }),
    ...(ids === undefined ? {} : { tasks: ids }),
  };
  const found = await client.list(filter, context.deployment.signal);
  const matching = found.filter(
    ({ status, ref }) => (wanted?.includes(status) ?? true) && (ids?.includes(ref.id) ?? true),
  );
  const tasks = matching
    .slice(0, query.limit)
    .map((task) => redacted(context, toTaskData(task, settings.name, settings.product)));
  const counts = Object.fromEntries(
    taskStatuses.map((status) => [status, tasks.filter((task) => task.status === status).length]),
  ) as Record<TaskStatus, number>;
  return { tasks, counts };
}

function redacted(context: Context, task: TaskData): TaskData {
  return context.redactor().value(task) as TaskData;
}
