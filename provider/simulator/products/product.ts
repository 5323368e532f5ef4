// What each product gives to the server in front of it.
import type { ErrorWish, Handled, ProductName, Reply, RequestKind, SimulatedRequest } from "../exchange";
import type { Task } from "../task-engine";
import type { TaskScript } from "../task-script";

/** @internal */
export interface Classified {
  readonly operation: RequestKind;
  readonly taskId?: string;
}

/** @internal A request that somebody else is said to have sent. */
export interface ForeignRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
  readonly user: string;
}

/** @internal */
export interface Product {
  readonly name: ProductName;
  serves(path: string): boolean;
  classify(request: SimulatedRequest): Classified;
  handle(request: SimulatedRequest): Handled;
  /** An error in the product's own format, for faults. */
  errorReply(wish: ErrorWish, request: SimulatedRequest): Reply;
  startForeign(request: ForeignRequest, script: TaskScript): Task | undefined;
  /** The task as `GET` shows it. */
  render(task: Task): Record<string, unknown>;
  /** Retries a failed task as its operator would; a reason when it cannot be. */
  retry(task: Task, script: TaskScript | undefined): void;
  /** Ends the session of this request only. */
  expireSession(request: SimulatedRequest): void;
  expireSessions(): void;
  reset(): void;
  /** What is served, for people. */
  readonly routes: readonly string[];
}
