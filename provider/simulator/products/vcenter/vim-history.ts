// Collectors of the task history: `TaskManager.CreateCollectorForTasks` and what reads one.
import type { Reply, SimulatedRequest } from "../../exchange";
import { isRecord, isString } from "../../json";
import type { Task } from "../../task-engine";
import type { World } from "../../world";
import { methodFault, renderVimInfo } from "./vim-info";

const path =
  /^\/sdk\/vim25\/[\d.]+\/(\w+)\/([^/]+)\/(CreateCollectorForTasks|ReadNextTasks|DestroyCollector)$/;

/** As `TaskManager.maxCollector` says of a client. */
const mostCollectors = 32;

/** @internal */
export class VimHistory {
  readonly #world: World;
  readonly #collectors = new Map<string, Task[]>();

  constructor(world: World) {
    this.#world = world;
  }

  /** What is asked of the history; undefined for any other path. */
  static question({ method, path: asked }: Pick<SimulatedRequest, "method" | "path">): string | undefined {
    return method === "POST" ? path.exec(asked)?.[3] : undefined;
  }

  answer(request: SimulatedRequest): Reply {
    const [, type, id = "", question] = path.exec(request.path) ?? [];
    if (question === "CreateCollectorForTasks" && type === "TaskManager" && id === "TaskManager")
      return this.#create(request.body);
    const tasks = this.#collectors.get(id);
    const readers =
      question === "ReadNextTasks" ? ["TaskHistoryCollector"] : ["HistoryCollector", "TaskHistoryCollector"];
    if (tasks === undefined || !readers.includes(type ?? ""))
      return fault("ManagedObjectNotFound", `The object ${id} has been deleted or never was.`);
    if (question === "ReadNextTasks") return this.#read(tasks, request.body);
    this.#collectors.delete(id);
    return { status: 204 };
  }

  clear(): void {
    this.#collectors.clear();
  }

  #create(body: unknown): Reply {
    const filter = isRecord(body) ? body["filter"] : undefined;
    if (!isRecord(filter)) return fault("InvalidArgument", "A specified parameter was not correct: filter");
    if (this.#collectors.size >= mostCollectors)
      return fault("InvalidState", "There are too many collectors.");
    const time = filter["time"];
    const begin = isRecord(time) && isString(time["beginTime"]) ? Date.parse(time["beginTime"]) : -Infinity;
    const value = `session[${this.#world.identifiers.uuid()}]`;
    const tasks = this.#world.engine.all().filter((task) => isVim(task) && task.createdAt >= begin);
    this.#collectors.set(value, tasks);
    return {
      status: 200,
      body: { _typeName: "ManagedObjectReference", type: "TaskHistoryCollector", value },
    };
  }

  #read(tasks: Task[], body: unknown): Reply {
    const count = isRecord(body) ? body["maxCount"] : undefined;
    if (typeof count !== "number")
      return fault("InvalidArgument", "A specified parameter was not correct: maxCount");
    const next = tasks.splice(0, count).map((task) => {
      const id = task.attempt.plan.vimTask ?? task.id;
      return renderVimInfo(id, task, this.#world.engine.life(task));
    });
    return { status: 200, body: next };
  }
}

function isVim({ product, service, attempt }: Task): boolean {
  return product === "vcenter" && (service === undefined || attempt.plan.vimTask !== undefined);
}

function fault(type: string, text: string): Reply {
  return { status: 500, body: methodFault(type, text) };
}
