// Serves every kind of asynchronous operation: its start, its looks, its lists, and what changes one that is there.
import type { Reply, SimulatedRequest } from "../../exchange";
import type { Task } from "../../task-engine";
import type { TaskPlan } from "../../task-script";
import type { World } from "../../world";
import type { Start } from "../start-task";
import type { Action, Kind, StartContext } from "./kinds/kind";
import { plainTask } from "./kinds/plain-tasks";
import { OperationTable, type Fit, type Operation } from "./operation";
import { operations } from "./operations";
import { toPage } from "./pages";
import { sddcReply } from "./sddc-errors";
import { isAtLeast } from "./sddc-version";
import { isOver, sightOf, withOddities, type Sight } from "./sight";

/** @internal A request for one operation that is there, or was thought to be. */
export interface ActionRoute {
  readonly action: Action;
  readonly taskId: string;
  readonly fits: readonly Fit[];
}

/** @internal */
export class Asynchronous {
  readonly #world: World;
  readonly #table: OperationTable;
  readonly #operations = new WeakMap<Task, Operation | undefined>();

  constructor(world: World) {
    this.#world = world;
    this.#table = new OperationTable(operations, world.settings.sddcVersion);
  }

  routes(): string[] {
    return this.#table.routes();
  }

  /** Why this cannot start; undefined when it can, or when it is no operation of the table. */
  refusal(start: Start, lenient: boolean): Reply | undefined {
    const operation = this.#table.start(start.method, start.path);
    if (operation === "gone") {
      return sddcReply(410, "API_WITHDRAWN", `${start.method} ${start.path} is not supported any more.`);
    }
    if (operation === "unknown") {
      const { sddcVersion } = this.#world.settings;
      return sddcReply(
        404,
        "RESOURCE_NOT_FOUND",
        `Version ${sddcVersion} has no ${start.method} ${start.path}.`,
      );
    }
    if (operation === undefined && this.#table.looks(start.path).some(({ rest }) => rest === "")) {
      return sddcReply(405, "METHOD_NOT_ALLOWED", `${start.method} is not allowed on ${start.path}.`);
    }
    const { kind } = operation ?? {};
    const problem = lenient ? undefined : kind?.problem?.(start.body);
    if (problem !== undefined) return sddcReply(400, "INVALID_REQUEST_BODY", problem);
    return kind?.refuse?.(this.#contextOf(start));
  }

  /** How it runs, where its kind and no script says so. */
  plan({ method, path, body }: Start): TaskPlan {
    return this.#startedBy(method, path)?.kind.plan?.(body) ?? {};
  }

  describe({ method, path, body }: Start): { name: string; type: string } | undefined {
    return this.#startedBy(method, path)?.kind.describe?.(body);
  }

  begin(start: Start): void {
    this.#startedBy(start.method, start.path)?.kind.begin?.(this.#contextOf(start));
  }

  accepted(task: Task): Reply {
    const { status = 202, answers } = this.#operationOf(task) ?? {};
    const sight = this.#sight(task);
    const code = typeof status === "number" ? status : status[isOver(sight) ? 0 : 1];
    if (answers === "nothing") return { status: code };
    return { status: code, body: answers === "task" ? this.showTask(task) : this.show(task) };
  }

  /** As its own kind shows it. */
  show(task: Task): Record<string, unknown> {
    return withOddities(this.#kindOf(task).render(this.#sight(task)), task);
  }

  /** As `/v1/tasks` shows it. */
  showTask(task: Task): Record<string, unknown> {
    return withOddities(plainTask.render(this.#sight(task)), task);
  }

  /** Whether `/v1/tasks` has it. */
  isTask(task: Task): boolean {
    return task.product === "sddc-manager" && this.#kindOf(task).isTask;
  }

  /** For a GET; undefined when nothing asynchronous is there. */
  look(path: string): { readonly operation: "get" | "list"; readonly taskId?: string } | undefined {
    if (this.#table.lists(path).length > 0) return { operation: "list" };
    if (this.#table.latest(path).length > 0) return { operation: "get" };
    const taskId = this.#table.looks(path)[0]?.values["task"];
    return taskId === undefined ? undefined : { operation: "get", taskId };
  }

  answerLook({ path, query }: SimulatedRequest): Reply | undefined {
    const lists = this.#table.lists(path);
    if (lists.length > 0) return this.#list(lists, query);
    const latest = this.#table.latest(path);
    if (latest.length > 0) return this.#answerLatest(latest);
    const fits = this.#table.looks(path);
    const [fit] = fits;
    if (fit === undefined) return undefined;
    const found = this.#find(fits);
    return found === undefined ? notThere(fit) : this.#answerOne(found.task, found.fit);
  }

  /** For a change of one operation; undefined when it is none. */
  action({ method, path }: SimulatedRequest): ActionRoute | undefined {
    const fits = this.#table.looks(path).filter(({ rest }) => rest === "");
    for (const { operation, values } of fits) {
      const action = operation.kind.actions?.[method as "PATCH" | "DELETE"];
      if (action !== undefined) return { action, taskId: values["task"] ?? "", fits };
    }
    return undefined;
  }

  act(
    { action, fits }: ActionRoute,
    request: SimulatedRequest,
    retry: (task: Task, plan?: TaskPlan) => void,
  ): Reply {
    const task = this.#find(fits)?.task;
    if (task === undefined) return notThere(fits[0]);
    return action.act({
      world: this.#world,
      sight: this.#sight(task),
      request,
      retry: (plan) => retry(task, plan),
      show: () => this.show(task),
      showTask: () => this.showTask(task),
    });
  }

  #answerOne(task: Task, { operation, rest }: Fit): Reply {
    const sight = this.#sight(task);
    if (rest !== "") {
      const part = operation.kind.part?.(sight, rest);
      return part ?? sddcReply(404, "RESOURCE_NOT_FOUND", `There is no ${rest} of ${task.id}.`);
    }
    const { lookStatus = 200, lookStatusRunning = lookStatus } = operation;
    return { status: isOver(sight) ? lookStatus : lookStatusRunning, body: this.show(task) };
  }

  #answerLatest(from: readonly Operation[]): Reply {
    const task = this.#tasksOf(from).at(-1);
    const { kind, bareList } = from[0] ?? {};
    const none = kind?.none;
    if (task !== undefined) {
      const body = this.show(task);
      return { status: 200, body: bareList === true ? [body] : body };
    }
    return none === undefined
      ? sddcReply(404, "RESOURCE_NOT_FOUND", "There is none yet.")
      : { status: 200, body: none };
  }

  #list(from: readonly Operation[], query: URLSearchParams): Reply {
    const { firstPage, sddcVersion } = this.#world.settings;
    // Of several tasks for the same thing, such as a bundle, the latest counts.
    const latest = new Map(this.#tasksOf(from).map((task) => [this.#idOf(task), task]));
    const tasks = [...latest.values()].sort((a, b) => b.number - a.number);
    if (from[0]?.bareList === true) return { status: 200, body: tasks.map((task) => this.show(task)) };
    return toPage(tasks, query, { firstPage, pages: isAtLeast(sddcVersion, "5.1") }, (task) =>
      this.show(task),
    );
  }

  /** Oldest first. */
  #tasksOf(from: readonly Operation[]): Task[] {
    return this.#world.engine.all().filter((task) => {
      const operation = this.#operationOf(task);
      return operation !== undefined && from.includes(operation);
    });
  }

  #find(fits: readonly Fit[]): { task: Task; fit: Fit } | undefined {
    for (const fit of fits) {
      const { operation, values } = fit;
      const task = this.#tasksOf([operation]).findLast((one) => idOf(operation, one) === values["task"]);
      if (task !== undefined && this.#table.isBelow(operation, task.path, values)) return { task, fit };
    }
    return undefined;
  }

  #contextOf({ method, path, body }: Start): StartContext {
    const siblings = this.#world.engine
      .all()
      .filter((task) => task.product === "sddc-manager" && task.method === method && task.path === path)
      .map((task) => this.#sight(task));
    return { world: this.#world, path, body, siblings };
  }

  #idOf(task: Task): string {
    const operation = this.#operationOf(task);
    return operation === undefined ? task.id : idOf(operation, task);
  }

  #kindOf(task: Task): Kind {
    return this.#operationOf(task)?.kind ?? plainTask;
  }

  #operationOf(task: Task): Operation | undefined {
    if (!this.#operations.has(task)) this.#operations.set(task, this.#startedBy(task.method, task.path));
    return this.#operations.get(task);
  }

  #startedBy(method: string, path: string): Operation | undefined {
    const operation = this.#table.start(method, path);
    return typeof operation === "string" ? undefined : operation;
  }

  #sight(task: Task): Sight {
    return sightOf(this.#world, task);
  }
}

function idOf({ kind }: Operation, task: Task): string {
  return kind.idOf?.(task) ?? task.id;
}

function notThere(fit: Fit | undefined): Reply {
  const { unknown = 404 } = fit?.operation ?? {};
  const { values = {} } = fit ?? {};
  return sddcReply(unknown, "RESOURCE_NOT_FOUND", `There is no ${values["task"] ?? ""} here.`);
}
