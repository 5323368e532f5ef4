// The life of a task, once for all products: start, look, cancel, retry, end, forget.
import type { Clock } from "./simulator-options";
import type { ProductName } from "./exchange";
import { endOf, lifeOf, type Attempt, type Life } from "./task-life";
import type { TaskPlan } from "./task-script";

/** @internal What a product knows about a task before it runs. */
export interface TaskDraft {
  readonly id: string;
  readonly product: ProductName;
  /** vCenter: words for the description. SDDC Manager: the task's name. */
  readonly name: string;
  /** vCenter: the operation, `clone$task`. SDDC Manager: the type, `HOST_COMMISSION`. VCDA: `failover`. */
  readonly type: string;
  /** vCenter: `com.vmware.vcenter.VM`. */
  readonly service?: string;
  /** VCDA: the site on which it runs. */
  readonly site?: string;
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
  readonly user: string;
  readonly foreign: boolean;
  /** What success makes, unless the plan says otherwise: vCenter's result, SDDC Manager's resources. */
  readonly yields?: unknown;
  readonly effects?: TaskEffects;
}

/** @internal What a task does to the objects of its server. */
export interface TaskEffects {
  /** Called when the task starts and when it is retried. */
  begin(): void;
  /** Called once for each `begin`, as soon as anybody could notice that the attempt has ended. */
  end(succeeded: boolean, at: number): void;
}

/** @internal */
export interface Task extends TaskDraft {
  readonly number: number;
  readonly createdAt: number;
  /** A retry may bring another. */
  body: unknown;
  attempt: Attempt;
  /** The attempt that failed before a retry. */
  previous?: Attempt;
  attempts: number;
}

/** @internal */
export class TaskEngine {
  readonly #clock: Clock;
  readonly #defaultDurationMs: number;
  readonly #retentionMs: number;
  readonly #tasks = new Map<string, Task>();
  /** Tasks whose end will change objects, and the earliest of those ends: most looks find nothing due. */
  readonly #unsettled = new Set<Task>();
  #nextEnd = Infinity;
  #number = 0;

  constructor(clock: Clock, defaultDurationMs: number, retentionMs: number) {
    this.#clock = clock;
    this.#defaultDurationMs = defaultDurationMs;
    this.#retentionMs = retentionMs;
  }

  start(draft: TaskDraft, plan: TaskPlan): Task {
    this.#number += 1;
    const createdAt = this.#clock.now();
    const task = { ...draft, number: this.#number, createdAt, attempt: this.#attempt(plan), attempts: 1 };
    this.#tasks.set(task.id, task);
    this.#begin(task);
    return task;
  }

  get(id: string): Task | undefined {
    const task = this.#tasks.get(id);
    return task !== undefined && this.#keeps(task) ? task : undefined;
  }

  /** In the order of their start. */
  all(): Task[] {
    return [...this.#tasks.values()].filter((task) => this.#keeps(task));
  }

  life(task: Task): Life {
    return lifeOf(task.attempt, this.#clock.now());
  }

  end(task: Task, outcome: "SUCCEEDED" | "FAILED" | "CANCELLED", afterMs = 0): void {
    task.attempt = { ...task.attempt, ending: { at: this.#clock.now() + afterMs, outcome } };
    this.#expectEnd(task);
    this.settle();
  }

  /** Changes what is still to come; the time that has passed stays passed. */
  change(task: Task, change: TaskPlan): void {
    const { done: shown, runningSince } = this.life(task);
    const plan = { ...task.attempt.plan, ...change };
    // What runs does not go back to PENDING because its time has become longer.
    if (runningSince !== undefined) plan.pendingMs = runningSince - task.attempt.startedAt;
    // It may end now, but not in the past.
    plan.durationMs = Math.max(
      plan.durationMs,
      this.#clock.now() - task.attempt.startedAt - (plan.blockedMs ?? 0),
    );
    task.attempt = { ...task.attempt, plan, shown };
    this.#expectEnd(task);
    this.settle();
  }

  retry(task: Task, plan: TaskPlan): void {
    this.settle();
    task.previous = task.attempt;
    task.attempt = this.#attempt(plan);
    task.attempts += 1;
    this.#begin(task);
  }

  /** Gives a failed task up: it stays ended, but as a cancelled one. */
  giveUp(task: Task): void {
    const { plan, ending } = task.attempt;
    task.attempt = {
      ...task.attempt,
      plan: { ...plan, outcome: "CANCELLED" },
      ...(ending === undefined ? {} : { ending: { ...ending, outcome: "CANCELLED" } }),
    };
  }

  forget(id: string): boolean {
    return this.#tasks.delete(id);
  }

  /** Forgotten tasks still come to their ends: what they make appears. */
  forgetAll(): void {
    this.#tasks.clear();
  }

  clear(): void {
    this.#tasks.clear();
    this.#unsettled.clear();
    this.#nextEnd = Infinity;
  }

  /** Lets every task that has ended by now change the objects it works on, in the order of the ends. */
  settle(): void {
    const now = this.#clock.now();
    if (now < this.#nextEnd) return;
    const due = [...this.#unsettled]
      .map((task) => ({ task, end: endOf(task.attempt) }))
      .filter(({ end }) => end.at <= now)
      .sort((a, b) => a.end.at - b.end.at || a.task.number - b.task.number);
    for (const { task, end } of due) {
      this.#unsettled.delete(task);
      task.effects?.end(end.outcome === "SUCCEEDED", end.at);
    }
    this.#nextEnd = Infinity;
    for (const task of this.#unsettled) this.#expectEnd(task);
  }

  #attempt(plan: TaskPlan): Attempt {
    const durationMs = plan.durationMs ?? this.#defaultDurationMs;
    return { plan: { ...plan, durationMs }, startedAt: this.#clock.now(), shown: 0 };
  }

  #begin(task: Task): void {
    if (task.effects === undefined) return;
    task.effects.begin();
    this.#unsettled.add(task);
    this.#expectEnd(task);
  }

  #expectEnd(task: Task): void {
    if (this.#unsettled.has(task)) this.#nextEnd = Math.min(this.#nextEnd, endOf(task.attempt).at);
  }

  #keeps(task: Task): boolean {
    if (this.#retentionMs === Infinity) return true;
    const { endedAt } = this.life(task);
    if (endedAt === undefined || this.#clock.now() - endedAt < this.#retentionMs) return true;
    this.#tasks.delete(task.id);
    return false;
  }
}
