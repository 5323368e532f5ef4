// What a script can say about the tasks that follow a start.
import type { ProductName } from "./exchange";

/** How a task ends; `BLOCKED` and `RUNNING` stay so until the test ends the task. */
export type TaskOutcome = "SUCCEEDED" | "FAILED" | "CANCELLED" | "BLOCKED" | "RUNNING";

/** The states of a task, in words that both products share; on the wire each product uses its own. */
export type TaskStatus = "PENDING" | "RUNNING" | "BLOCKED" | "SUCCEEDED" | "FAILED" | "CANCELLED";

/** Which requests a script or a fault is for; every field given must match. */
export interface StartMatch {
  /** @default any product */
  product?: ProductName;
  /** Upper or lower case. @default any method */
  method?: string;
  /**
   * The whole path. A string may hold `*` (any run of characters) and a query whose parameters must be
   * present: `"/api/vcenter/vm?action=clone"`. A regular expression sees the path without its query.
   * @default any path
   */
  path?: string | RegExp;
  /** Query parameters that must be present with these values. */
  query?: Record<string, string>;
  /** Values the body must hold; of a list, each element given must match some element. */
  body?: unknown;
}

/** A reply in the script's own words. Strings may hold placeholders, see {@link TaskPlan}. */
export interface ScriptedReply {
  /** @default 200, or what goes with `error` */
  status?: number;
  /** An error in the product's own format: a vAPI type such as "RESOURCE_BUSY", or a code of SDDC Manager. */
  error?: string;
  /** The message of that error. */
  message?: string;
  /** Sent as JSON; a string in `text` is sent as it is. */
  body?: unknown;
  /** A body that is no JSON, for example a page of HTML. */
  text?: string;
  headers?: Record<string, string>;
}

/** One stage of a sub-task (SDDC Manager). */
export interface StageScript {
  name: string;
  /** @default derived from the name */
  type?: string;
  /** @default the name */
  description?: string;
  /** `FAILED`: the task fails here. @default "SUCCEEDED" */
  outcome?: "SUCCEEDED" | "FAILED";
  /** Shown once the stage has failed. */
  errors?: unknown[];
}

/** One sub-task (SDDC Manager). They run one after the other and share the time of the task evenly. */
export interface SubTaskScript {
  name: string;
  /** @default derived from the name */
  type?: string;
  /** @default the name */
  description?: string;
  /** `FAILED`: the task fails here, and those that follow stay pending. @default "SUCCEEDED" */
  outcome?: "SUCCEEDED" | "FAILED" | "SKIPPED" | "NOT_APPLICABLE";
  /** Shown once the sub-task has failed. */
  errors?: unknown[];
  stages?: StageScript[];
  /** Sub-tasks of its own, to any depth. */
  subTasks?: SubTaskScript[];
  resources?: unknown[];
}

/**
 * How a task runs. Strings anywhere in `result`, `partialResult`, `error`, `messages`, `warnings`, `subTasks`,
 * `resources` and `fields` may hold `{taskId}`, `{path}`, `{method}` and `{body.some.0.field}`: the last echoes a
 * value of the request, for tests of redaction.
 */
export interface TaskPlan {
  /** Milliseconds in PENDING, part of `durationMs`. @default a tenth of `durationMs` */
  pendingMs?: number;
  /** Milliseconds from start to end. @default the simulator's `defaultDurationMs` */
  durationMs?: number;
  /** Milliseconds in BLOCKED in the middle of the run, on top of `durationMs`. @default 0 */
  blockedMs?: number;
  /** @default "SUCCEEDED" */
  outcome?: TaskOutcome;
  /** The status word to show instead of the product's: at all times, or by state. */
  nativeStatus?: string | Partial<Record<TaskStatus, string>>;
  /** vCenter: every percent, four steps, or no progress at all. @default "smooth" */
  progress?: "smooth" | "coarse" | "none";
  /** vCenter: progress messages, one after the other, spread evenly over the run. */
  messages?: string[];
  /** vCenter: shown when the task has ended, whatever its outcome. SDDC Manager: result of a query, of checks. */
  result?: unknown;
  /** vCenter: shown as `result` while the task runs. */
  partialResult?: unknown;
  /**
   * The cause, shown when the task has failed. vCenter: an error body, or a message; `null` leaves the error out.
   * SDDC Manager: the `errors` list of the task, or one message.
   * @default vCenter: an internal error; SDDC Manager: no error on the task, one in the sub-task that failed
   */
  error?: unknown;
  /** vLCM: `notifications.warnings`. SDDC Manager: errors of type WARNING and the status COMPLETED_WITH_WARNING. */
  warnings?: unknown[];
  /** SDDC Manager. @default three sub-tasks that fit the operation */
  subTasks?: SubTaskScript[];
  /** SDDC Manager: what the task worked on or made, `{ resourceId, type, fqdn?, name? }`. */
  resources?: unknown[];
  /** vCenter: `{ type, id }`, `null` for none. @default derived from the path */
  target?: { type: string; id: string } | null;
  /** vCenter: the id, such as "task-123", under which `/sdk/vim25` shows the same task. @default it does not */
  vimTask?: string;
  /** SDDC Manager: whether a failed task takes a retry. @default true */
  retryable?: boolean;
  /** Whether the task takes a cancel while it runs. @default true */
  cancellable?: boolean;
  /** Milliseconds a cancel takes; `"never"`: accepted and ignored. @default 0 */
  cancelMs?: number | "never";
  /** SDDC Manager: how the task goes on after a retry. @default it succeeds */
  retryOutcome?: TaskPlan;
  /** Laid over the task's body last: odd values, unknown fields. */
  fields?: Record<string, unknown>;
  /** Fields to leave out of the task's body. */
  omitFields?: string[];
}

/** What happens when a request that starts something arrives. Of several that match, the newest is taken. */
export interface TaskScript extends TaskPlan {
  /** @default every start */
  match?: StartMatch;
  /** How many matching starts pass by before the script applies. @default 0 */
  skip?: number;
  /** How many starts the script applies to. @default all */
  times?: number;
  /**
   * Answered at once, without a task. Also serves reads, when `match.method` is `"GET"`.
   */
  immediate?: ScriptedReply;
  /**
   * Answers the start in place of the product's own reply. The task starts nevertheless when the status is below
   * 300, or when `starts` says so: a 500 about a task that runs, a 202 without an id.
   */
  reply?: ScriptedReply & { starts?: boolean };
}
