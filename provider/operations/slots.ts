/** Holds starts back while as many operations run as an endpoint may have. */
export interface Slots {
  /** Resolves with the function that gives the slot back. */
  take(signal: AbortSignal): Promise<() => void>;
  /** Whether one who takes has to wait. */
  isFull(): boolean;
}

/** Builds slots that are given out first come, first served. */
export function createSlots(count: number): Slots {
  let free = count;
  const queue: (() => void)[] = [];
  const giveBack = (): void => {
    const next = queue.shift();
    if (next === undefined) free += 1;
    else next();
  };
  const once = (): (() => void) => {
    let isGiven = false;
    return () => {
      if (!isGiven) giveBack();
      isGiven = true;
    };
  };
  return {
    isFull: () => free <= 0,
    take(signal) {
      if (signal.aborted) return Promise.reject(signal.reason as Error);
      if (free > 0) {
        free -= 1;
        return Promise.resolve(once());
      }
      return new Promise((resolve, reject) => {
        const turn = (): void => {
          signal.removeEventListener("abort", abort);
          resolve(once());
        };
        const abort = (): void => {
          queue.splice(queue.indexOf(turn), 1);
          reject(signal.reason as Error);
        };
        queue.push(turn);
        signal.addEventListener("abort", abort, { once: true });
      });
    },
  };
}
