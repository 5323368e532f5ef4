// What a kind of asynchronous operation consists of. One file of this folder has one kind, or a family of them.
import type { Reply, SimulatedRequest } from "../../../exchange";
import type { Task } from "../../../task-engine";
import type { TaskPlan } from "../../../task-script";
import type { World } from "../../../world";
import type { Sight } from "../sight";

/** @internal */
export interface Kind {
  /** The body that a look answers. */
  render(sight: Sight): Record<string, unknown>;
  /** Whether `/v1/tasks` has it, too. */
  readonly isTask: boolean;
  /** What is wrong with the body of a start; undefined when it is good. */
  problem?(body: unknown): string | undefined;
  /** How it runs where no script says so; its sub-tasks, for example. */
  plan?(body: unknown): TaskPlan;
  /** What the task is called, where its path does not say so. */
  describe?(body: unknown): { readonly name: string; readonly type: string };
  /** Refuses a start because of what is there already. */
  refuse?(context: StartContext): Reply | undefined;
  /** What a start does to what is there. */
  begin?(context: StartContext): void;
  /** What else changes one that is there: by method, on the path of its look. */
  readonly actions?: Readonly<Partial<Record<"PATCH" | "DELETE", Action>>>;
  /** What is served below the path of its look; `rest` begins with a slash. */
  part?(sight: Sight, rest: string): Reply | undefined;
  /** The id below which it is looked at. @default the task's */
  idOf?(task: Task): string;
  /** Answered where its latest is asked for and there is none. @default 404 */
  readonly none?: Record<string, unknown>;
}

/** @internal */
export interface StartContext {
  readonly world: World;
  readonly path: string;
  readonly body: unknown;
  /** All that were started by the same method and path, oldest first. */
  readonly siblings: readonly Sight[];
}

/** @internal */
export interface ActionContext {
  readonly world: World;
  readonly sight: Sight;
  readonly request: SimulatedRequest;
  /** Lets a failed one go on. */
  readonly retry: (plan?: TaskPlan) => void;
  /** Its body now, and as a Task. */
  readonly show: () => Record<string, unknown>;
  readonly showTask: () => Record<string, unknown>;
}

/** @internal */
export interface Action {
  readonly operation: "retry" | "cancel" | "other";
  readonly act: (context: ActionContext) => Reply;
}
