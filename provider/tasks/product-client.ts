import type { TaskRef } from "./task-ref";
import type { TaskSnapshot } from "./task-snapshot";
import type { TaskSource } from "./task-source";

/** For whom a request that starts work is sent; one who is gone wants nothing started any more. */
export interface Sender {
  /** Ends a request of which nothing has left yet, and no other: its reply is wanted. */
  readonly signal: AbortSignal;
  /** Asked right before each sending; rejects when the sender is gone. */
  confirmAlive(): Promise<void>;
}

/** A request as the server gets it. */
export interface ApiRequest {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Below the endpoint's URL, such as `/api/vcenter/vm`; may hold a query of its own. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean | readonly string[]>> | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly timeoutMs?: number | undefined;
  /** Asked before each sending, also the one after a new log-in. Without one, nothing holds a request back. */
  readonly sender?: Sender | undefined;
}

/** Where a start's task is to be looked for, when the product's usual place does not hold. */
export interface StartOptions {
  readonly kind: string;
  readonly site?: string | undefined;
  /** Path of the id in the reply, such as `value.taskId`. */
  readonly taskIdFrom?: string | undefined;
  /** The program reads an object until it is as it should be: a reply that names no task is good enough. */
  readonly isObserved?: boolean | undefined;
}

/** What the server answered to a start. */
export type StartReply =
  | { readonly kind: "task"; readonly ref: TaskRef }
  /** It did the work at once, or there was nothing to do. */
  | { readonly kind: "done"; readonly body: unknown; readonly note?: string | undefined };

/** Which tasks can be the one that an unanswered request started. */
export interface StartTrace {
  readonly request: ApiRequest;
  readonly kind: string;
  readonly site?: string | undefined;
  /** When the request left, in milliseconds since 1970 by the server's clock. */
  readonly sentAt: number;
}

/** Which tasks a list asks for. A filter that a product lacks is refused by its client. */
export type TaskFilter = Readonly<Record<string, unknown>>;

/** One VMware product, at one endpoint. All methods throw errors of this package only. */
export interface ProductClient extends TaskSource {
  /**
   * Sends a request that starts work, exactly once.
   *
   * @throws RequestRefusedError when nothing was started
   * @throws EndpointFaultError with `sent: "maybe"` when it is not known
   */
  start(request: ApiRequest, options: StartOptions, signal: AbortSignal): Promise<StartReply>;
  /** Tasks that such a request may have started; `undefined` when the server cannot be asked. */
  findStarted(trace: StartTrace, signal: AbortSignal): Promise<TaskSnapshot[] | undefined>;
  /** One task with everything the product tells of it; `undefined` when the server does not know it. */
  get(ref: TaskRef, options: TaskFilter, signal: AbortSignal): Promise<TaskSnapshot | undefined>;
  /** Tasks that match, in a fixed order: newest first. */
  list(filter: TaskFilter, signal: AbortSignal): Promise<TaskSnapshot[]>;
  /** Asks the server to cancel; the task goes on until it says that it ended. */
  cancel(ref: TaskRef, signal: AbortSignal, sender?: Sender): Promise<void>;
  /**
   * Asks the server to continue a failed task under the same id; `request` has the body for kinds whose retry takes
   * one. Answers with the task to follow from then on.
   */
  retry(
    ref: TaskRef,
    request: ApiRequest | undefined,
    signal: AbortSignal,
    sender?: Sender,
  ): Promise<TaskRef>;
  /** Reads any object; `undefined` when the server does not know it. */
  read(request: ApiRequest, signal: AbortSignal): Promise<unknown>;
  /**
   * Logs in, so that it is known before anything is started whether the endpoint is there, and what time the server has.
   * A log-in that sends nothing, as by a token of the user's own, is tried by a request that changes nothing.
   */
  reach(signal: AbortSignal): Promise<void>;
  /** The warnings in the body of a start that was answered at once. */
  warningsOf(kind: string, body: unknown): readonly string[];
  /** The task's own fields with what a state need not hold cut away. */
  condense(native: Readonly<Record<string, unknown>>): Record<string, unknown>;
  /** The server's time less ours in milliseconds, as its last reply said. */
  clockOffsetMs(): number;
  /** Logs out and closes connections. Later calls log in again. */
  close(signal: AbortSignal): Promise<void>;
}
