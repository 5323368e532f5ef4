// The Virtual Infrastructure JSON API of vCenter, as far as tasks go: info, cancel, and methods that start them.
import type { ErrorWish, Handled, Reply, SimulatedRequest } from "../../exchange";
import type { Task } from "../../task-engine";
import type { World } from "../../world";
import type { Classified } from "../product";
import { answerStart, type Start, type StartRules } from "../start-task";
import { VimHistory } from "./vim-history";
import { methodFault, renderVimInfo } from "./vim-info";

const root = "/sdk/vim25/";
const taskPath = /^\/sdk\/vim25\/[\d.]+\/Task\/([^/]+)\/(info|CancelTask)$/;
const startPath = /^\/sdk\/vim25\/[\d.]+\/\w+\/[^/]+\/(\w+_Task)$/;

export function isVimPath(path: string): boolean {
  return path.startsWith(root);
}

/** @internal What is served, for people. */
export const vimRoutes = [
  "GET /sdk/vim25/{release}/Task/{moId}/info, POST /sdk/vim25/{release}/Task/{moId}/CancelTask",
  "POST /sdk/vim25/{release}/{type}/{moId}/{method}_Task starts a task",
  "POST /sdk/vim25/{release}/TaskManager/TaskManager/CreateCollectorForTasks",
  "POST /sdk/vim25/{release}/TaskHistoryCollector/{moId}/ReadNextTasks, …/HistoryCollector/{moId}/DestroyCollector",
];

/** @internal */
export class Vim {
  readonly rules: StartRules;
  readonly #world: World;
  readonly #history: VimHistory;

  constructor(world: World) {
    this.#world = world;
    this.#history = new VimHistory(world);
    this.rules = {
      describe: ({ path }) => {
        const type = startPath.exec(path)?.[1] ?? path;
        return { id: world.identifiers.numbered("task-"), type, name: type };
      },
      rule: (start) => (isStart(start) ? { kind: "task" } : { kind: "refused", reply: notFound(start.path) }),
      accepted: (task) => ({
        status: 200,
        body: { _typeName: "ManagedObjectReference", type: "Task", value: task.id },
      }),
      error: vimError,
    };
  }

  classify(request: SimulatedRequest): Classified {
    const [, taskId, what] = taskPath.exec(request.path) ?? [];
    if (taskId !== undefined) return { operation: what === "info" ? "get" : "cancel", taskId };
    if (VimHistory.question(request) === "ReadNextTasks") return { operation: "list" };
    return { operation: isStart(request) ? "start" : "other" };
  }

  /** `user` is that of the session, which this API takes only where the options say that it is shared. */
  handle(request: SimulatedRequest, user: string | undefined): Handled {
    if (user === undefined || this.#world.settings.vimSession === "separate")
      return { reply: vimError({ error: "NotAuthenticated", message: "The session is not authenticated." }) };
    if (isStart(request)) {
      const start: Start = { ...request, product: "vcenter", user, foreign: false };
      return answerStart(this.#world, this.rules, start);
    }
    if (VimHistory.question(request) !== undefined) return { reply: this.#history.answer(request) };
    const [, moId = "", what] = taskPath.exec(request.path) ?? [];
    const task = this.#find(moId);
    if (task === undefined) return { reply: notFound(moId === "" ? request.path : moId) };
    if (what === "CancelTask") return { reply: this.#cancel(task) };
    return { reply: { status: 200, body: renderVimInfo(moId, task, this.#world.engine.life(task)) } };
  }

  /** A collector lives no longer than its session. */
  endSessions(): void {
    this.#history.clear();
  }

  render(task: Task): Record<string, unknown> {
    return renderVimInfo(task.id, task, this.#world.engine.life(task));
  }

  /** A task of this API's own, or the twin of a CIS task. */
  #find(moId: string): Task | undefined {
    return this.#world.engine
      .all()
      .find(
        ({ id, product, attempt }) => product === "vcenter" && (id === moId || attempt.plan.vimTask === moId),
      );
  }

  #cancel(task: Task): Reply {
    const { engine } = this.#world;
    if (engine.life(task).endedAt !== undefined || task.attempt.ending !== undefined)
      return vimError({ error: "InvalidState", message: "The task has ended." });
    const { cancellable, cancelMs = 0 } = task.attempt.plan;
    if (cancellable === false)
      return vimError({ error: "NotSupported", message: "The task cannot be canceled." });
    if (cancelMs !== "never") engine.end(task, "CANCELLED", cancelMs);
    return { status: 204 };
  }
}

function isStart({ method, path }: Pick<SimulatedRequest, "method" | "path">): boolean {
  return method === "POST" && startPath.test(path);
}

function notFound(what: string): Reply {
  return vimError({
    error: "ManagedObjectNotFound",
    message: `The object ${what} has been deleted or never was.`,
  });
}

/** Faults come with 500, but for a session that is not taken. */
export function vimError({ status, error, message }: ErrorWish): Reply {
  const type = error ?? (status === 401 ? "NotAuthenticated" : "SystemError");
  const text = message ?? `The simulator was told to answer ${type}.`;
  return { status: status ?? (type === "NotAuthenticated" ? 401 : 500), body: methodFault(type, text) };
}
