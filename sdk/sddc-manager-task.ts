/** A text of SDDC Manager with its key and arguments (`MessagePack`). */
export interface MessagePack {
  readonly component?: string;
  readonly messageKey: string;
  readonly arguments?: readonly string[];
  readonly message?: string;
  readonly bundle?: string;
}

/** Why something failed, or what it warns of (`Error`; every field is optional in every version). */
export interface SddcManagerError {
  readonly errorCode?: string;
  /** `ERROR` or `WARNING`. */
  readonly errorType?: string;
  readonly message?: string;
  readonly remediationMessage?: string;
  /** What to search the logs of SDDC Manager for. */
  readonly referenceToken?: string;
  readonly arguments?: readonly string[];
  readonly context?: Readonly<Record<string, string>>;
  readonly causes?: readonly { readonly type?: string; readonly message?: string }[];
  readonly nestedErrors?: readonly SddcManagerError[];
}

/** What a task worked on or made (`Resource`). */
export interface SddcManagerResource {
  readonly resourceId: string;
  /** An open list: `ESXI`, `DOMAIN`, `CLUSTER`, `VCENTER` and more. */
  readonly type: string;
  readonly fqdn?: string;
  readonly name?: string;
  readonly sans?: readonly string[];
}

/** A stage of a sub-task (`Stage`). */
export interface Stage {
  readonly name?: string;
  readonly type?: string;
  readonly description?: string;
  readonly status?: string;
  /** ISO 8601. */
  readonly creationTimestamp?: string;
  /** ISO 8601. */
  readonly completionTimestamp?: string;
  readonly errors?: readonly SddcManagerError[];
}

/** A part of a task (`SubTask`); it has no id. */
export interface SubTask extends Stage {
  readonly stages?: readonly Stage[];
  readonly resources?: readonly SddcManagerResource[];
  readonly subTasks?: readonly SubTask[];
  /** 9.0 and later. */
  readonly documentationLink?: { readonly url?: string; readonly label?: string };
}

/**
 * The API's own fields of a task (SDDC Manager API, `Task`, 4.5 to 9.1). Other kinds of asynchronous work have fields of
 * their own beside or in place of these.
 */
export interface TaskFields {
  readonly id: string;
  readonly name?: string;
  /** In this server's own spelling: `In Progress`, `IN_PROGRESS`, … */
  readonly status?: string;
  /** ISO 8601; servers were seen to give stamps of 1970. */
  readonly creationTimestamp?: string;
  /** ISO 8601; absent while it runs, and of some that have ended. */
  readonly completionTimestamp?: string;
  /** Such as `HOST_COMMISSION`. */
  readonly type?: string;
  readonly localizableDescriptionPack?: MessagePack;
  readonly subTasks?: readonly SubTask[];
  /** May be empty of a task that failed: the reasons are in the sub-tasks then. */
  readonly errors?: readonly SddcManagerError[];
  readonly resources?: readonly SddcManagerResource[];
  /** `RESOLVED` or `UNRESOLVED`; no outcome. */
  readonly resolutionStatus?: string;
  readonly isCancellable?: boolean;
  /** 5.1 and later. */
  readonly isRetryable?: boolean;
  readonly [field: string]: unknown;
}
