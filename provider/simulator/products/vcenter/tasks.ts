// The task service of vCenter: get, list, cancel.
import type { Reply, SimulatedRequest } from "../../exchange";
import { isRecord } from "../../json";
import type { Task } from "../../task-engine";
import type { World } from "../../world";
import { withMaps } from "./map-form";
import { filterFromBody, filterFromQuery, passes, type TaskFilter } from "./task-filter";
import { renderInfo } from "./task-info";
import { isLegacy, noSuchPath, vapiDone, vapiError, vapiValue } from "./vapi-errors";

/** More matches are an error, not a cut list. */
const maxMatches = 1000;

const root = /^\/(?:api|rest)\/cis\/tasks(?:\/([^/]+))?$/;

/** @internal What a path below the task service asks for; undefined when it is none. */
export function taskRoute({ method, path, query }: SimulatedRequest): TaskRoute | undefined {
  const found = root.exec(path);
  if (found === null) return undefined;
  const taskId = found[1];
  const action = query.get("action");
  if (taskId === undefined) {
    // There is no GET /api/cis/tasks: the list is a POST there, and a GET only in the old form.
    const list = isLegacy(path) ? method === "GET" : method === "POST" && action === "list";
    return { operation: list ? "list" : "other" };
  }
  if (method === "GET") return { operation: "get", taskId };
  return { operation: method === "POST" && action === "cancel" ? "cancel" : "other", taskId };
}

/** @internal */
export interface TaskRoute {
  readonly operation: "get" | "list" | "cancel" | "other";
  readonly taskId?: string;
}

export function answerTasks(world: World, route: TaskRoute, request: SimulatedRequest): Reply {
  const { path } = request;
  if (route.operation === "other") return noSuchPath(path);
  if (route.operation === "list") return list(world, request);
  const task = route.taskId === undefined ? undefined : world.engine.get(route.taskId);
  // Tasks of the VIM JSON API have no service, and no place in this one.
  if (task?.product !== "vcenter" || task.service === undefined) {
    return vapiError(path, "NOT_FOUND", `Task ${route.taskId ?? ""} was not found.`);
  }
  return route.operation === "get" ? get(world, task, request) : cancel(world, task, path);
}

function get(world: World, task: Task, { path, query }: SimulatedRequest): Reply {
  const legacy = isLegacy(path);
  const exclude = query.get(legacy ? "spec.exclude_result" : "exclude_result") === "true";
  return vapiValue(path, infoOf(world, task, legacy, exclude));
}

function cancel(world: World, task: Task, path: string): Reply {
  if (world.engine.life(task).endedAt !== undefined || task.attempt.ending !== undefined) {
    return vapiError(
      path,
      "NOT_ALLOWED_IN_CURRENT_STATE",
      `Task ${task.id} has ended or is being canceled already.`,
    );
  }
  const { cancellable, cancelMs = 0 } = task.attempt.plan;
  if (cancellable === false) return vapiError(path, "UNSUPPORTED", `Task ${task.id} cannot be canceled.`);
  if (cancelMs !== "never") world.engine.end(task, "CANCELLED", cancelMs);
  return vapiDone(path);
}

function list(world: World, request: SimulatedRequest): Reply {
  const { path } = request;
  const legacy = isLegacy(path);
  const filter = legacy ? filterFromQuery(request.query) : filterFromBody(request.body);
  if (typeof filter === "string") return vapiError(path, "INVALID_ARGUMENT", filter);
  const found = candidates(world, filter).filter((task) =>
    passes(filter, task, world.engine.life(task), () => infoOf(world, task, legacy, true)),
  );
  if (found.length > maxMatches) {
    return vapiError(path, "RESOURCE_INACCESSIBLE", `More than ${maxMatches} tasks match the filter.`);
  }
  const infos = found.map((task) => [task.id, infoOf(world, task, legacy, filter.excludeResult)] as const);
  return vapiValue(path, legacy ? infos.map(([key, value]) => ({ key, value })) : Object.fromEntries(infos));
}

function candidates(world: World, filter: TaskFilter): Task[] {
  const named = filter.tasks.length > 0;
  const tasks = named ? [...new Set(filter.tasks)].map((id) => world.engine.get(id)) : world.engine.all();
  return tasks.filter((task) => task?.product === "vcenter" && task.service !== undefined) as Task[];
}

export function infoOf(
  world: World,
  task: Task,
  legacy: boolean,
  excludeResult: boolean,
): Record<string, unknown> {
  const info = renderInfo(task, world.engine.life(task), world.settings.clock.now(), excludeResult);
  // Only a result or an error can hold maps: the rest need not be copied for each of a thousand tasks.
  for (const name of ["result", "error"]) {
    if (isRecord(info[name]) || Array.isArray(info[name])) info[name] = withMaps(info[name], legacy);
  }
  return info;
}
