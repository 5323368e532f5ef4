import * as pulumi from "@pulumi/pulumi";

import { isVmwareTasksError, messageOf } from "../provider/tasks";

/** An error as the CLI shows it without a stack: its message is written for people and says all there is to say. */
export function toRunError(error: unknown): Error {
  if (!isVmwareTasksError(error)) return error as Error;
  return Object.assign(new pulumi.RunError(messageOf(error)), { ...(error as object) });
}

/** Runs a look-up whose errors are to be shown that way. */
export async function withRunErrors<T>(lookUp: () => Promise<T>): Promise<T> {
  try {
    return await lookUp();
  } catch (error) {
    throw toRunError(error);
  }
}
