import { isDeepStrictEqual } from "node:util";

import * as pulumi from "@pulumi/pulumi";

import { operationProblems } from "../provider/operations/arguments";
import { immediatePrefix, type Problem, type TaskResource, type TaskStatus } from "../provider/tasks";
import type { FinishedTask, OperationArguments, RequestArguments, TaskDetails } from "./arguments";
import { check } from "./check";
import { CompletedTask } from "./completed-task";
import { DeleteTask, UpdateTask } from "./follow-up-tasks";
import { checkOwnVersion } from "./own-version";
import { countOperation } from "./parallelism";
import { hasLater } from "./plain";
import { StartedTask } from "./started-task";
import { withShortStackTraces } from "./with-short-stack-traces";

const type = "vmware-tasks:index:Operation";

/** Options of the component that do not reach its children by themselves. */
const handedDown = ["ignoreChanges", "replaceOnChanges", "hideDiffs"] as const;

/** Those that have an operation start again. */
const replacing = ["replacementTrigger", "replaceWith"] as const;

/** What may be said of an operation besides its arguments. */
export type OperationOptions = pulumi.ComponentResourceOptions &
  Pick<pulumi.CustomResourceOptions, "additionalSecretOutputs" | "deleteBeforeReplace">;

/** Whether an option names the request as a whole. */
const isRequest = (path: string): boolean => ["*", "request", '["request"]'].includes(path);

/** Whether an option names the request, or a part of it. */
const isOfRequest = (path: string): boolean => /^(\*|request\b|\["request"\])/.test(path);

/** Arguments that are the start's or the operation's alone. */
const notOfCompletion = ["update", "delete", "observe", "adoptTaskId", "triggers", "onRequestChange"];

/** The arguments of the two halves. */
interface SplitArguments {
  readonly start: Record<string, unknown>;
  readonly completion: Record<string, unknown>;
}

function splitArguments(args: OperationArguments): SplitArguments {
  const {
    endpoint,
    kind,
    site,
    taskIdFrom,
    onDelete,
    retry,
    request,
    adoptTaskId,
    triggers,
    onRequestChange,
  } = args;
  const { update, observe } = args;
  const isPlain = onRequestChange === undefined || typeof onRequestChange === "string";
  const completion = {
    ...Object.fromEntries(Object.entries(args).filter(([name]) => !notOfCompletion.includes(name))),
    // The other ways do not concern the completion.
    ...(!isPlain || onRequestChange === "retryInPlace" ? { onRequestChange } : {}),
  };
  return {
    start: {
      endpoint,
      request,
      kind,
      site,
      taskIdFrom,
      adoptTaskId,
      triggers,
      onRequestChange: onRequestChange ?? (update === undefined ? undefined : "update"),
      onDelete,
      retry,
    },
    completion: typeof observe === "function" ? completion : { ...completion, observe },
  };
}

/** What an operation's outputs come from. */
interface Children {
  readonly completed: CompletedTask;
  readonly observed: pulumi.Output<unknown>;
}

function withoutUndefined(value: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== undefined));
}

function taken(options: OperationOptions, names: readonly (keyof OperationOptions)[]): OperationOptions {
  return Object.fromEntries(
    names.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]]])),
  );
}

/** What an operation's other resources are about. */
interface Halves {
  readonly started: StartedTask;
  readonly completed: CompletedTask;
  readonly finished: pulumi.Output<FinishedTask>;
}

/** Whether the program has another request now than the one that was started. */
function isOther(
  started: pulumi.Output<unknown>,
  now: OperationArguments["request"],
): pulumi.Output<boolean> {
  const both = pulumi.all([started, pulumi.output(now)] as const);
  return pulumi.unsecret(
    both.apply(([then, request]) => request !== undefined && !isDeepStrictEqual(bare(then), bare(request))),
  );
}

/** As the state holds it: without what is undefined; how long a reply may take makes no other request. */
function bare(request: unknown): unknown {
  return JSON.parse(
    JSON.stringify(request === undefined ? null : { ...(request as object), timeout: undefined }),
  );
}

/** What the functions of an operation are asked for only when it has succeeded, which would be too late. */
function functionProblems(given: OperationArguments): Problem[] {
  const problems: Problem[] = (["update", "delete"] as const).flatMap((path) =>
    given[path] === undefined || typeof given[path] === "function"
      ? []
      : [{ path, message: "must be a function of the finished task that gives the request" }],
  );
  // Without `update`, changes of the request would be lost in silence.
  if (given.onRequestChange === "update" && given.update === undefined)
    problems.push({ path: "onRequestChange", message: "is update, which needs the argument `update`" });
  return problems;
}

const cannotStart = (name: string): string => `Operation "${name}" cannot be started`;

/** Resolves, to nothing, when the other arguments are known and right: what is not started before is not started for a mistake. */
function othersChecked(
  name: string,
  start: Record<string, unknown>,
  completion: Record<string, unknown>,
): pulumi.Output<undefined> | undefined {
  const { request, ...others } = { ...completion, ...start };
  if (request === undefined || !hasLater(others)) return undefined;
  const all = pulumi.unsecret(pulumi.all([pulumi.output(request), pulumi.output(others)]));
  return all.apply(([known, rest]) => {
    check(cannotStart(name), { ...(rest as object), request: known }, operationProblems);
    return undefined;
  });
}

/**
 * An operation on a VMware server: started once, followed to its end, attempted again by policy.
 *
 * @example
 * ```ts
 * const clone = new vmware.Operation("web", {
 *   endpoint: "vcenter",
 *   request: { method: "POST", path: "/api/vcenter/vm?action=clone", body: { source: "vm-42", name: "web" } },
 *   delete: (done) => ({ method: "DELETE", path: `/api/vcenter/vm/${done.result}` }),
 *   timeout: "30m",
 * });
 * export const vm = clone.result;
 * ```
 */
export class Operation extends pulumi.ComponentResource {
  /** The task of the last attempt; begins with `immediate:` when the server answered without a task. */
  readonly taskId: pulumi.Output<string>;
  readonly status: pulumi.Output<TaskStatus>;
  /** The server's own word for its status. */
  readonly nativeStatus: pulumi.Output<string>;
  /** What the operation answered. */
  // Its type is the operation's own.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly result: pulumi.Output<any>;
  /** What the task worked on or made. */
  readonly resources: pulumi.Output<TaskResource[]>;
  readonly warnings: pulumi.Output<string[]>;
  /** ISO 8601, by the server's clock; null when the server says nothing of it. */
  readonly startedAt: pulumi.Output<string | null>;
  /** ISO 8601, by the server's clock; null when the server says nothing of it. */
  readonly finishedAt: pulumi.Output<string | null>;
  readonly durationSeconds: pulumi.Output<number | null>;
  /** How often the operation was attempted, by all deployments. */
  readonly attempts: pulumi.Output<number>;
  /** The body that `observe` read last. */
  // Its type is the object's own.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly observed: pulumi.Output<any>;
  /** What else the server says of the task; null when it answered without one. */
  readonly task: pulumi.Output<TaskDetails | null>;

  /**
   * @param name - the resource's name, which its children have too
   * @throws InvalidArgumentsError with all problems of the operation at once, before anything is sent
   */
  constructor(name: string, args: OperationArguments, opts: OperationOptions = {}) {
    checkOwnVersion();
    const timeout = args.timeout ?? opts.customTimeouts?.create;
    const given: OperationArguments = timeout === undefined ? args : { ...args, timeout };
    const { start, completion } = splitArguments(given);
    check(cannotStart(name), { ...start, ...completion }, (known, configuration) => [
      ...operationProblems(known, configuration),
      ...functionProblems(given),
    ]);
    super(type, name, {}, opts);
    countOperation();

    const { completed, observed } = withShortStackTraces(() =>
      this.children(name, given, { start, completion }, opts),
    );
    this.taskId = completed.taskId;
    this.status = completed.status;
    this.nativeStatus = completed.nativeStatus;
    this.result = completed.result;
    this.resources = completed.resources;
    this.warnings = completed.warnings;
    this.startedAt = completed.startedAt;
    this.finishedAt = completed.finishedAt;
    this.durationSeconds = completed.durationSeconds;
    this.attempts = completed.attempts;
    this.task = completed.task;
    this.observed = observed;
    // They are in the state of its children, and a state is written again with every step.
    this.registerOutputs({});
  }

  private children(
    name: string,
    given: OperationArguments,
    { start, completion }: SplitArguments,
    opts: OperationOptions,
  ): Children {
    const inherited = { ...taken(opts, handedDown), parent: this };
    const secretOutputs = opts.additionalSecretOutputs ?? [];
    const started = new StartedTask(
      name,
      {
        ...withoutUndefined({ ...start, othersChecked: othersChecked(name, start, completion) }),
        deleteBeforeReplace: given.delete !== undefined || opts.deleteBeforeReplace === true,
        ...(given.observe === undefined ? {} : { isObserved: true }),
      } as never,
      {
        ...inherited,
        ...taken(opts, replacing),
        // The result of an operation that is answered at once.
        ...(given.sensitiveResult === true || secretOutputs.includes("result")
          ? { additionalSecretOutputs: ["immediateResult"] }
          : {}),
      },
    );
    const completed = new CompletedTask(
      name,
      {
        ...withoutUndefined(completion),
        // In the preview of an update, as where `update` is added, an id is known and an output is not.
        startedTaskId: started.id,
        immediateResult: started.immediateResult,
      } as never,
      { ...inherited, additionalSecretOutputs: secretOutputs },
    );
    const finished = completed.taskId.apply(() => this.finished(completed));
    this.followUps(name, given, { started, completed, finished }, inherited, opts.customTimeouts ?? {});
    return {
      completed,
      observed: this.observation(name, given, completed, finished, {
        ...inherited,
        additionalSecretOutputs: secretOutputs,
      }),
    };
  }

  private finished(completed: CompletedTask): pulumi.Output<FinishedTask> {
    const { taskId, status, result, resources, task } = completed;
    return pulumi.output<unknown>({ taskId, status, result, resources, task }) as pulumi.Output<FinishedTask>;
  }

  private followUps(
    name: string,
    { endpoint, kind, site, request, update, delete: deletion }: OperationArguments,
    { started, completed, finished }: Halves,
    inherited: pulumi.CustomResourceOptions,
    timeouts: pulumi.CustomTimeouts,
  ): void {
    const about = (toRequest: (done: FinishedTask) => RequestArguments): pulumi.Output<unknown> =>
      finished.apply<unknown>((done) => (done.status === "SUCCEEDED" ? toRequest(done) : undefined));
    const shared = withoutUndefined({ endpoint, kind, site });
    if (update !== undefined) {
      new UpdateTask(
        name,
        {
          ...shared,
          of: completed.taskId,
          request: about(update),
          // A deployment that timed out may have started another request than the program has now.
          runNow:
            inherited.ignoreChanges?.some(isRequest) === true ? false : isOther(started.request, request),
          ...withoutUndefined({ timeout: timeouts.update }),
        } as never,
        inherited,
      );
    }
    if (deletion !== undefined) {
      new DeleteTask(
        name,
        {
          ...shared,
          of: completed.taskId,
          request: about(deletion),
          ...withoutUndefined({ timeout: timeouts.delete }),
        } as never,
        // Its request is another one than the operation's, and is known only when that has succeeded.
        {
          ...inherited,
          ignoreChanges: (inherited.ignoreChanges ?? []).filter((path) => !isOfRequest(path)),
        },
      );
    }
  }

  /** What `observe` reads; a function of the finished task needs a resource of its own that comes after it. */
  private observation(
    name: string,
    { endpoint, kind, site, observe, sensitiveResult }: OperationArguments,
    completed: CompletedTask,
    finished: pulumi.Output<FinishedTask>,
    inherited: pulumi.CustomResourceOptions,
  ): pulumi.Output<unknown> {
    if (typeof observe !== "function") return completed.observed as pulumi.Output<unknown>;
    const observation = finished.apply<unknown>((done) =>
      done.status === "SUCCEEDED" ? observe(done) : undefined,
    );
    // An operation that had only a warning may succeed later by the same task: then there is something to observe.
    const subject = finished.apply(({ taskId, status }) =>
      status === "SUCCEEDED" ? taskId : `${taskId}:${status}`,
    );
    const observed = new CompletedTask(
      `${name}-observed`,
      withoutUndefined({
        endpoint,
        kind,
        site,
        sensitiveResult,
        // Not a task to wait for: that one has ended, and the server may have forgotten it.
        startedTaskId: pulumi.interpolate`${immediatePrefix}${subject}`,
        observe: observation,
      }) as never,
      inherited,
    );
    return observed.observed as pulumi.Output<unknown>;
  }
}
