// VMware Cloud Director Availability: sessions over several sites, tasks, and operations that start them, at the root.
import type { ErrorWish, Handled, Reply, SimulatedRequest } from "../../exchange";
import type { Task } from "../../task-engine";
import type { TaskScript } from "../../task-script";
import type { World } from "../../world";
import type { Classified, ForeignRequest, Product } from "../product";
import {
  answerScriptedRead,
  answerStart,
  planOfRetry,
  startTask,
  type Ruling,
  type Start,
} from "../start-task";
import { errorReply, wishedApiError } from "./api-errors";
import { roots, startingForms, toVcdaOperation } from "./operations";
import { ruleReplication } from "./replications";
import { isSessionPath, notAuthenticated, Sessions } from "./sessions";
import { answerTasks, modelOf, taskRoute } from "./tasks";

const versions = ["1", "2", "3", "3.5", "4", "4.1", "4.2", "4.3", "4.5", "4.6", "4.7"];

/** @internal */
export class Vcda implements Product {
  readonly name = "vcda";
  readonly routes = [
    "POST|GET|DELETE /sessions, POST /sessions/extend, DELETE /sessions/{site}",
    "GET /tasks[/{task}], POST /tasks/poll, each with ?site=",
    "GET /sites, GET /vm-replications[/{id}], GET /vapp-replications[/{id}]",
    ...startingForms.map((form) => `${form} starts a task`),
  ];
  readonly #world: World;
  readonly #sessions: Sessions;
  readonly #rules;

  constructor(world: World) {
    this.#world = world;
    this.#sessions = new Sessions(world);
    this.#rules = {
      describe: (start: Start) => this.#describe(start),
      rule: (start: Start, scripted: boolean) => this.#rule(start, scripted),
      accepted: (task: Task) => ({ status: 202, body: modelOf(world, task) }),
      error: (wish: ErrorWish) => wishedApiError(wish),
    };
  }

  serves(path: string): boolean {
    return roots.includes(path.split("/")[1] ?? "");
  }

  classify(request: SimulatedRequest): Classified {
    const { method, path } = request;
    if (isSessionPath(path)) {
      if (method === "DELETE") return { operation: "logout" };
      return { operation: method === "POST" ? "login" : "other" };
    }
    const route = taskRoute(request);
    if (route !== undefined) {
      const { operation, taskId } = route;
      return { operation, ...(taskId === undefined ? {} : { taskId }) };
    }
    // Some GETs start tasks too.
    if (toVcdaOperation(method, path) !== undefined || method !== "GET") return { operation: "start" };
    return { operation: "read" };
  }

  handle(request: SimulatedRequest): Handled {
    const contentType = contentTypeOf(request);
    if (contentType === undefined) return { reply: errorReply(406, "BadRequest", "Unknown API version.") };
    const handled = this.#answer(request);
    const { reply } = handled;
    // The bulk poll is documented as plain JSON.
    const isPlain = request.path === "/tasks/poll" || reply.text !== undefined;
    if (isPlain || reply.body === undefined) return handled;
    return { ...handled, reply: { ...reply, headers: { "content-type": contentType, ...reply.headers } } };
  }

  errorReply(wish: ErrorWish): Reply {
    return wishedApiError(wish);
  }

  startForeign(request: ForeignRequest, script: TaskScript): Task | undefined {
    const start = { ...request, product: this.name, foreign: true } as const;
    const started = startTask(this.#world, this.#rules, start, script);
    return "task" in started ? started.task : undefined;
  }

  render(task: Task): Record<string, unknown> {
    return modelOf(this.#world, task);
  }

  /** The API has none: somebody mends the task behind everybody's back. */
  retry(task: Task, script: TaskScript | undefined): void {
    this.#world.engine.retry(task, planOfRetry(task, script));
  }

  expireSession(request: SimulatedRequest): void {
    this.#sessions.end(request);
  }

  expireSessions(): void {
    this.#sessions.clear();
  }

  expireRemoteSessions(): void {
    this.#sessions.forgetRemoteSites();
  }

  reset(): void {
    this.#sessions.clear();
  }

  #answer(request: SimulatedRequest): Handled {
    if (request.malformedBody)
      return { reply: errorReply(400, "BadRequest", "The request body is not valid JSON.") };
    if (isSessionPath(request.path)) return { reply: this.#sessions.answer(request) };
    const session = this.#sessions.of(request);
    if (session === undefined) return { reply: notAuthenticated() };
    const { user } = session;
    const site = request.query.get("site") ?? undefined;
    const refusal = this.#sessions.refusal(session, site);
    if (refusal !== undefined) return { reply: refusal };
    const route = taskRoute(request);
    if (route !== undefined) {
      const viewer = { user, site: site ?? this.#localSite() };
      return { reply: answerTasks(this.#world, route, request, viewer) };
    }
    if (toVcdaOperation(request.method, request.path) === undefined && request.method === "GET")
      return { reply: this.#read(request) };
    return answerStart(this.#world, this.#rules, { ...request, product: this.name, user, foreign: false });
  }

  #localSite(): string {
    return this.#world.settings.vcdaSites[0] ?? "site1";
  }

  #describe({ method, path, query }: Start): { id: string; name: string; type: string; site: string } {
    const type = toVcdaOperation(method, path)?.type ?? "operation";
    const site = query.get("site") ?? this.#localSite();
    return { id: this.#world.identifiers.uuid(), name: type, type, site };
  }

  #rule(start: Start, scripted: boolean): Ruling {
    const own = ruleReplication(this.#world, start);
    if (own !== undefined) return own;
    if (toVcdaOperation(start.method, start.path) !== undefined || scripted) return { kind: "task" };
    const reply = errorReply(404, "NotFound", `There is nothing at ${start.method} ${start.path}.`);
    return { kind: "refused", reply };
  }

  #read(request: SimulatedRequest): Reply {
    const scripted = answerScriptedRead(this.#world, this.name, this.#rules, request);
    if (scripted !== undefined) return scripted;
    const { path } = request;
    if (path === "/sites") {
      const sites = this.#world.settings.vcdaSites;
      return { status: 200, body: sites.map((site, index) => ({ site, isLocal: index === 0 })) };
    }
    const place = this.#world.collections.at(path);
    if (place?.rest === "" && place.id === undefined) {
      const items = place.collection.list(place.base).map(({ body }) => body);
      return { status: 200, body: { items, total: items.length } };
    }
    const object = place?.id === undefined ? undefined : place.collection.get(place.base, place.id);
    if (object !== undefined && place?.rest === "")
      return { status: 200, body: { id: object.id, ...object.body } };
    return errorReply(404, "NotFound", `There is nothing at ${path}.`);
  }
}

/** The type of a reply in the version that is asked for; undefined when the server has no such version. */
function contentTypeOf({ headers }: SimulatedRequest): string | undefined {
  const accept = headers.accept ?? "*/*";
  const version = /application\/vnd\.vmware\.h4-v([\d.]+)\+json/.exec(accept)?.[1];
  if (version !== undefined && versions.includes(version))
    return `application/vnd.vmware.h4-v${version}+json;charset=UTF-8`;
  return /application\/json|\*\/\*/.test(accept) ? "application/json;charset=UTF-8" : undefined;
}
