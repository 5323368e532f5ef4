import { productTraits, traitsOfKind, usualKind } from "../clients/traits";
import { taskStatuses, TaskNotFoundError, type Product, type TaskFilter, type TaskStatus } from "../tasks";
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
export interface TaskList<Native extends object = Record<string, unknown>> {
  readonly tasks: readonly TaskData<Native>[];
  readonly counts: Readonly<Record<TaskStatus, number>>;
  /**
   * Ids that were asked for and that the server did not show, whatever the status: it has forgotten them, they never
   * were, or another filter of the same look-up leaves them out. Absent when no ids were asked for.
   */
  readonly missing?: readonly string[];
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
      `\`ifMissing: "undefined"\` takes that for an answer.${idAdvice(settings.product, kind, query.id)}`,
  );
}

/** What speaks for a wrong id: one of another kind, or of another product. Empty when it looks right. */
export function idAdvice(product: Product, kind: string, id: string): string {
  const traits = productTraits[product];
  const form = traitsOfKind(traits, kind)?.idForm;
  if (form === undefined || form.pattern.test(id)) return "";
  const other = Object.keys(traits.kinds).find(
    (name) => traits.kinds[name]?.idForm?.pattern.test(id) === true,
  );
  const advice =
    other === undefined ? "is it a task of another endpoint?" : `one like this is of \`kind: "${other}"\`.`;
  return ` Ids of this kind of ${traits.title} task look like ${form.example}: ${advice}`;
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
  const asked = ids ?? idsOf(query.filter);
  if (asked === undefined) return { tasks, counts };
  const shown = new Set(found.map(({ ref }) => ref.id));
  return { tasks, counts, missing: [...new Set(asked)].filter((id) => !shown.has(id)) };
}

/** Ids that a product's own filter names. */
function idsOf({ tasks }: TaskFilter): readonly string[] | undefined {
  return Array.isArray(tasks) ? (tasks as readonly string[]) : undefined;
}

function redacted(context: Context, task: TaskData): TaskData {
  return context.redactor().value(task) as TaskData;
}
