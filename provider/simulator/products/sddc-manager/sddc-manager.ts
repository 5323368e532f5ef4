// SDDC Manager: tokens, tasks, hosts, and operations that start tasks, below /v1.
import type { CollectionOptions } from "../../collections";
import type { ErrorWish, Handled, Reply, SimulatedRequest } from "../../exchange";
import type { Task } from "../../task-engine";
import type { TaskPlan, TaskScript } from "../../task-script";
import type { World } from "../../world";
import { changeOf } from "../collection-rules";
import type { Classified, ForeignRequest, Product } from "../product";
import {
  answerScriptedRead,
  answerStart,
  planOfRetry,
  startTask,
  type Ruling,
  type Start,
} from "../start-task";
import { Asynchronous } from "./asynchronous";
import { readCollection } from "./collection-reads";
import { fqdnsOf, isHost, ruleHosts } from "./hosts";
import { toSddcOperation, type SddcOperation } from "./operation-type";
import { sddcReply, wishedSddcError } from "./sddc-errors";
import { hasFailure, withoutFailures } from "./sub-tasks";
import { answerTasks, taskRoute } from "./tasks";
import { refusalByRole } from "./roles";
import { tokenRoute, Tokens } from "./tokens";

/** @internal */
export const domains: CollectionOptions = { path: "/v1/domains", nameField: "domainName" };

/** @internal */
export class SddcManager implements Product {
  readonly name = "sddc-manager";
  static readonly #routes = [
    "POST /v1/tokens, PATCH /v1/tokens/access-token/refresh, DELETE /v1/tokens/refresh-token",
    "GET /v1/tasks, GET|PATCH|DELETE /v1/tasks/{id}",
    "POST|PUT|PATCH|DELETE on /v1/** starts a task",
    "POST|DELETE /v1/hosts, GET /v1/hosts[/{id}]",
    "POST /v1/domains, GET|PATCH|DELETE /v1/domains/{id}, GET /v1/domains",
  ];
  readonly #world: World;
  readonly #tokens: Tokens;
  readonly #asynchronous: Asynchronous;
  readonly #rules;

  constructor(world: World) {
    this.#world = world;
    this.#tokens = new Tokens(world);
    this.#asynchronous = new Asynchronous(world);
    this.#rules = {
      describe: (start: Start) => ({
        id: world.identifiers.uuid(),
        ...operationOf(start),
        ...this.#asynchronous.describe(start),
      }),
      rule: (start: Start, scripted: boolean) => this.#rule(start, scripted),
      complete: (plan: TaskPlan, start: Start) =>
        complete({ ...this.#asynchronous.plan(start), ...plan }, operationOf(start)),
      error: (wish: ErrorWish) => wishedSddcError(wish),
      accepted: (task: Task) => this.#asynchronous.accepted(task),
    };
  }

  get routes(): readonly string[] {
    return [...SddcManager.#routes, ...this.#asynchronous.routes()];
  }

  serves(path: string): boolean {
    return path.startsWith("/v1/");
  }

  classify(request: SimulatedRequest): Classified {
    const token = tokenRoute(request);
    if (token !== undefined) return { operation: token === "revoke" ? "logout" : "login" };
    const route = taskRoute(request);
    if (route !== undefined) return route;
    const action = this.#asynchronous.action(request);
    if (action !== undefined) return { operation: action.action.operation, taskId: action.taskId };
    if (isChange(request.method)) return { operation: "start" };
    if (request.method !== "GET") return { operation: "other" };
    return this.#asynchronous.look(request.path) ?? { operation: "read" };
  }

  handle(request: SimulatedRequest): Handled {
    const token = tokenRoute(request);
    if (token !== undefined) return { reply: this.#tokens.answer(token, request) };
    if (!this.#tokens.isGood(request)) return { reply: this.#tokens.refusal() };
    const forbidden = refusalByRole(this.#world.settings.sddcRole, request);
    if (forbidden !== undefined) return { reply: forbidden };
    if (request.malformedBody) {
      return { reply: sddcReply(400, "INVALID_REQUEST_BODY", "The request body is not valid JSON.") };
    }
    const route = taskRoute(request);
    if (route !== undefined) {
      const retry = (task: Task): void => this.retry(task, undefined);
      return { reply: answerTasks(this.#world, this.#asynchronous, route, request, retry) };
    }
    const action = this.#asynchronous.action(request);
    if (action !== undefined) {
      return { reply: this.#asynchronous.act(action, request, (task, plan) => this.retry(task, plan)) };
    }
    if (!isChange(request.method)) return { reply: this.#read(request) };
    const user = this.#world.settings.username;
    return answerStart(this.#world, this.#rules, { ...request, product: this.name, user, foreign: false });
  }

  errorReply(wish: ErrorWish): Reply {
    return wishedSddcError(wish);
  }

  startForeign(request: ForeignRequest, script: TaskScript): Task | undefined {
    const started = startTask(
      this.#world,
      this.#rules,
      { ...request, product: this.name, foreign: true },
      script,
    );
    return "task" in started ? started.task : undefined;
  }

  render(task: Task): Record<string, unknown> {
    return this.#asynchronous.isTask(task)
      ? this.#asynchronous.showTask(task)
      : this.#asynchronous.show(task);
  }

  retry(task: Task, script: TaskScript | undefined): void {
    const plan = planOfRetry(task, script);
    const given = (script ?? task.attempt.plan.retryOutcome)?.subTasks;
    const subTasks = given ?? withoutFailures(plan.subTasks ?? []);
    this.#world.engine.retry(task, inferOutcome({ ...plan, subTasks }));
  }

  expireSession(request: SimulatedRequest): void {
    this.#tokens.end(request);
  }

  expireSessions(): void {
    this.#tokens.expireAccess();
  }

  reset(): void {
    this.#tokens.clear();
  }

  #rule(start: Start, scripted: boolean): Ruling {
    const refusal = this.#asynchronous.refusal(start, scripted || start.foreign);
    if (refusal !== undefined) return { kind: "refused", reply: refusal };
    const place = this.#world.collections.at(start.path);
    const own = place && isHost(place) ? ruleHosts(this.#world, place, start) : undefined;
    if (own !== undefined) return own;
    const begins = { begin: () => this.#asynchronous.begin(start), end: () => undefined };
    const change = changeOf(this.#world.collections, start);
    switch (change.kind) {
      case "missing":
        // `/v1/domains/validations` is no domain.
        if (start.method !== "DELETE" && !isUuid(change.id)) return { kind: "task", effects: begins };
        return refused(404, "RESOURCE_NOT_FOUND", `Resource ${change.id} was not found.`);
      case "unnamed":
        return refused(400, "INVALID_REQUEST_BODY", `Field ${change.field} is required.`);
      case "taken":
        return refused(
          400,
          "RESOURCE_ALREADY_EXISTS",
          `A resource with the name ${change.name} already exists.`,
        );
      case "at-once":
        return { ...change, reply: { status: 204 } };
      case "none":
        return { kind: "task", effects: begins };
      case "effects": {
        const { id, name } = change.object;
        const type = operationOf(start).resourceType;
        return { kind: "task", effects: change.effects, yields: [{ resourceId: id, type, name }] };
      }
    }
  }

  #read(request: SimulatedRequest): Reply {
    const scripted = answerScriptedRead(this.#world, this.name, this.#rules, request);
    if (scripted !== undefined) return scripted;
    const looked = request.method === "GET" ? this.#asynchronous.answerLook(request) : undefined;
    if (looked !== undefined) return looked;
    return readCollection(this.#world, request);
  }
}

function operationOf({ method, path, body }: Start): SddcOperation {
  return toSddcOperation(method, path, fqdnsOf(body));
}

function complete(plan: TaskPlan, operation: SddcOperation): TaskPlan {
  const subTasks = plan.subTasks ?? operation.subTasks.map((name) => ({ name }));
  return inferOutcome({ ...plan, subTasks });
}

/** A sub-task that fails takes the task with it. */
function inferOutcome(plan: TaskPlan): TaskPlan {
  return plan.outcome === undefined && plan.subTasks?.some(hasFailure)
    ? { ...plan, outcome: "FAILED" }
    : plan;
}

function refused(status: number, code: string, text: string): Ruling {
  return { kind: "refused", reply: sddcReply(status, code, text) };
}

function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}

function isChange(method: string): boolean {
  return ["POST", "PUT", "PATCH", "DELETE"].includes(method);
}
