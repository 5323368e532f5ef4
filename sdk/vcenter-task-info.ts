/** A text that vCenter may translate (vSphere Automation API, `LocalizableMessage`). */
export interface LocalizableMessage {
  /** The key of the message. */
  readonly id: string;
  /** In English; places such as `{0}` may be open. */
  readonly default_message: string;
  /** Values by position. */
  readonly args?: readonly string[];
  /** Values by name (since 7.0); at `/rest` a list of `{ key, value }`. */
  readonly params?: unknown;
  /** In the language asked for, where the service translates. */
  readonly localized?: string;
}

/** What vSphere Lifecycle Manager tells beside a task's result. */
export interface Notification {
  readonly id?: string;
  readonly type?: string;
  /** RFC 3339. */
  readonly time?: string;
  readonly message?: LocalizableMessage;
  /** What to do about it. */
  readonly resolution?: LocalizableMessage;
}

/**
 * A CIS task as vCenter shows it (vSphere Automation API, `Cis.Task.Info`), under the API's own names. Every field but
 * these always-present ones may be absent, whatever the status; services add fields of their own.
 */
export interface TaskInfo {
  readonly description: LocalizableMessage;
  /** Such as `com.vmware.vcenter.VM`. */
  readonly service: string;
  /** Such as `clone$task`; some services leave the suffix out. */
  readonly operation: string;
  /** PENDING, RUNNING, BLOCKED, SUCCEEDED, FAILED; a cancelled task is FAILED. */
  readonly status: string;
  readonly cancelable?: boolean;
  /** The task that this one is a part of; Lifecycle Manager says `""` for none. */
  readonly parent?: string;
  /** What it works on; absent when that is nothing or several objects. */
  readonly target?: { readonly type: string; readonly id: string };
  /** Who started it; absent for the system's own tasks. */
  readonly user?: string;
  readonly progress?: {
    readonly total: number;
    readonly completed: number;
    readonly message: LocalizableMessage;
  };
  /** What the operation answered, as it is; it may be there before the end, and change. */
  readonly result?: unknown;
  /** Why it failed: a vAPI error. Without it a failed task has its reason in `result`. */
  readonly error?: {
    /** Such as `RESOURCE_BUSY`. */
    readonly error_type?: string;
    readonly messages?: readonly LocalizableMessage[];
    readonly data?: unknown;
  };
  /** RFC 3339. */
  readonly start_time?: string;
  /** RFC 3339. */
  readonly end_time?: string;
  /** Lifecycle Manager only. */
  readonly last_update_time?: string;
  /** Lifecycle Manager only. */
  readonly notifications?: {
    readonly info?: readonly Notification[];
    readonly warnings?: readonly Notification[];
    readonly errors?: readonly Notification[];
  };
  /** What a service adds; more of it with `returnAll`. */
  readonly [field: string]: unknown;
}
