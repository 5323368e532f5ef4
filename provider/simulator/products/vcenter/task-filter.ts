// The filter of a task list, read from a body (/api) or from a query (/rest), with the server's own rules.
import { isRecord, isString } from "../../json";
import type { Task } from "../../task-engine";
import type { Life } from "../../task-life";

/** @internal */
export interface TaskFilter {
  readonly tasks: readonly string[];
  readonly services: readonly string[];
  readonly operations: readonly string[];
  readonly status: readonly string[];
  readonly users: readonly string[];
  readonly targets: readonly { readonly type: string; readonly id: string }[];
  readonly excludeResult: boolean;
}

export const states = ["PENDING", "RUNNING", "BLOCKED", "SUCCEEDED", "FAILED"];

/** The filter, or what is wrong with it. */
export function filterFromBody(body: unknown): TaskFilter | string {
  const root = body ?? {};
  if (!isRecord(root)) return "The body must be an object.";
  const spec = root["filter_spec"] ?? {};
  const resultSpec = root["result_spec"] ?? {};
  if (!isRecord(spec) || !isRecord(resultSpec)) return "filter_spec and result_spec must be objects.";
  const lists = { tasks: [], services: [], operations: [], status: [], users: [] } as Record<
    string,
    string[]
  >;
  for (const name of Object.keys(lists)) {
    const given = spec[name] ?? [];
    if (!Array.isArray(given) || !given.every(isString))
      return `filter_spec.${name} must be a list of strings.`;
    lists[name] = given;
  }
  const targets = spec["targets"] ?? [];
  if (!Array.isArray(targets) || !targets.every(isTarget))
    return "filter_spec.targets must be a list of { type, id }.";
  return checked(lists, targets, resultSpec["exclude_result"] === true);
}

/** Repeated (`filter_spec.tasks=a&filter_spec.tasks=b`) and numbered (`filter_spec.tasks.1=a`) names both count. */
export function filterFromQuery(query: URLSearchParams): TaskFilter | string {
  const lists: Record<string, string[]> = { tasks: [], services: [], operations: [], status: [], users: [] };
  const targets = new Map<string, { type: string; id: string }>();
  for (const [name, value] of query) {
    const [, field = "", index, part] = /^filter_spec\.(\w+)(?:\.(\d+))?(?:\.(type|id))?$/.exec(name) ?? [];
    if (field === "targets" && index !== undefined && part !== undefined) {
      targets.set(index, { type: "", id: "", ...targets.get(index), [part]: value });
    } else if (part === undefined) lists[field]?.push(value);
  }
  return checked(lists, [...targets.values()], query.get("result_spec.exclude_result") === "true");
}

function checked(
  lists: Record<string, string[]>,
  targets: TaskFilter["targets"],
  excludeResult: boolean,
): TaskFilter | string {
  const { tasks = [], services = [], operations = [], status = [], users = [] } = lists;
  if (tasks.length === 0 && services.length === 0) {
    return "At least one of tasks and services must be specified in the filter.";
  }
  const unknownStatus = status.find((word) => !states.includes(word));
  if (unknownStatus !== undefined) return `${unknownStatus} is no task status.`;
  const providers = new Set([...tasks.map(serviceOf), ...services]);
  for (const provider of providers) {
    if (provider === undefined || !/^com\.vmware\.[\w.]+$/.test(provider)) {
      return `Cannot find provider for task or service ${tasks.find((id) => serviceOf(id) === provider) ?? ""}.`;
    }
  }
  if (providers.size > 1) return "All tasks and services must be from the same provider.";
  return { tasks, services, operations, status, users, targets, excludeResult };
}

export function passes(
  filter: TaskFilter,
  task: Task,
  life: Life,
  info: () => Record<string, unknown>,
): boolean {
  if (filter.services.length > 0 && !filter.services.includes(task.service ?? "")) return false;
  if (filter.operations.length > 0 && !filter.operations.includes(task.type)) return false;
  if (filter.users.length > 0 && !filter.users.includes(task.user)) return false;
  const status = life.status === "CANCELLED" ? "FAILED" : life.status;
  if (filter.status.length > 0 && !filter.status.includes(status)) return false;
  if (filter.targets.length === 0) return true;
  const target = info()["target"];
  return isTarget(target) && filter.targets.some((one) => one.id === target.id && one.type === target.type);
}

function serviceOf(taskId: string): string | undefined {
  return /^[^:]+:(.+)$/.exec(taskId)?.[1];
}

function isTarget(value: unknown): value is { type: string; id: string } {
  return isRecord(value) && isString(value["type"]) && isString(value["id"]);
}
