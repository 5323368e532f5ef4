// Faults that are counted, never thrown by dice: "skip 2, then fail 3".
import type { RequestKind } from "./exchange";
import { matches, type Matchable } from "./matching";
import type { StartMatch } from "./task-script";

/** Which requests a fault is for. */
export interface FaultMatch extends StartMatch {
  /** @default any operation */
  operation?: RequestKind;
  /** The task that is asked for. @default any task */
  taskId?: string;
}

/**
 * What goes wrong.
 *
 * - `reset-before`: the connection is reset, the request is not taken.
 * - `reset-after`: the request is taken, then the connection is reset without a reply.
 * - `reset-during`: the request is taken, the connection is reset in the middle of the reply.
 * - `delay`: the request is taken at once, the reply comes `delayMs` later. With `taken: false` the request is
 *   taken after the delay, and not at all if the client has left by then.
 * - `status`: `status` is answered, with `body` or an error in the product's own format.
 * - `html`: a page of HTML is answered, with status 200 unless `status` says otherwise.
 * - `truncated-json`: the request is taken, the reply ends in the middle of its JSON.
 * - `expire-session`: the session or token of the request ends, then the request is taken.
 * - `restart`: the server restarts, see {@link Simulator.restart}; the request is not taken.
 */
export type FaultKind =
  | "reset-before"
  | "reset-after"
  | "reset-during"
  | "delay"
  | "status"
  | "html"
  | "truncated-json"
  | "expire-session"
  | "restart";

export const faultKinds = [
  "reset-before",
  "reset-after",
  "reset-during",
  "delay",
  "status",
  "html",
  "truncated-json",
  "expire-session",
  "restart",
] as const satisfies readonly FaultKind[];

/** Something that goes wrong with the next requests that match. Of several faults, the oldest with times left acts. */
export interface Fault {
  what: FaultKind;
  /** @default every request */
  match?: FaultMatch;
  /** How many matching requests pass by before. @default 0 */
  skip?: number;
  /** How many requests it hits; `Infinity` for all. @default 1 */
  times?: number;
  /** Milliseconds before the reply or the reset. @default 0 */
  delayMs?: number;
  /** For `status` (default 500) and `html` (default 200). */
  status?: number;
  /** For `status`: an error in the product's own format, "RESOURCE_BUSY" for example; gives the status, too. */
  error?: string;
  /** For `status`: the message of that error. */
  message?: string;
  /** For `status`: sent as JSON. @default an error in the product's own format */
  body?: unknown;
  /** For `html`: the page. @default a short page */
  text?: string;
  /** Headers of the reply, for example `Retry-After`. */
  headers?: Record<string, string>;
  /**
   * Whether the request is taken although its reply is spoilt: a 502 about an operation that started.
   * @default true for `delay`; false for `status` and `html`
   */
  taken?: boolean;
  /** For `restart`. @default false */
  forgetTasks?: boolean;
  /** For `restart`: milliseconds for which connections are cut. @default 0 */
  downMs?: number;
}

/** @internal */
export class FaultBook {
  #entries: { readonly fault: Fault; skip: number; left: number }[] = [];

  add(fault: Fault): void {
    this.#entries.push({ fault, skip: fault.skip ?? 0, left: fault.times ?? 1 });
  }

  /** The fault that hits this request, if any; taking it counts. */
  take(request: Matchable, operation: RequestKind, taskId: string | undefined): Fault | undefined {
    for (const entry of this.#entries) {
      const { match } = entry.fault;
      if (entry.left <= 0 || !matches(match, request)) continue;
      if (match?.operation !== undefined && match.operation !== operation) continue;
      if (match?.taskId !== undefined && match.taskId !== taskId) continue;
      if (entry.skip > 0) {
        entry.skip -= 1;
        continue;
      }
      entry.left -= 1;
      return entry.fault;
    }
    return undefined;
  }

  clear(): void {
    this.#entries = [];
  }
}
