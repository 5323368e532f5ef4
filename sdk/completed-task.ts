import * as pulumi from "@pulumi/pulumi";

import { completionProblems } from "../provider/operations/arguments";
import type { TaskResource, TaskStatus } from "../provider/tasks";
import type { CompletedTaskArguments, TaskDetails } from "./arguments";
import { check } from "./check";
import { checkOwnVersion } from "./own-version";
import { secretValues, withSecretFields } from "./plain";
import { providerText } from "./provider-text";
import { resourceUrn } from "./resource-urn";

const type = "pulumi-nodejs:vmware:CompletedTask";

/** The names of the outputs, on `CompletedTask` and `Operation` alike. */
export const outputNames = [
  "taskId",
  "status",
  "nativeStatus",
  "result",
  "resources",
  "warnings",
  "startedAt",
  "finishedAt",
  "durationSeconds",
  "attempts",
  "observed",
  "task",
] as const;

/** Waits for a task, whoever started it; judges it; attempts again by policy. */
export class CompletedTask extends pulumi.CustomResource {
  /** The task of the last attempt. */
  declare readonly taskId: pulumi.Output<string>;
  declare readonly status: pulumi.Output<TaskStatus>;
  /** The server's own word for its status. */
  declare readonly nativeStatus: pulumi.Output<string>;
  /** What the operation answered. */
  // Its type is the operation's own.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  declare readonly result: pulumi.Output<any>;
  /** What the task worked on or made. */
  declare readonly resources: pulumi.Output<TaskResource[]>;
  declare readonly warnings: pulumi.Output<string[]>;
  /** ISO 8601, by the server's clock; null when the server says nothing of it. */
  declare readonly startedAt: pulumi.Output<string | null>;
  /** ISO 8601, by the server's clock; null when the server says nothing of it. */
  declare readonly finishedAt: pulumi.Output<string | null>;
  declare readonly durationSeconds: pulumi.Output<number | null>;
  /** How often the operation was attempted, by all deployments. */
  declare readonly attempts: pulumi.Output<number>;
  /** The body that `observe` read last. */
  // Its type is the object's own.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  declare readonly observed: pulumi.Output<any>;
  /** What else the server says of the task; null when it answered without one. */
  declare readonly task: pulumi.Output<TaskDetails | null>;

  /** @throws InvalidArgumentsError with all problems at once */
  constructor(name: string, args: CompletedTaskArguments, opts: pulumi.CustomResourceOptions = {}) {
    checkOwnVersion();
    const timeout = args.timeout ?? opts.customTimeouts?.create;
    const given = { ...args, ...(timeout === undefined ? {} : { timeout }) };
    check(`CompletedTask "${name}" cannot be used`, given, completionProblems);
    const outputs = Object.fromEntries(outputNames.map((output) => [output, undefined]));
    const { onRequestChange } = args as { onRequestChange?: unknown };
    const sensitive = [
      ...(args.sensitiveResult === true ? ["result", "task", "observed"] : []),
      // An earlier request may be kept as an output, where the marks of the new one do not reach.
      ...(onRequestChange === undefined || onRequestChange === "restart" ? [] : ["request"]),
    ];
    super(
      type,
      name,
      {
        ...outputs,
        ...given,
        request: withSecretFields(given.request),
        observe: withSecretFields(given.observe),
        retry: withSecretFields(given.retry),
        secretValues: secretValues([given.request, given.expect, given.observe, given.retry]),
        resourceUrn: resourceUrn(name, type, opts.parent),
        __provider: providerText("completedTask"),
      },
      { ...opts, additionalSecretOutputs: [...(opts.additionalSecretOutputs ?? []), ...sensitive] },
    );
  }
}
