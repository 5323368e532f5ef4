import * as pulumi from "@pulumi/pulumi";

import { theContext } from "./program-context";
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
    if (isVmwareTasksError(error)) {
      const context = await theContext();
      (error as Error).message = context.redactor().text(messageOf(error));
    }
    throw toRunError(error);
  }
}
