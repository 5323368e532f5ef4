// vCenter: sessions, tasks, and operations that start them, below /api and in the old form below /rest.
import type { ErrorWish, Handled, Reply, SimulatedRequest } from "../../exchange";
import { isRecord } from "../../json";
import type { Task } from "../../task-engine";
import type { TaskScript } from "../../task-script";
import type { World } from "../../world";
import { changeOf } from "../collection-rules";
import type { Classified, ForeignRequest, Product } from "../product";
import { isSnapservicePath } from "../snapservice/paths";
import {
  answerScriptedRead,
  answerStart,
  planOfRetry,
  startTask,
  type Ruling,
  type Start,
} from "../start-task";
import { toVcenterOperation } from "./operation-name";
import { authenticationRequired, isSessionPath, Sessions } from "./sessions";
import { answerTasks, infoOf, taskRoute } from "./tasks";
import { isChange, ruleChange, wrongTaskWish } from "./vapi-starts";
import { isLegacy, vapiError, vapiValue, wishedVapiError } from "./vapi-errors";
import { isVimPath, Vim, vimError, vimRoutes } from "./vim";
import { isVirtualMachine, readVirtualMachine, ruleVirtualMachine, toApiPath } from "./virtual-machines";

/** @internal */
export class Vcenter implements Product {
  readonly name = "vcenter";
  readonly routes = [
    "POST|GET|DELETE /api/session",
    "GET /api/cis/tasks/{task}",
    "POST /api/cis/tasks?action=list",
    "POST /api/cis/tasks/{task}?action=cancel",
    "any method on /api/**?vmw-task=true starts a task",
    "POST /api/vcenter/vm?action=clone&vmw-task=true, GET /api/vcenter/vm[/{vm}[/power|/guest/identity]]",
    "DELETE /api/vcenter/vm/{vm}, POST /api/vcenter/vm/{vm}/power?action=start|stop",
    "the same below /rest, with POST|DELETE /rest/com/vmware/cis/session and GET /rest/cis/tasks",
    ...vimRoutes,
  ];
  readonly #world: World;
  readonly #sessions: Sessions;
  readonly #vim: Vim;
  readonly #rules;

  constructor(world: World) {
    this.#world = world;
    this.#sessions = new Sessions(world);
    this.#vim = new Vim(world);
    this.#rules = {
      describe: (start: Start) => this.#describe(start),
      rule: (start: Start, scripted: boolean) => this.#rule(start, scripted),
      accepted: (task: Task) => vapiValue(task.path, task.id, 202),
      error: (wish: ErrorWish, start: Pick<Start, "path">) => wishedVapiError(start.path, wish),
    };
  }

  serves(path: string): boolean {
    // The Data Protection appliance is another server.
    if (isSnapservicePath(path)) return false;
    return path.startsWith("/api/") || path.startsWith("/rest/") || isVimPath(path);
  }

  classify(request: SimulatedRequest): Classified {
    const { method, path, query } = request;
    if (isVimPath(path)) return this.#vim.classify(request);
    if (isSessionPath(path)) {
      if (method === "DELETE") return { operation: "logout" };
      return { operation: method === "POST" && query.get("~action") !== "get" ? "login" : "other" };
    }
    const route = taskRoute(request);
    if (route !== undefined) return route;
    // Some GETs start tasks too.
    if (query.get("vmw-task") === "true" || isChange(method)) return { operation: "start" };
    return { operation: method === "GET" ? "read" : "other" };
  }

  handle(request: SimulatedRequest): Handled {
    const { path, query } = request;
    if (isSessionPath(path)) return { reply: this.#sessions.answer(request) };
    const user = this.#sessions.userOf(request);
    if (isVimPath(path)) return this.#vim.handle(request, user);
    if (user === undefined) return { reply: authenticationRequired(path) };
    if (request.malformedBody) {
      return { reply: vapiError(path, "INVALID_ARGUMENT", "The request body is not valid JSON.") };
    }
    const route = taskRoute(request);
    if (route !== undefined) return { reply: answerTasks(this.#world, route, request) };
    const wrong = wrongTaskWish(request);
    if (wrong !== undefined) return { reply: wrong };
    if (query.has("vmw-task") || isChange(request.method)) {
      return answerStart(this.#world, this.#rules, { ...request, product: this.name, user, foreign: false });
    }
    return { reply: this.#read(request) };
  }

  errorReply(wish: ErrorWish, { path }: SimulatedRequest): Reply {
    return isVimPath(path) ? vimError(wish) : wishedVapiError(path, wish);
  }

  startForeign(request: ForeignRequest, script: TaskScript): Task | undefined {
    const started = startTask(
      this.#world,
      isVimPath(request.path) ? this.#vim.rules : this.#rules,
      { ...request, product: this.name, foreign: true },
      script,
    );
    return "task" in started ? started.task : undefined;
  }

  render(task: Task): Record<string, unknown> {
    return isVimPath(task.path) ? this.#vim.render(task) : infoOf(this.#world, task, false, false);
  }

  retry(task: Task, script: TaskScript | undefined): void {
    this.#world.engine.retry(task, planOfRetry(task, script));
  }

  expireSession(request: SimulatedRequest): void {
    this.#sessions.end(request);
  }

  expireSessions(): void {
    this.#sessions.clear();
    this.#vim.endSessions();
  }

  reset(): void {
    this.expireSessions();
  }

  #describe(start: Start): { id: string; name: string; type: string; service: string } {
    const { service, operation } = toVcenterOperation(start.method, start.path, start.query.get("action"));
    const id = `${this.#world.identifiers.uuid()}:${service}`;
    return { id, service, type: operation, name: `${service} ${operation.replace("$task", "")}` };
  }

  #rule(given: Start, scripted: boolean): Ruling {
    const start = toApiStart(given);
    const place = this.#world.collections.at(start.path);
    const own = place && isVirtualMachine(place) ? ruleVirtualMachine(this.#world, place, start) : undefined;
    if (own !== undefined) return own;
    const change = changeOf(this.#world.collections, start);
    return ruleChange(change, { ...start, path: given.path }, scripted);
  }

  #read(request: SimulatedRequest): Reply {
    const scripted = answerScriptedRead(this.#world, this.name, this.#rules, request);
    if (scripted !== undefined) return scripted;
    const { path } = request;
    const place = this.#world.collections.at(toApiPath(path));
    if (place !== undefined) {
      const own = isVirtualMachine(place) ? readVirtualMachine(this.#world, place, request) : undefined;
      if (own !== undefined) return own;
      const { collection, base, id, rest } = place;
      if (id === undefined) return vapiValue(path, collection.list(base).map(withId));
      const object = collection.get(base, id);
      if (object !== undefined && rest === "") return vapiValue(path, object.body);
    }
    return vapiError(path, "NOT_FOUND", `Nothing was found at ${path}.`);
  }
}

function withId({
  id,
  body,
}: {
  id: string;
  body: Readonly<Record<string, unknown>>;
}): Record<string, unknown> {
  return { id, ...body };
}

/** In the old form the parameters of an operation are wrapped: `{ "spec": { … } }`. */
function toApiStart(start: Start): Start {
  if (!isLegacy(start.path)) return start;
  const { body } = start;
  const spec = isRecord(body) && Object.keys(body).length === 1 ? body["spec"] : undefined;
  return { ...start, path: toApiPath(start.path), body: spec ?? body };
}
