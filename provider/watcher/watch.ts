import type { EndpointFaultError, TaskRef, TaskSnapshot, VmwareTasksError } from "../tasks";
import type { Span } from "./span";

/** What to wait for, and how long; times in milliseconds. */
export interface WatchRequest {
  readonly ref: TaskRef;
  /** Ends the wait at once; the promise rejects with the signal's reason. */
  readonly signal: AbortSignal;
  /** When to stop waiting; one look is taken at that very moment. */
  readonly deadlineAt?: number | undefined;
  /** Stop waiting when nothing has changed for so long. */
  readonly stallMs?: number | undefined;
  /** Tell `onQuiet` once when nothing has changed for so long. */
  readonly quietMs?: number | undefined;
  /** Called with every look that saw the task; `remainingMs` is an estimate. */
  readonly onLook?: ((snapshot: TaskSnapshot, remainingMs: number | undefined) => void) | undefined;
  /** When such a task ends as a rule, for one whose progress does not tell. */
  readonly expectEnd?: ((snapshot: TaskSnapshot) => Span | undefined) | undefined;
  readonly onQuiet?: ((snapshot: TaskSnapshot, quietMs: number) => void) | undefined;
  /** Called when the endpoint begins to give no good answers; the wait goes on. */
  readonly onFault?: ((fault: EndpointFaultError) => void) | undefined;
}

/** How a wait ended. */
export type WatchEnd =
  | { readonly kind: "ended"; readonly snapshot: TaskSnapshot }
  | { readonly kind: "timedOut"; readonly snapshot?: TaskSnapshot | undefined }
  | { readonly kind: "stalled"; readonly snapshot: TaskSnapshot; readonly quietMs: number }
  /** The server does not know the task; `snapshot` is what it said of it before. */
  | { readonly kind: "missing"; readonly snapshot?: TaskSnapshot | undefined }
  /** The endpoint gave no good answer for longer than is tolerated. */
  | {
      readonly kind: "outage";
      readonly fault: VmwareTasksError;
      readonly snapshot?: TaskSnapshot | undefined;
    };
