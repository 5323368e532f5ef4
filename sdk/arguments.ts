import type * as pulumi from "@pulumi/pulumi";

import type { FailureCause, TaskResource, TaskStatus } from "../provider/tasks";

/** A request below an endpoint's URL. */
export interface RequestArguments {
  /** `GET`, `POST`, `PUT`, `PATCH` or `DELETE`. Some GETs of vCenter start tasks too. */
  method: pulumi.Input<"GET" | "POST" | "PUT" | "PATCH" | "DELETE">;
  /** Begins with `/` and may hold a query, such as `/api/vcenter/vm?action=clone`. */
  path: pulumi.Input<string>;
  /**
   * More of the query. `vmw-task=true` is added where the product wants it; `"vmw-task": false` leaves it out for
   * an operation that has no form with a task.
   */
  query?: pulumi.Input<Record<string, pulumi.Input<string | number | boolean | string[]>>> | undefined;
  /** More headers. Credentials are none of them: they are the endpoint's. */
  headers?: pulumi.Input<Record<string, pulumi.Input<string>>> | undefined;
  /** Sent as JSON. */
  body?: pulumi.Input<unknown>;
  /**
   * How long the server may take to reply, a duration with a unit.
   *
   * @default the endpoint's `requestTimeout`, `"60s"`
   */
  timeout?: pulumi.Input<string> | undefined;
}

/** A condition on the value at a path of an object; all that are given must hold. */
export interface Condition {
  /** Names and indexes, such as `result.status` or `resources[0].type`. */
  path: pulumi.Input<string>;
  /** The value must equal this, deeply. */
  equals?: pulumi.Input<unknown>;
  /** The value must equal one of these. */
  in?: pulumi.Input<unknown[]> | undefined;
  /** The value must match this regular expression. */
  matches?: pulumi.Input<string> | undefined;
}

/** When and how a failed operation is attempted again. Durations have units. */
export interface RetryPolicy {
  /**
   * `retryTask`: the server continues the failed task under the same id (SDDC Manager). `startAgain`: the request is
   * sent again. `auto`: the first where the task says that it is retryable, else the second.
   *
   * @default "auto"
   */
  how?: pulumi.Input<"auto" | "retryTask" | "startAgain"> | undefined;
  /**
   * Attempts in one deployment, the first one counted.
   *
   * @default 1
   */
  maxAttempts?: pulumi.Input<number> | undefined;
  /**
   * The pause before the second attempt.
   *
   * @default "30s"
   */
  delay?: pulumi.Input<string> | undefined;
  /**
   * How much longer each further pause is.
   *
   * @default 2
   */
  factor?: pulumi.Input<number> | undefined;
  /**
   * The longest pause.
   *
   * @default "10m"
   */
  maxDelay?: pulumi.Input<string> | undefined;
  /** Which failures are worth another attempt; all that are given must hold. By default all are. */
  when?:
    | pulumi.Input<{
        /** One of the failure's error codes is among these. */
        codes?: pulumi.Input<pulumi.Input<string>[]> | undefined;
        /** One of its messages matches this regular expression, without regard to case. */
        message?: pulumi.Input<string> | undefined;
        /** The server itself says that the failure is transient. */
        transientOnly?: pulumi.Input<boolean> | undefined;
      }>
    | undefined;
  /** Sent, and followed to its end, before the operation is started again. */
  cleanup?: pulumi.Input<RequestArguments> | undefined;
  /**
   * What the next `pulumi up` does with an operation that failed: attempt it again, or look only.
   *
   * @default "again"
   */
  onNextUp?: pulumi.Input<"again" | "look"> | undefined;
  /**
   * How long a server is waited for that is too busy to take a start. Nothing has started then.
   *
   * @default "10m"
   */
  busyTimeout?: pulumi.Input<string> | undefined;
}

/** What to read of an object after the task. */
export interface Observation {
  request: RequestArguments;
  /** Read again, at a fixed pace, until these hold on the body. By default it is read once. */
  until?: pulumi.Input<pulumi.Input<Condition>[]> | undefined;
  /**
   * The pace.
   *
   * @default "5s"
   */
  interval?: pulumi.Input<string> | undefined;
  /**
   * How long to read.
   *
   * @default "10m"
   */
  timeout?: pulumi.Input<string> | undefined;
}

/** What starts an operation, or says which one to adopt. */
export interface StartArguments {
  /** The name of an endpoint in the configuration `vmware-tasks:endpoints`. */
  endpoint: pulumi.Input<string>;
  /** What to send. Needed, unless `adoptTaskId` is given. */
  request?: pulumi.Input<RequestArguments> | undefined;
  /**
   * Which kind of task the request starts.
   *
   * @default what its method and path say (SDDC Manager; vCenter's `/sdk/vim25/`), else "task"
   */
  kind?: pulumi.Input<string> | undefined;
  /** Where the task runs, for products with sites. */
  site?: pulumi.Input<string> | undefined;
  /** Where the task's id is in the reply, when it is in an unusual place: `value.taskId`. */
  taskIdFrom?: pulumi.Input<string> | undefined;
  /** Follow this task instead of starting one. Removing it later is no restart. */
  adoptTaskId?: pulumi.Input<string> | undefined;
  /** Any change of these starts the operation again. */
  triggers?: pulumi.Input<unknown[] | Record<string, unknown>> | undefined;
  /**
   * What a changed `request` means: `restart` starts the operation again; `update` leaves it to `update`;
   * `retryInPlace` puts it into the server's own retry of a failed task, for the kinds that take one.
   *
   * @default "update" when `update` is given, else "restart"
   */
  onRequestChange?: pulumi.Input<"restart" | "update" | "retryInPlace"> | undefined;
  /**
   * What becomes of a task that still runs when its resource is deleted.
   *
   * @default "leave"
   */
  onDelete?: pulumi.Input<"leave" | "cancel"> | undefined;
  /** A policy, or the name of one in the configuration `vmware-tasks:retryPolicies`. */
  retry?: pulumi.Input<string | RetryPolicy> | undefined;
}

/** How a task is followed and judged. Durations have units, such as `"90s"`, `"45m"` or `"2h"`. */
export interface CompletionArguments {
  /**
   * How long the operation may take in one deployment.
   *
   * @default `customTimeouts.create`, else "2h" (vCenter, Snapservice), "6h" (VCDA) or "15h" (SDDC Manager)
   */
  timeout?: pulumi.Input<string> | undefined;
  /**
   * `detach`: this deployment fails, the task goes on, the next one resumes. `cancel`: the task is cancelled.
   *
   * @default "detach"
   */
  onTimeout?: pulumi.Input<"detach" | "cancel"> | undefined;
  /** Fail, and leave the task alone, when nothing of it has changed for so long. By default there is only a warning. */
  stallTimeout?: pulumi.Input<string> | undefined;
  /** A policy, or the name of one in the configuration `vmware-tasks:retryPolicies`. */
  retry?: pulumi.Input<string | RetryPolicy> | undefined;
  /**
   * `warn`: the failure is shown and `status` says FAILED, but the deployment goes on.
   *
   * @default "fail"
   */
  onFailure?: pulumi.Input<"fail" | "warn"> | undefined;
  /**
   * What becomes of a task that still runs when its resource is deleted.
   *
   * @default "leave"
   */
  onDelete?: pulumi.Input<"leave" | "cancel"> | undefined;
  /**
   * Warnings of a task that succeeded are shown; `false` makes them a failure.
   *
   * @default true
   */
  acceptWarnings?: pulumi.Input<boolean> | undefined;
  /** Conditions on the finished task: one that succeeded but does not meet them has failed. */
  expect?: pulumi.Input<pulumi.Input<Condition>[]> | undefined;
  /**
   * Marks the outputs `result`, `task` and `observed` secret.
   *
   * @default false
   */
  sensitiveResult?: boolean | undefined;
}

/** A finished task, as `update`, `delete` and `observe` get it; plain values. */
export interface FinishedTask {
  /** Of the last attempt; begins with `immediate:` when the server answered without a task. */
  readonly taskId: string;
  readonly status: TaskStatus;
  /** What the operation answered. */
  // Its type is the operation's own; `unknown` would make every template string a cast.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly result: any;
  readonly resources: readonly TaskResource[];
  /** What else the server says of the task. */
  readonly task: TaskDetails | null;
}

/** What the server says of a task beyond the other outputs. */
export interface TaskDetails {
  readonly name: string;
  readonly kind: string;
  readonly site?: string;
  readonly endpoint: string;
  readonly product: string;
  /** Why it failed, the first cause first. */
  readonly causes?: readonly FailureCause[];
  /** The task's own fields; sub-tasks cut down to the failed ones and counts. */
  readonly native: Readonly<Record<string, unknown>>;
}

/** What `Operation` takes. */
export interface OperationArguments extends StartArguments, CompletionArguments {
  /** The request that changes the object, run when it changes. Called only for a task that SUCCEEDED. */
  update?: ((done: FinishedTask) => RequestArguments) | undefined;
  /** The request that deletes the object, run when the operation is destroyed or replaced. Called only for a task that SUCCEEDED. */
  delete?: ((done: FinishedTask) => RequestArguments) | undefined;
  /** What to read of an object after the task; its body becomes the output `observed`. */
  observe?: Observation | ((done: FinishedTask) => Observation) | undefined;
  onDelete?: pulumi.Input<"leave" | "cancel"> | undefined;
  retry?: pulumi.Input<string | RetryPolicy> | undefined;
}

/** What `CompletedTask` takes. */
export interface CompletedTaskArguments extends CompletionArguments {
  /** The name of an endpoint in the configuration. */
  endpoint: pulumi.Input<string>;
  /** The task to wait for, whoever started it. */
  startedTaskId: pulumi.Input<string>;
  /**
   * Which kind of task it is.
   *
   * @default what the method and path of `request` say (SDDC Manager; vCenter's `/sdk/vim25/`), else "task"
   */
  kind?: pulumi.Input<string> | undefined;
  site?: pulumi.Input<string> | undefined;
  taskIdFrom?: pulumi.Input<string> | undefined;
  /** What to send for another attempt; without it, a failed task can only be retried by the server. */
  request?: pulumi.Input<RequestArguments> | undefined;
  /** What a server answered that did the work at once. */
  immediateResult?: pulumi.Input<unknown>;
  /** `retryInPlace`: a `request` that has changed goes into the server's own retry of a failed task. */
  onRequestChange?: StartArguments["onRequestChange"];
  /** What to read of an object after the task; its body becomes the output `observed`. */
  observe?: pulumi.Input<Observation> | undefined;
}

/** What `UpdateTask` takes. */
export interface UpdateTaskArguments extends FollowUpArguments {
  /**
   * Run the request also when the resource, or a request in it, first appears: the object was made with another one.
   *
   * @default false
   */
  runNow?: pulumi.Input<boolean> | undefined;
}

/** What `DeleteTask` takes, and `UpdateTask` too. */
export interface FollowUpArguments {
  /** The name of an endpoint in the configuration. */
  endpoint: pulumi.Input<string>;
  /** What to send; nothing is sent while it is undefined. */
  request?: pulumi.Input<RequestArguments | undefined>;
  /** The id of the task that made the object; another one is another object. */
  of: pulumi.Input<string>;
  /**
   * Which kind of task it is.
   *
   * @default what the method and path of `request` say (SDDC Manager; vCenter's `/sdk/vim25/`), else "task"
   */
  kind?: pulumi.Input<string> | undefined;
  site?: pulumi.Input<string> | undefined;
  /**
   * How long the request's task may take.
   *
   * @default "2h" (vCenter, Snapservice), "6h" (VCDA) or "15h" (SDDC Manager); below an `Operation`, its `customTimeouts` for update and delete
   */
  timeout?: pulumi.Input<string> | undefined;
}
