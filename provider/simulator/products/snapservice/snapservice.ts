// Snapservice, the vSAN Data Protection appliance: sessions, tasks, protection groups and operations that start tasks.
import type { ErrorWish, Handled, Reply, SimulatedRequest } from "../../exchange";
import { isRecord, isString } from "../../json";
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
import { toVcenterOperation } from "../vcenter/operation-name";
import { authenticationRequired } from "../vcenter/sessions";
import { vapiError, wishedVapiError } from "../vcenter/vapi-errors";
import { isChange, refused, ruleChange, wrongTaskWish } from "../vcenter/vapi-starts";
import { Access } from "./access";
import { isSnapservicePath, sessionsPath } from "./paths";
import {
  protectionGroups,
  ruleProtectionGroup,
  ruleSnapshot,
  snapshotResult,
  snapshots,
} from "./protection-groups";
import { answerRead } from "./reads";
import { answerTasks, renderTask, taskRoute } from "./tasks";

const virtualMachine = /^\/api\/snapservice\/clusters\/[^/]+\/virtual-machines\/[^/]+$/;

/** Actions that the real server answers without a task; what they would tell is not simulated. */
const answeredAtOnce = new Set(["probe", "compute-members", "create-precheck"]);

/** @internal */
export class Snapservice implements Product {
  readonly name = "snapservice";
  readonly routes = [
    "POST|GET|DELETE /api/snapservice/sessions (9.0 and later)",
    "GET /api/snapservice/tasks[/{task}]",
    "GET /api/snapservice/info/about",
    "GET|POST /api/snapservice/clusters/{cluster}/protection-groups, GET|PATCH|DELETE …/{pg}",
    "POST …/{pg}?action=pause|resume|demote|promote|activate",
    "GET|POST …/{pg}/snapshots, GET|DELETE …/{snapshot}",
    "any changing request on /api/snapservice/**?vmw-task=true starts a task",
  ];
  readonly #world: World;
  readonly #access: Access;
  readonly #rules;

  constructor(world: World) {
    this.#world = world;
    this.#access = new Access(world);
    this.#rules = {
      describe: (start: Start) => this.#describe(start),
      rule: (start: Start, scripted: boolean) => this.#rule(start, scripted),
      // The API has no cancel.
      complete: (plan: TaskPlan): TaskPlan => ({ cancellable: false, ...plan }),
      accepted: (task: Task): Reply => ({ status: 202, body: task.id }),
      error: (wish: ErrorWish, start: Pick<Start, "path">) => wishedVapiError(start.path, wish),
    };
  }

  serves(path: string): boolean {
    return isSnapservicePath(path);
  }

  classify(request: SimulatedRequest): Classified {
    const { method, path } = request;
    if (path === sessionsPath) {
      if (method === "DELETE") return { operation: "logout" };
      return { operation: method === "POST" ? "login" : "other" };
    }
    const route = taskRoute(request);
    if (route !== undefined) return route;
    if (isChange(method)) return { operation: "start" };
    return { operation: method === "GET" ? "read" : "other" };
  }

  handle(request: SimulatedRequest): Handled {
    const { path } = request;
    if (path === sessionsPath) return { reply: this.#access.answer(request) };
    const user = this.#access.userOf(request);
    if (user === undefined) return { reply: authenticationRequired(path) };
    if (request.malformedBody)
      return { reply: vapiError(path, "INVALID_ARGUMENT", "The request body is not valid JSON.") };
    const route = taskRoute(request);
    if (route !== undefined) return { reply: answerTasks(this.#world, route, request) };
    const wrong = wrongTaskWish(request);
    if (wrong !== undefined) return { reply: wrong };
    if (isChange(request.method))
      return answerStart(this.#world, this.#rules, { ...request, product: this.name, user, foreign: false });
    const scripted = answerScriptedRead(this.#world, this.name, this.#rules, request);
    return { reply: scripted ?? answerRead(this.#world, request) };
  }

  errorReply(wish: ErrorWish, { path }: SimulatedRequest): Reply {
    return wishedVapiError(path, wish);
  }

  startForeign(request: ForeignRequest, script: TaskScript): Task | undefined {
    const start: Start = { ...request, product: this.name, foreign: true };
    const started = startTask(this.#world, this.#rules, start, script);
    return "task" in started ? started.task : undefined;
  }

  render(task: Task): Record<string, unknown> {
    return renderTask(this.#world, task);
  }

  retry(task: Task, script: TaskScript | undefined): void {
    this.#world.engine.retry(task, planOfRetry(task, script));
  }

  expireSession(request: SimulatedRequest): void {
    this.#access.end(request);
  }

  expireSessions(): void {
    this.#access.endAll();
  }

  reset(): void {
    this.#access.reset();
  }

  #describe(start: Start): { id: string; name: string; type: string; service: string } {
    const { service, operation } = toVcenterOperation(start.method, start.path, start.query.get("action"));
    // Without the suffix of vCenter's, as in VMware's own samples of this API.
    const type = operation.replace("$task", "");
    return { id: `${this.#world.identifiers.uuid()}:${service}`, service, type, name: nameOf(service, type) };
  }

  #rule(start: Start, scripted: boolean): Ruling {
    const { collections } = this.#world;
    const place = collections.at(start.path);
    const isSnapshots = place?.collection.options === snapshots;
    const own = isSnapshots
      ? ruleSnapshot(this.#world, place, start)
      : place?.collection.options === protectionGroups
        ? ruleProtectionGroup(this.#world, place, start)
        : this.#ruleVirtualMachine(start);
    const asTask = start.query.get("vmw-task") === "true" || scripted || start.foreign;
    if (own !== undefined && (own.kind !== "task" || asTask)) return own;
    if (!asTask && answeredAtOnce.has(start.query.get("action") ?? ""))
      return refused(vapiError(start.path, "UNSUPPORTED", "Simulated by a script with `immediate` only."));
    const change = changeOf(collections, start);
    const ruling = ruleChange(change, start, scripted);
    if (!isSnapshots || ruling.kind !== "task" || typeof ruling.yields !== "string") return ruling;
    return { ...ruling, yields: snapshotResult(this.#world, place, ruling.yields) };
  }

  /** Copies of a virtual machine have ids of their own; the machines themselves are vCenter's. */
  #ruleVirtualMachine({ path, query, body }: Start): Ruling | undefined {
    const action = query.get("action") ?? "";
    if (!virtualMachine.test(path) || !["revert", "restore", "linked-clone"].includes(action))
      return undefined;
    if (!isRecord(body) || !isString(body["snapshot"]))
      return refused(vapiError(path, "INVALID_ARGUMENT", "Field snapshot is required."));
    return {
      kind: "task",
      ...(action === "revert" ? {} : { yields: this.#world.identifiers.numbered("vm-") }),
    };
  }
}

/** `Create protection groups`. */
function nameOf(service: string, type: string): string {
  const words = `${type} ${service.split(".").at(-1) ?? ""}`.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
