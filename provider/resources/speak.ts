import { isVmwareTasksError, messageOf } from "../tasks";
import { InitFailedError } from "./init-failed";
import type { Properties } from "./inputs";
import { theContext } from "./provider-context";

/**
 * Runs a method and makes what it throws fit to be read by people: no secrets, and no stack for an error of
 * ours, for the host prints the stack of what `read` and `delete` throw.
 */
export async function speak<T>(method: () => Promise<T>, inputs: Properties): Promise<T> {
  try {
    return await method();
  } catch (error) {
    if (error instanceof InitFailedError) throw error;
    const context = await theContext().catch(() => undefined);
    // Without a context, that there is none is the error, and it shows no values.
    if (context === undefined) throw Object.assign(error as Error, { stack: "" });
    const secrets = Array.isArray(inputs.secretValues) ? (inputs.secretValues as string[]) : [];
    const redact = context.redactor(inputs.request, inputs.observe, inputs.retry, [...secrets]);
    const plain = new Error(redact.text(messageOf(error)));
    if (isVmwareTasksError(error)) plain.stack = "";
    else if (error instanceof Error && error.stack !== undefined) plain.stack = redact.text(error.stack);
    throw plain;
  }
}
