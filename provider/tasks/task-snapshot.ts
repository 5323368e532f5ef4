import type { TaskRef } from "./task-ref";
import type { TaskStatus } from "./task-status";

/** How far a task has come. Every field is optional, for servers differ. */
export interface TaskProgress {
  /** Between 0 and 1. */
  readonly fraction?: number | undefined;
  /** What the server says it is doing. */
  readonly message?: string | undefined;
}

/** An object that a task worked on or made. */
export interface TaskResource {
  /** The server's word for the kind of object, such as `ESXI`. */
  readonly type: string;
  /** The server's id of the object. */
  readonly id: string;
  /** Its name or host name. */
  readonly name?: string | undefined;
}

/** One reason of a failure, with the way to it. */
export interface FailureCause {
  /** Names of the sub-tasks and stages that lead to it; empty for the task itself. */
  readonly path: readonly string[];
  /** The server's error code. */
  readonly code?: string | undefined;
  readonly message: string;
  /** What the server advises. */
  readonly remediation?: string | undefined;
  /** What to search the server's logs for. */
  readonly reference?: string | undefined;
  /** What the server says about trying again: `false` means that it is pointless. */
  readonly isTransient?: boolean | undefined;
}

/** A task as one look at the server showed it. */
export interface TaskSnapshot {
  readonly ref: TaskRef;
  readonly status: TaskStatus;
  /** The server's own word. */
  readonly nativeStatus: string;
  /** What the task does, in the server's words. */
  readonly name: string;
  readonly progress: TaskProgress;
  /** Milliseconds since 1970, by the server's clock. */
  readonly startedAt?: number | undefined;
  /** Milliseconds since 1970, by the server's clock. */
  readonly finishedAt?: number | undefined;
  /** What the operation answered, whatever its type. */
  readonly result?: unknown;
  readonly resources: readonly TaskResource[];
  readonly warnings: readonly string[];
  /** Why it failed, the first cause first; empty unless it failed. */
  readonly causes: readonly FailureCause[];
  /** Whether the server says that it can continue the failed task. */
  readonly isRetryable?: boolean | undefined;
  /** Whether the server says that it can cancel the task. */
  readonly isCancellable?: boolean | undefined;
  /** Every field of the product's task under its own name. */
  readonly native: Readonly<Record<string, unknown>>;
}
