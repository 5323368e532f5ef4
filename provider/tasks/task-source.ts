import type { EndpointFaultError } from "./errors";
import type { TaskRef } from "./task-ref";
import type { TaskSnapshot } from "./task-snapshot";

/** What one look said about one task. */
export type Look =
  | { readonly kind: "seen"; readonly snapshot: TaskSnapshot }
  /** The server answered, and does not know the task. */
  | { readonly kind: "missing" }
  /** This one task could not be looked at; others of the same look could. */
  | { readonly kind: "fault"; readonly fault: EndpointFaultError };

/** Where a watcher gets its news: the one seam between the watcher and the clients. */
export interface TaskSource {
  /** How many tasks one look may ask for. */
  readonly batchSize: number;
  /** Requests a second that following tasks may cost the server, in the long run. */
  readonly requestsPerSecond: number;
  /** How many requests one look at so many tasks of a group costs. */
  costOf(count: number, group?: string): number;
  /** Tasks of different groups cannot be asked for together. */
  groupOf(ref: TaskRef): string;
  /**
   * Looks at tasks of one group and answers in their order.
   *
   * @throws EndpointFaultError when the server could not be asked
   * @throws BatchRefusedError when it refuses these tasks together; it may answer for fewer
   */
  look(refs: readonly TaskRef[], signal: AbortSignal): Promise<Look[]>;
}
