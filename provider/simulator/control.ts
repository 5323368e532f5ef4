// The control paths below /_simulator/: what a program in another process uses instead of the methods.
import type { Reply, SimulatedRequest } from "./exchange";
import type { Fault } from "./faults";
import { isRecord, isString, without } from "./json";
import type { StartedOperation } from "./recorder";
import type { ForeignTask, RestartOptions, Simulator } from "./simulator";
import type { TaskPlan } from "./task-script";
import { InvalidInputError } from "./invalid-input-error";
import { checkRestart } from "./validation";

const root = "/_simulator";

const routes = [
  "GET /_simulator",
  "GET /_simulator/requests",
  "GET /_simulator/starts",
  "GET /_simulator/counts",
  "GET /_simulator/tasks[/{id}]",
  "GET|POST /_simulator/objects/{path of a collection}",
  "DELETE /_simulator/objects/{path of a collection}/{id}",
  "POST /_simulator/script (a TaskScript; a pattern is { regexp, flags? })",
  'POST /_simulator/fault (a Fault; times may be "Infinity")',
  "POST /_simulator/tasks/{id} ({ change?: plan, finish?: outcome | retry?: true or plan | forget?: true })",
  "POST /_simulator/foreign-task (a ForeignTask)",
  "POST /_simulator/expire-sessions",
  "POST /_simulator/expire-remote-sessions",
  "POST /_simulator/restart ({ forgetTasks?, downMs? })",
  "POST /_simulator/reset",
];

export function isControlPath(path: string): boolean {
  return path === root || path.startsWith(`${root}/`);
}

export function answerControl(
  simulator: Simulator,
  served: Record<string, unknown>,
  request: SimulatedRequest,
): Reply {
  const rest = request.path.slice(root.length + 1).replace(/\/$/, "");
  try {
    if (request.malformedBody) throw new InvalidInputError("The body is not valid JSON.");
    const reply = request.method === "GET" ? look(simulator, served, rest) : act(simulator, rest, request);
    return (
      reply ?? {
        status: 404,
        body: { message: `Unknown control path ${request.method} ${request.path}.`, routes },
      }
    );
  } catch (error) {
    if (error instanceof InvalidInputError) return { status: 400, body: { message: error.message } };
    throw error;
  }
}

function look(simulator: Simulator, served: Record<string, unknown>, path: string): Reply | undefined {
  if (path.startsWith("objects/")) return ok(simulator.objects(path.slice("objects".length)));
  if (path.startsWith("tasks/")) {
    const task = simulator.task(path.slice("tasks/".length));
    return task === undefined ? { status: 404, body: { message: "There is no such task." } } : ok(task);
  }
  switch (path) {
    case "":
      return ok({ control: routes, ...served });
    case "requests":
      return ok(simulator.requests);
    case "starts":
      return ok(simulator.starts.map(withoutSecrets));
    case "counts":
      return ok(simulator.counts());
    case "tasks":
      return ok(simulator.tasks());
    default:
      return undefined;
  }
}

function act(simulator: Simulator, path: string, { method, body }: SimulatedRequest): Reply | undefined {
  if (path.startsWith("objects/")) return actOnObjects(simulator, method, path.slice("objects".length), body);
  if (method !== "POST") return undefined;
  if (path.startsWith("tasks/")) return actOnTask(simulator, path.slice("tasks/".length), object(body));
  switch (path) {
    case "script":
      simulator.script(revived(object(body)));
      return done;
    case "fault":
      simulator.fault(revived(object(body)) as unknown as Fault);
      return done;
    case "foreign-task":
      return ok({ taskId: simulator.startForeignTask(object(body) as unknown as ForeignTask) });
    case "expire-sessions":
      simulator.expireSessions();
      return done;
    case "expire-remote-sessions":
      simulator.expireRemoteSessions();
      return done;
    case "restart": {
      // The restart cuts this connection too; it waits until the reply is out.
      const options: RestartOptions = object(body ?? {});
      checkRestart(options);
      return { ...done, headers: { connection: "close" }, after: () => simulator.restart(options) };
    }
    case "reset":
      simulator.reset();
      return done;
    default:
      return undefined;
  }
}

function actOnTask(simulator: Simulator, id: string, body: Record<string, unknown>): Reply {
  const { change, finish, retry, forget } = body;
  const unknown = Object.keys(without(body, "change", "finish", "retry", "forget"));
  if (unknown.length > 0)
    throw new InvalidInputError(`${unknown.join(", ")}: unknown; say change, finish, retry or forget.`);
  if (change !== undefined) simulator.change(id, object(change));
  if (finish !== undefined) simulator.finish(id, toOutcome(finish));
  if (retry !== undefined) simulator.retry(id, ...(retry === true ? [] : [object(retry) as TaskPlan]));
  if (forget === true) simulator.forget(id);
  return done;
}

function actOnObjects(simulator: Simulator, method: string, path: string, body: unknown): Reply | undefined {
  if (method === "POST") return ok({ id: simulator.addObject(path, object(body)) });
  if (method !== "DELETE") return undefined;
  const slash = path.lastIndexOf("/");
  simulator.removeObject(path.slice(0, slash), path.slice(slash + 1));
  return done;
}

function toOutcome(value: unknown): "SUCCEEDED" | "FAILED" | "CANCELLED" {
  if (value === "SUCCEEDED" || value === "FAILED" || value === "CANCELLED") return value;
  throw new InvalidInputError("finish must be one of SUCCEEDED, FAILED, CANCELLED.");
}

/** What JSON cannot say: regular expressions and infinity. */
function revived(body: Record<string, unknown>): Record<string, unknown> {
  const { match, times } = body;
  const path = isRecord(match) ? match["path"] : undefined;
  return {
    ...body,
    ...(times === "Infinity" ? { times: Infinity } : {}),
    ...(isRecord(match) && isRecord(path) ? { match: { ...match, path: toPattern(path) } } : {}),
  };
}

function toPattern({ regexp, flags = "" }: Record<string, unknown>): RegExp {
  if (!isString(regexp) || !isString(flags))
    throw new InvalidInputError("match.path.regexp must be a string.");
  try {
    return new RegExp(regexp, flags);
  } catch (error) {
    throw new InvalidInputError(`match.path.regexp: ${(error as Error).message}.`);
  }
}

/** The control path is for people too: what they see must not hold passwords. */
function withoutSecrets(start: StartedOperation): StartedOperation {
  return { ...start, body: masked(start.body) };
}

function masked(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(masked);
  if (!isRecord(value)) return value;
  const entries = Object.entries(value);
  return Object.fromEntries(
    entries.map(([key, one]) => [key, isSecret(key) && isString(one) ? "********" : masked(one)]),
  );
}

function isSecret(name: string): boolean {
  return /passw|secret|token|credential|key$/i.test(name);
}

function object(value: unknown): Record<string, unknown> {
  if (isRecord(value)) return value;
  throw new InvalidInputError("The body must be a JSON object.");
}

function ok(body: unknown): Reply {
  return { status: 200, body };
}

const done: Reply = { status: 204 };
