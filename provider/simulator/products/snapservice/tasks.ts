// The task service of Snapservice: list and get. There is no cancel.
import type { Reply, SimulatedRequest } from "../../exchange";
import type { Task } from "../../task-engine";
import type { World } from "../../world";
import { passes, states } from "../vcenter/task-filter";
import { infoOf } from "../vcenter/tasks";
import { vapiError } from "../vcenter/vapi-errors";
import { root } from "./paths";

/** More matches are an error, not a cut list. */
const maxMatches = 1000;

const taskPath = new RegExp(`^${root}tasks(?:/([^/]+))?$`);

/** @internal */
export interface TaskRoute {
  readonly operation: "get" | "list" | "other";
  readonly taskId?: string;
}

/** @internal What a path below the task service asks for; undefined when it is none. */
export function taskRoute({ method, path }: SimulatedRequest): TaskRoute | undefined {
  const found = taskPath.exec(path);
  if (found === null) return undefined;
  const taskId = found[1];
  if (method !== "GET") return { operation: "other", ...(taskId === undefined ? {} : { taskId }) };
  return taskId === undefined ? { operation: "list" } : { operation: "get", taskId };
}

export function answerTasks(
  world: World,
  { operation, taskId = "" }: TaskRoute,
  request: SimulatedRequest,
): Reply {
  const { path, method, query } = request;
  if (operation === "other") return vapiError(path, "OPERATION_NOT_FOUND", `No operation ${method} ${path}.`);
  if (operation === "list") return list(world, path, query);
  const task = world.engine.get(taskId);
  if (task?.product !== "snapservice") return vapiError(path, "NOT_FOUND", `Task ${taskId} was not found.`);
  return { status: 200, body: renderTask(world, task) };
}

export function renderTask(world: World, task: Task): Record<string, unknown> {
  return infoOf(world, task, false, false);
}

function list(world: World, path: string, query: URLSearchParams): Reply {
  const tasks = query.getAll("tasks");
  const status = query.getAll("status");
  const unknown = status.find((word) => !states.includes(word));
  if (unknown !== undefined) return vapiError(path, "INVALID_ARGUMENT", `${unknown} is no task status.`);
  const filter = {
    tasks,
    status,
    services: query.getAll("services"),
    operations: query.getAll("operations"),
    users: query.getAll("users"),
    targets: [],
    excludeResult: false,
  };
  const found = world.engine
    .all()
    .filter(({ product, id }) => product === "snapservice" && (tasks.length === 0 || tasks.includes(id)))
    .filter((task) => passes(filter, task, world.engine.life(task), () => ({})));
  if (found.length > maxMatches)
    return vapiError(path, "RESOURCE_INACCESSIBLE", `Over ${maxMatches} tasks match the filter.`);
  return {
    status: 200,
    body: { items: found.map((task) => ({ task: task.id, info: renderTask(world, task) })) },
  };
}
