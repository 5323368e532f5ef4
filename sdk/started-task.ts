import * as pulumi from "@pulumi/pulumi";

import { startProblems } from "../provider/operations/arguments";
import type { StartArguments } from "./arguments";
import { check } from "./check";
import { checkOwnVersion } from "./own-version";
import { secretValues, withSecretFields } from "./plain";
import { providerText } from "./provider-text";
import { resourceUrn } from "./resource-urn";

const type = "pulumi-nodejs:vmware:StartedTask";

/** What a `StartedTask` takes: a start, and whether what it made must go before it is made anew. */
export interface StartedTaskArguments extends StartArguments {
  /**
   * Delete what depends on the old task before the operation starts again.
   *
   * @default false
   */
  deleteBeforeReplace?: boolean | undefined;
  /**
   * An object is observed afterwards, so a reply that says "accepted" and names no task is good enough.
   *
   * @default false
   */
  isObserved?: boolean | undefined;
}

/** Sends a request that starts a task, records the task's id, and returns at once. */
export class StartedTask extends pulumi.CustomResource {
  /** The started task's id; begins with `immediate:` when the server answered without a task. */
  declare readonly taskId: pulumi.Output<string>;
  /** The request that was started; another one than the program's where changes are left to an update. */
  declare readonly request: pulumi.Output<unknown>;
  /** The body of a server that answered at once. */
  declare readonly immediateResult: pulumi.Output<unknown>;

  /** @throws InvalidArgumentsError with all problems at once */
  constructor(name: string, args: StartedTaskArguments, opts: pulumi.CustomResourceOptions = {}) {
    checkOwnVersion();
    const {
      deleteBeforeReplace = false,
      isObserved,
      othersChecked,
      ...given
    } = args as StartedTaskArguments & {
      readonly othersChecked?: pulumi.Input<undefined>;
    };
    check(`StartedTask "${name}" cannot be used`, given, startProblems);
    const { onRequestChange = "restart" } = given as { onRequestChange?: unknown };
    // The request that was started may stay as an output, where the marks of the new one do not reach.
    const sensitive = onRequestChange === "restart" ? [] : ["request"];
    super(
      type,
      name,
      {
        ...given,
        ...(deleteBeforeReplace ? { deleteBeforeReplace } : {}),
        ...(isObserved === true ? { isObserved } : {}),
        // Nothing is registered before it is there. In a preview it may be unknown, and is no difference.
        ...(othersChecked === undefined ? {} : { othersChecked }),
        request: withSecretFields(given.request),
        retry: withSecretFields(given.retry),
        secretValues: secretValues(given.request),
        resourceUrn: resourceUrn(name, type, opts.parent),
        taskId: undefined,
        immediateResult: undefined,
        __provider: providerText("startedTask"),
      },
      {
        ...opts,
        // The diff alone is not asked on `pulumi up --replace`.
        ...(deleteBeforeReplace ? { deleteBeforeReplace } : {}),
        additionalSecretOutputs: [...(opts.additionalSecretOutputs ?? []), ...sensitive],
      },
    );
    // Of a secret within a secret, Pulumi takes one mark away and leaves the other as a part of the value.
    this.request = this.request.apply((request) => pulumi.runtime.unwrapRpcSecret(request) as unknown);
  }
}
