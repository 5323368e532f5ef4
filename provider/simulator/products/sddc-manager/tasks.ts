// The task API of SDDC Manager: get, list, retry, cancel.
import type { Reply, SimulatedRequest } from "../../exchange";
import { isRecord, isString } from "../../json";
import type { Task } from "../../task-engine";
import type { World } from "../../world";
import { toPage } from "./pages";
import { sddcReply } from "./sddc-errors";
import type { Asynchronous } from "./asynchronous";
import { isAtLeast } from "./sddc-version";
import { isRetryable } from "./task-model";

/** @internal */
export interface TaskRoute {
  readonly operation: "get" | "list" | "cancel" | "retry" | "other";
  readonly taskId?: string;
}

export function taskRoute({ method, path }: SimulatedRequest): TaskRoute | undefined {
  const found = /^\/v1\/tasks(?:\/([^/]+))?$/.exec(path);
  if (found === null) return undefined;
  const taskId = found[1];
  if (taskId === undefined) return { operation: method === "GET" ? "list" : "other" };
  const operations: Readonly<Record<string, TaskRoute["operation"]>> = {
    GET: "get",
    PATCH: "retry",
    DELETE: "cancel",
  };
  return { operation: operations[method] ?? "other", taskId };
}

export function answerTasks(
  world: World,
  asynchronous: Asynchronous,
  route: TaskRoute,
  request: SimulatedRequest,
  retry: (task: Task) => void,
): Reply {
  if (route.operation === "other") {
    return sddcReply(
      405,
      "METHOD_NOT_ALLOWED",
      `Method ${request.method} is not allowed on ${request.path}.`,
    );
  }
  if (route.operation === "list") return list(world, asynchronous, request.query);
  const task = world.engine.get(route.taskId ?? "");
  if (task === undefined || !asynchronous.isTask(task)) {
    return sddcReply(404, "TA_TASK_NOT_FOUND", `Task with ID ${route.taskId ?? ""} was not found.`);
  }
  if (route.operation === "get") return { status: 200, body: asynchronous.showTask(task) };
  if (route.operation === "cancel") return cancel(world, task);
  const life = world.engine.life(task);
  if (!isRetryable(task, life)) {
    return sddcReply(
      409,
      "TA_TASK_CAN_NOT_BE_RETRIED",
      `Task ${task.id} is not in a state that can be retried.`,
    );
  }
  retry(task);
  return { status: 200 };
}

function cancel(world: World, task: Task): Reply {
  const { status } = world.engine.life(task);
  const { cancellable, cancelMs = 0 } = task.attempt.plan;
  const running = status === "RUNNING" || status === "BLOCKED";
  if (!running || cancellable === false || task.attempt.ending !== undefined) {
    return sddcReply(
      409,
      "TA_TASK_CAN_NOT_BE_CANCELLED",
      `Task ${task.id} is not in a state that can be cancelled.`,
    );
  }
  if (cancelMs !== "never") world.engine.end(task, "CANCELLED", cancelMs);
  return { status: 200 };
}

/** Parameters that 4.5 does not know, and takes no notice of. */
const since51 = new Set(["pageNumber", "pageSize", "orderDirection", "orderBy", "taskName"]);

const looksInside = new Set([
  "taskStatus",
  "taskType",
  "taskName",
  "completedAfter",
  "resourceId",
  "resourceType",
  "orderBy",
  "orderDirection",
]);

function list({ engine, settings }: World, asynchronous: Asynchronous, all: URLSearchParams): Reply {
  const tasks = engine
    .all()
    .filter((task) => asynchronous.isTask(task))
    .reverse();
  const render = (task: Task): Record<string, unknown> => asynchronous.showTask(task);
  const pages = isAtLeast(settings.sddcVersion, "5.1");
  const paging = { firstPage: settings.firstPage, pages };
  const query = new URLSearchParams([...all].filter(([name]) => pages || !since51.has(name)));
  // Thousands of tasks are rendered only when the filter or the order has to look into them.
  if (![...query.keys()].some((name) => looksInside.has(name))) return toPage(tasks, query, paging, render);
  const models = tasks.map(render).filter((model) => fits(model, query));
  return toPage(sorted(models, query), query, paging);
}

function fits(model: Record<string, unknown>, query: URLSearchParams): boolean {
  const status = query.get("taskStatus");
  if (status !== null && plain(status) !== plain(model["status"])) return false;
  const type = query.get("taskType");
  if (type !== null && type !== model["type"]) return false;
  const name = query.get("taskName");
  if (name !== null && !String(model["name"]).toLowerCase().includes(name.toLowerCase())) return false;
  const after = query.get("completedAfter");
  if (after !== null && !completedAfter(model, Number(after))) return false;
  return (
    hasResource(model, "resourceId", query.get("resourceId")) &&
    hasResource(model, "type", query.get("resourceType"))
  );
}

function completedAfter(model: Record<string, unknown>, after: number): boolean {
  const completed = model["completionTimestamp"];
  const over = ["SUCCESSFUL", "FAILED"].includes(plain(model["status"]));
  return over && isString(completed) && Date.parse(completed) > after;
}

function hasResource(model: Record<string, unknown>, field: string, wanted: string | null): boolean {
  const { resources } = model;
  if (wanted === null) return true;
  return (
    Array.isArray(resources) && resources.some((resource) => isRecord(resource) && resource[field] === wanted)
  );
}

/** Newest first, unless the query says otherwise; a field that no task has sorts nothing. */
function sorted(models: Record<string, unknown>[], query: URLSearchParams): Record<string, unknown>[] {
  const field = query.get("orderBy");
  const direction = query.get("orderDirection")?.toUpperCase() === "ASC" ? 1 : -1;
  if (field === null) return direction === 1 ? [...models].reverse() : models;
  const key = (model: Record<string, unknown>): string => {
    const value = model[field];
    return isString(value) ? value : "";
  };
  return [...models].sort((a, b) => direction * (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
}

/** A status without case and separators: the server takes any of its own spellings. */
function plain(status: unknown): string {
  return isString(status) ? status.replace(/[\s_-]/g, "_").toUpperCase() : "";
}
