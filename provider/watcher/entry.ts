import { isTerminal, type Clock, type EndpointFaultError, type TaskRef, type TaskSnapshot } from "../tasks";
import type { FaultBudget } from "./fault-budget";
import { expectedEnd, paceAfter, type Pace } from "./pace";
import { nextLookIn } from "./schedule";
import type { Span } from "./span";
import type { WatchEnd, WatchRequest } from "./watch";

/** One who waits for a task. */
interface Waiter {
  readonly request: WatchRequest;
  readonly settle: (end: WatchEnd) => void;
  isToldQuiet: boolean;
}

// A task that the server has just accepted may not be in its lists yet, so a miss is confirmed.
const missesToBelieve = 4;
const betweenMissesMs = 3_000;
// A task of which nothing is expected goes with any look at others; where an end is expected, most of the way to it is
// better left alone.
const shareToJoinBlindly = 0.1;
const shareToJoin = 0.5;

/** One followed task and everybody who waits for it. */
export interface Entry {
  readonly ref: TaskRef;
  /** When it is to be looked at next. */
  nextAt(): number;
  /** When the first limit of somebody who waits is reached. */
  limitAt(): number;
  /** Whether enough of its pause has passed to be taken along with a look at others. */
  canBeLookedAt(now: number): boolean;
  add(request: WatchRequest): Promise<WatchEnd>;
  seen(snapshot: TaskSnapshot): void;
  missed(): void;
  /** Puts the next look off without having seen anything. */
  postpone(until: number): void;
  /** This task could not be looked at: its own budget says when to try again, and when to give up. */
  faulted(fault: EndpointFaultError): void;
  settleAll(end: (snapshot: TaskSnapshot | undefined) => WatchEnd): void;
  /** Ends the waits whose time is up. */
  settleDue(): void;
  /** The same for an entry that has been seen to be due for so long, and could not be looked at meanwhile. */
  settleOverdue(graceMs: number): void;
}

function signatureOf({ status, nativeStatus, progress }: TaskSnapshot): string {
  return JSON.stringify([status, nativeStatus, progress.fraction, progress.message]);
}

/** What an entry works with. */
export interface EntryOptions {
  readonly clock: Clock;
  /** For faults that this task meets, while others of the endpoint may be answered for. */
  readonly ownBudget: FaultBudget;
  /** Called when nobody waits any more. */
  readonly onEmpty: () => void;
}

/** Builds an entry; its first look is due at once. */
export function createEntry(ref: TaskRef, { clock, ownBudget, onEmpty }: EntryOptions): Entry {
  const waiters = new Set<Waiter>();
  const since = clock.now();
  let last: TaskSnapshot | undefined;
  let pace: Pace | undefined;
  let signature = "";
  let changedAt = since;
  let seenAt = since;
  let judgedAt = since;
  let plannedAt = since;
  let nextAt = since;
  let isExpected = false;
  // A pause after a miss or a fault is a pause from this task, whatever else is looked at.
  let isPaused = false;
  let misses = 0;
  let overdueSince: number | undefined;

  const remove = (waiter: Waiter): void => {
    waiters.delete(waiter);
    if (waiters.size === 0) onEmpty();
  };

  const limitAt = (): number => {
    let first = Infinity;
    for (const { request } of waiters) {
      const { deadlineAt = Infinity, stallMs = Infinity } = request;
      // Asked for once: when that look fails, the next good one tells whether the task has stalled.
      const stalledAt = last !== undefined && changedAt + stallMs > judgedAt ? changedAt + stallMs : Infinity;
      first = Math.min(first, deadlineAt, stalledAt);
    }
    return first;
  };

  const remember = (snapshot: TaskSnapshot, now: number): void => {
    const { fraction } = snapshot.progress;
    if (fraction !== undefined) pace = paceAfter(pace, fraction, now, seenAt);
    last = snapshot;
    seenAt = now;
    misses = 0;
    ownBudget.good();
    const fresh = signatureOf(snapshot);
    if (fresh !== signature) {
      signature = fresh;
      changedAt = now;
      for (const waiter of waiters) waiter.isToldQuiet = false;
    }
  };

  /** What its own progress tells; where that tells nothing, what somebody who waits knows of such tasks. */
  const expected = (snapshot: TaskSnapshot): Span | undefined => {
    const own = pace === undefined ? undefined : expectedEnd(pace);
    if (own !== undefined) return own;
    for (const { request } of waiters) {
      const known = request.expectEnd?.(snapshot);
      if (known !== undefined) return known;
    }
    return undefined;
  };

  const settleAll = (end: (snapshot: TaskSnapshot | undefined) => WatchEnd): void => {
    for (const waiter of [...waiters]) waiter.settle(end(last));
  };

  const settleDue = (): void => {
    const now = clock.now();
    judgedAt = now;
    // While the endpoint is away, nobody knows whether the task moves.
    const quiet = seenAt - changedAt;
    for (const waiter of [...waiters]) {
      const { deadlineAt = Infinity, stallMs = Infinity, quietMs = Infinity, onQuiet } = waiter.request;
      if (now >= deadlineAt) waiter.settle({ kind: "timedOut", snapshot: last });
      else if (last !== undefined && quiet >= stallMs)
        waiter.settle({ kind: "stalled", snapshot: last, quietMs: quiet });
      else if (last !== undefined && quiet >= quietMs && !waiter.isToldQuiet) {
        waiter.isToldQuiet = true;
        onQuiet?.(last, quiet);
      }
    }
  };

  return {
    ref,
    nextAt: () => nextAt,
    limitAt,
    canBeLookedAt: (now) =>
      nextAt <= now ||
      (!isPaused &&
        now - plannedAt >= (nextAt - plannedAt) * (isExpected ? shareToJoin : shareToJoinBlindly)),
    add(request) {
      return new Promise((resolve, reject) => {
        const abort = (): void => {
          remove(waiter);
          reject(request.signal.reason as Error);
        };
        const waiter: Waiter = {
          request,
          isToldQuiet: false,
          settle(end) {
            request.signal.removeEventListener("abort", abort);
            remove(waiter);
            resolve(end);
          },
        };
        waiters.add(waiter);
        if (request.signal.aborted) abort();
        else request.signal.addEventListener("abort", abort, { once: true });
      });
    },
    seen(snapshot) {
      const now = clock.now();
      remember(snapshot, now);
      const end = isTerminal(snapshot.status) ? undefined : expected(snapshot);
      const remaining = end === undefined ? 0 : end.latestAt - now;
      for (const { request } of [...waiters])
        request.onLook?.(snapshot, remaining > 0 ? remaining : undefined);
      if (isTerminal(snapshot.status)) {
        for (const waiter of [...waiters]) waiter.settle({ kind: "ended", snapshot });
        return;
      }
      const course = {
        elapsedMs: now - since,
        end: end && { soonestMs: end.soonestAt - now, latestMs: end.latestAt - now },
        isIdle: snapshot.status === "BLOCKED",
      };
      isExpected = end !== undefined;
      isPaused = false;
      plannedAt = now;
      nextAt = now + nextLookIn(course, clock.random());
    },
    missed() {
      ownBudget.good();
      misses += 1;
      if (misses >= missesToBelieve) {
        for (const waiter of [...waiters]) waiter.settle({ kind: "missing", snapshot: last });
        return;
      }
      isPaused = true;
      nextAt = clock.now() + betweenMissesMs;
    },
    postpone(until) {
      nextAt = Math.max(nextAt, until);
    },
    faulted(fault) {
      ownBudget.bad(fault);
      isPaused = true;
      // A pause that the server asks for may outlast what is tolerated: then one last look decides.
      nextAt = Math.min(ownBudget.pausedUntil(), ownBudget.exhaustedAt());
      for (const { request } of [...waiters]) request.onFault?.(fault);
      const exhausted = ownBudget.exhausted();
      if (exhausted !== undefined) settleAll((snapshot) => ({ kind: "outage", fault: exhausted, snapshot }));
    },
    settleAll,
    settleDue,
    settleOverdue(graceMs) {
      const now = clock.now();
      if (limitAt() > now) overdueSince = undefined;
      else if (now - (overdueSince ??= now) >= graceMs) settleDue();
    },
  };
}
