import type { Clock } from "../tasks";

/** Keeps the requests to one endpoint below a rate, however many tasks are followed. */
export interface Pacer {
  /** So many requests may go at once after a rest. */
  readonly burst: number;
  /** Milliseconds until the next request is within the rate; 0 when it is now. */
  waitMs(): number;
  /** Books requests; a big booking is paid off by waiting afterwards. */
  take(requests: number): void;
}

/** A token bucket: `perSecond` in the long run, `burst` at once after a rest. */
export function createPacer(clock: Clock, perSecond: () => number, burst: number): Pacer {
  let tokens = burst;
  let at = clock.now();
  const refill = (): void => {
    const now = clock.now();
    // A clock that was set back must not stop the flow.
    tokens = Math.min(burst, tokens + (Math.max(0, now - at) / 1000) * perSecond());
    at = now;
  };
  return {
    burst,
    waitMs() {
      refill();
      return tokens >= 1 ? 0 : Math.ceil(((1 - tokens) / perSecond()) * 1000);
    },
    take(requests) {
      refill();
      tokens -= requests;
    },
  };
}
