import { hasCode, isVmwareTasksError, type ProductClient, type Redactor } from "../tasks";

/**
 * An error without secrets in what it says and in what the server said: it may end up in a log, whoever catches it.
 * What the package itself decides by, such as the class of a fault, stays as it is.
 */
function discreetError(error: unknown, { text, texts }: Redactor): unknown {
  if (!isVmwareTasksError(error)) return error;
  const { message, stack = "" } = error as Error;
  Object.assign(error as Error, { message: text(message), stack: text(stack) });
  if (hasCode(error, "VMWARE_REQUEST_REFUSED"))
    Object.assign(error, { refusal: { ...error.refusal, causes: texts(error.refusal.causes) } });
  return error;
}

/** The same client, whose errors hold no secret that is known, though a server may echo any. */
export function discreet(client: ProductClient, redactor: Redactor): ProductClient {
  const guarded = async <R>(asked: Promise<R>): Promise<R> => {
    try {
      return await asked;
    } catch (error) {
      throw discreetError(error, redactor);
    }
  };
  return {
    ...client,
    start: (...args) => guarded(client.start(...args)),
    findStarted: (...args) => guarded(client.findStarted(...args)),
    get: (...args) => guarded(client.get(...args)),
    list: (...args) => guarded(client.list(...args)),
    cancel: (...args) => guarded(client.cancel(...args)),
    retry: (...args) => guarded(client.retry(...args)),
    read: (...args) => guarded(client.read(...args)),
    reach: (...args) => guarded(client.reach(...args)),
    async look(...args) {
      const looks = await guarded(client.look(...args));
      for (const seen of looks) if (seen.kind === "fault") discreetError(seen.fault, redactor);
      return looks;
    },
  };
}
