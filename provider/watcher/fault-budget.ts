import { pauseAsWished, type Clock, type EndpointFaultError } from "../tasks";

const firstPauseMs = 1_000;
const longestPauseMs = 30_000;
const shapeToleranceMs = 60_000;

/** Decides how long an endpoint may give no good answer, and how hard it is asked meanwhile. */
export interface FaultBudget {
  good(): void;
  /** Begins the time anew, but keeps a pause that the server asked for. */
  forget(): void;
  bad(error: EndpointFaultError): void;
  /** Milliseconds since 1970 before which nothing may be sent; 0 when there was no fault. */
  pausedUntil(): number;
  /** Whether the pause is the server's own wish. */
  isAskedToPause(): boolean;
  /** When the budget is used up if no good answer comes; `Infinity` when there was no fault. */
  exhaustedAt(): number;
  /** The fault that used the budget up. */
  exhausted(): EndpointFaultError | undefined;
}

/** A budget of time, not of tries: waits survive any number of faults for `toleranceMs`. */
export function createFaultBudget(clock: Clock, toleranceMs: number): FaultBudget {
  let since: number | undefined;
  let oddSince: number | undefined;
  let faults = 0;
  let until = 0;
  let askedToPause = false;
  let last: EndpointFaultError | undefined;
  const forget = (): void => {
    faults = 0;
    if (askedToPause) {
      since = clock.now();
      oddSince = undefined;
      return;
    }
    since = undefined;
    oddSince = undefined;
    last = undefined;
    until = 0;
  };
  const exhaustedAt = (): number => {
    if (last === undefined || since === undefined) return Infinity;
    return Math.min(since + toleranceMs, oddSince === undefined ? Infinity : oddSince + shapeToleranceMs);
  };
  return {
    forget,
    exhaustedAt,
    good() {
      askedToPause = false;
      forget();
    },
    bad(error) {
      const now = clock.now();
      since ??= now;
      last = error;
      // An answer that is not what the API documents is seldom a matter of time, but for a server that is just coming up.
      oddSince = error.fault.faultClass === "shape" ? (oddSince ?? now) : undefined;
      const own = Math.min(firstPauseMs * 2 ** faults, longestPauseMs) * (0.8 + clock.random() * 0.4);
      faults += 1;
      const { retryAfterMs } = error.fault;
      askedToPause = retryAfterMs !== undefined;
      until = now + pauseAsWished(retryAfterMs, own);
    },
    pausedUntil: () => until,
    isAskedToPause: () => askedToPause,
    exhausted() {
      // A refused log-in is not tried again, and a certificate does not mend itself.
      if (last?.fault.faultClass === "login" || last?.fault.faultClass === "tls") return last;
      return clock.now() >= exhaustedAt() ? last : undefined;
    },
  };
}
