import * as pulumi from "@pulumi/pulumi";

import { followUpProblems } from "../provider/operations/arguments";
import type { FollowUpArguments, UpdateTaskArguments } from "./arguments";
import { check } from "./check";
import { checkOwnVersion } from "./own-version";
import { secretValues, withSecretFields } from "./plain";
import { providerText } from "./provider-text";
import { resourceUrn } from "./resource-urn";

const updateType = "pulumi-nodejs:vmware:UpdateTask";
const deleteType = "pulumi-nodejs:vmware:DeleteTask";

/** Runs its request when the request changes, not when it first appears. */
export class UpdateTask extends pulumi.CustomResource {
  /** The task of the last change; null before there was one. */
  declare readonly taskId: pulumi.Output<string | null>;

  /** @throws InvalidArgumentsError with all problems at once */
  constructor(name: string, args: UpdateTaskArguments, opts: pulumi.CustomResourceOptions = {}) {
    checkOwnVersion();
    check(`UpdateTask "${name}" cannot be used`, args, followUpProblems);
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
    checkOwnVersion();
    check(`DeleteTask "${name}" cannot be used`, args, followUpProblems);
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
