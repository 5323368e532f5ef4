/** An error of VCDA (`ApiError`), without its stack trace. */
export interface ApiError {
  /** Such as `TaskNotFound`. */
  readonly code?: string;
  readonly msg?: string;
  /** In place of `{0}`, `{1}`, … in the message. */
  readonly args?: readonly string[];
}

/** The API's own fields of a task (VCDA API, `C4ApiTask`, and `ApiTask` of the Manager service, which has no `site`). */
export interface TaskFields {
  readonly id: string;
  /** `QUEUED`, `RUNNING`, `SUCCEEDED` or `FAILED`. */
  readonly state?: string;
  /** Percent. */
  readonly progress?: number;
  /** Milliseconds since 1970. */
  readonly startTime?: number;
  /** Milliseconds since 1970; -1 while it runs. */
  readonly endTime?: number;
  /** Milliseconds since 1970; -1 where nothing is known. */
  readonly lastUpdated?: number;
  readonly user?: string;
  /** Not always the site that was asked for. */
  readonly site?: string;
  /** What it does and what it works on. */
  readonly workflowInfo?: {
    readonly type?: string | null;
    readonly resourceType?: string | null;
    readonly resourceId?: string | null;
    readonly resourceName?: string | null;
  };
  readonly resultType?: string;
  /** Of a task that succeeded; its type is the operation's own. */
  readonly result?: unknown;
  readonly error?: ApiError;
  /** Failures on the way that did not stop it. */
  readonly warnings?: readonly unknown[];
  readonly [field: string]: unknown;
}
