import * as pulumi from "@pulumi/pulumi";

import { followUpProblems } from "../provider/operations/arguments";
import { InvalidArgumentsError } from "../provider/tasks";
import type { FollowUpArguments, UpdateTaskArguments } from "./arguments";
import { checkOwnVersion } from "./own-version";
import { plain, secretValues, withSecretFields } from "./plain";
import { theConfiguration } from "./program-context";
import { providerText } from "./provider-text";
import { resourceUrn } from "./resource-urn";
import { toRunError } from "./run-error";

const updateType = "pulumi-nodejs:vmware:UpdateTask";
const deleteType = "pulumi-nodejs:vmware:DeleteTask";

function check(type: string, name: string, args: FollowUpArguments): void {
  checkOwnVersion();
  const problems = followUpProblems(plain(args) as Record<string, unknown>, theConfiguration());
  if (problems.length > 0)
    throw toRunError(new InvalidArgumentsError(`${type} "${name}" cannot be used`, problems));
}

/** Runs its request when the request changes, not when it first appears. */
export class UpdateTask extends pulumi.CustomResource {
  /** The task of the last change; null before there was one. */
  declare readonly taskId: pulumi.Output<string | null>;

  /** @throws InvalidArgumentsError with all problems at once */
  constructor(name: string, args: UpdateTaskArguments, opts: pulumi.CustomResourceOptions = {}) {
    check("UpdateTask", name, args);
    super(
      updateType,
      name,
      {
        ...args,
        request: withSecretFields(args.request),
        secretValues: secretValues(args.request),
        resourceUrn: resourceUrn(name, updateType, opts.parent),
        taskId: undefined,
        __provider: providerText("updateTask"),
      },
      opts,
    );
  }
}

/** Runs its request when it is destroyed, or replaced because the object was made anew. */
export class DeleteTask extends pulumi.CustomResource {
  /** @throws InvalidArgumentsError with all problems at once */
  constructor(name: string, args: FollowUpArguments, opts: pulumi.CustomResourceOptions = {}) {
    check("DeleteTask", name, args);
    super(
      deleteType,
      name,
      {
        ...args,
        request: withSecretFields(args.request),
        secretValues: secretValues(args.request),
        resourceUrn: resourceUrn(name, deleteType, opts.parent),
        __provider: providerText("deleteTask"),
      },
      opts,
    );
  }
}
