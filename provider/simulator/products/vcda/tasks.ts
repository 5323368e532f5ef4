// The task API of VCDA: get, list, bulk poll. Nobody sees the tasks of others.
import type { Reply, SimulatedRequest } from "../../exchange";
import { isRecord, isString } from "../../json";
import type { Task } from "../../task-engine";
import type { World } from "../../world";
import { errorReply } from "./api-errors";
import { renderTask } from "./task-model";

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** @internal */
export interface TaskRoute {
  readonly operation: "get" | "list" | "other";
  readonly taskId?: string;
  readonly isPoll?: boolean;
}

export function taskRoute({ method, path }: SimulatedRequest): TaskRoute | undefined {
  const found = /^\/tasks(?:\/([^/]+))?$/.exec(path);
  if (found === null) return undefined;
  const taskId = found[1];
  if (taskId === "poll" && method === "POST") return { operation: "list", isPoll: true };
  if (method !== "GET") return { operation: "other" };
  return taskId === undefined ? { operation: "list" } : { operation: "get", taskId };
}

export function answerTasks(
  world: World,
  route: TaskRoute,
  request: SimulatedRequest,
  viewer: { readonly user: string; readonly site: string },
): Reply {
  const visible = (task: Task | undefined): task is Task =>
    task?.product === "vcda" && task.user === viewer.user && task.site === viewer.site;
  if (route.operation === "other")
    return errorReply(405, "BadRequest", `Method ${request.method} is not supported.`);
  if (route.isPoll === true) return poll(world, request.body, visible);
  if (route.operation === "list") return list(world, request.query, world.engine.all().filter(visible));
  const id = route.taskId ?? "";
  if (!uuid.test(id)) return badId(id);
  const task = world.engine.get(id);
  return visible(task)
    ? { status: 200, body: modelOf(world, task) }
    : errorReply(404, "TaskNotFound", "Task {0} was not found.", [id]);
}

export function modelOf(world: World, task: Task): Record<string, unknown> {
  return renderTask(task, world.engine.life(task), world.settings.clock.now());
}

function badId(id: string): Reply {
  return errorReply(400, "BadUserInput", "Invalid UUID: {0}", [id]);
}

/** One row for each task that the user may see, nested fields as columns with dotted names. */
function poll(world: World, ids: unknown, visible: (task: Task | undefined) => task is Task): Reply {
  if (!Array.isArray(ids)) return errorReply(400, "BadUserInput", "A list of task ids is required.");
  const bad: unknown = ids.find((id) => !isString(id) || !uuid.test(id));
  if (bad !== undefined) return badId(JSON.stringify(bad));
  const tasks = [...new Set(ids as string[])].map((id) => world.engine.get(id)).filter(visible);
  const flat = tasks.map((task) => flattened(modelOf(world, task)));
  const propertyNames = [...new Set(flat.flatMap((one) => Object.keys(one)))];
  const values = flat.map((one) => propertyNames.map((name) => one[name] ?? null));
  return { status: 200, body: { propertyNames, values } };
}

function flattened(model: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(model).flatMap(([name, value]) =>
      name === "workflowInfo" && isRecord(value)
        ? Object.entries(value).map(([inner, one]) => [`${name}.${inner}`, one])
        : [[name, value]],
    ),
  );
}

const usualLimit = 100;

function list(world: World, query: URLSearchParams, tasks: readonly Task[]): Reply {
  const wanted = Number(query.get("limit") ?? usualLimit);
  const offset = Number(query.get("offset") ?? 0);
  if (!Number.isInteger(wanted) || !Number.isInteger(offset) || wanted < 0 || offset < 0)
    return errorReply(400, "BadUserInput", "limit and offset must be whole numbers.");
  if (query.has("user") && query.has("destinationOrg"))
    return errorReply(400, "BadUserInput", "user and destinationOrg exclude each other.");
  const limit = wanted > usualLimit ? usualLimit : wanted;
  const found = tasks.map((task) => modelOf(world, task)).filter((model) => fits(model, query));
  const items = sorted(found, query.get("sort") ?? "startTime-").slice(offset, offset + limit);
  return { status: 200, body: { items, total: found.length, offset, limit } };
}

function fits(model: Record<string, unknown>, query: URLSearchParams): boolean {
  const info = isRecord(model["workflowInfo"]) ? model["workflowInfo"] : {};
  const isOne = (name: string, value: unknown): boolean =>
    query.get(name)?.split(",").includes(String(value)) ?? true;
  const isEqual = (name: string, value: unknown): boolean => (query.get(name) ?? value) === value;
  return (
    isOne("ids", model["id"]) &&
    isEqual("user", model["user"]) &&
    isEqual("state", model["state"]) &&
    isEqual("type", info["type"]) &&
    isEqual("resourceId", info["resourceId"]) &&
    isEqual("resourceName", info["resourceName"]) &&
    isOne("resourceType", info["resourceType"]) &&
    // The simulated tasks belong to the system organization.
    isEqual("sourceOrg", "System") &&
    isEqual("destinationOrg", "System") &&
    isWithin(query, "startTime", model["startTime"]) &&
    isWithin(query, "endTime", model["endTime"])
  );
}

function isWithin(query: URLSearchParams, name: string, value: unknown): boolean {
  const before = query.get(`${name}Before`);
  const after = query.get(`${name}After`);
  return (
    (before === null || Number(value) < Number(before)) && (after === null || Number(value) > Number(after))
  );
}

/** Several fields, separated by commas; a minus at the end of one turns its order round. */
function sorted(models: Record<string, unknown>[], order: string): Record<string, unknown>[] {
  const keys = order
    .split(",")
    .map((key) => ({ name: key.replace(/-$/, ""), sign: key.endsWith("-") ? -1 : 1 }));
  const compare = (a: unknown, b: unknown): number =>
    typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b));
  return [...models].reverse().sort((a, b) => {
    for (const { name, sign } of keys) {
      const difference = sign * compare(a[name], b[name]);
      if (difference !== 0) return difference;
    }
    return 0;
  });
}
