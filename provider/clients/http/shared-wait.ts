/** Waits for what `ask` gives; a signal ends the caller's own wait, and nobody else's. */
export type SharedWait = <T>(ask: () => Promise<T>, signal: AbortSignal) => Promise<T>;

/** Lets many wait for work that is done once for all of them; `onDeserted` is called when the last one has left. */
export function createSharedWait(onDeserted: () => void): SharedWait {
  let waiting = 0;
  return <T>(ask: () => Promise<T>, signal: AbortSignal): Promise<T> => {
    if (signal.aborted) return Promise.reject(signal.reason as Error);
    waiting += 1;
    return new Promise<T>((resolve, reject) => {
      const abort = (): void => reject(signal.reason as Error);
      signal.addEventListener("abort", abort, { once: true });
      void ask()
        .then(resolve, reject)
        .finally(() => signal.removeEventListener("abort", abort));
    }).finally(() => {
      waiting -= 1;
      if (waiting === 0) onDeserted();
    });
  };
}
