import type { Duplex } from "node:stream";

/** Why a signal was aborted, as people are told. */
export function reasonOf({ reason }: AbortSignal): Error {
  const isTimeout = reason instanceof Error && reason.name === "TimeoutError";
  return isTimeout ? new Error("no answer in time") : (reason as Error);
}

/** A connection, unless it is too late; one that comes later is closed again. */
export function untilAborted(opening: Promise<Duplex>, signal: AbortSignal): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      reject(reasonOf(signal));
      opening.then(
        (connection) => connection.destroy(),
        () => undefined,
      );
    };
    if (signal.aborted) abort();
    else signal.addEventListener("abort", abort, { once: true });
    const end = (): void => signal.removeEventListener("abort", abort);
    opening.then(resolve, reject).finally(end);
  });
}
