// Time that stands still until a test moves it.
import type { Clock } from "../../provider/tasks";

/** A clock under a test's control. */
export interface FakeClock extends Clock {
  /** Moves time on; everything that is due on the way happens at its own moment. */
  advance(ms: number): Promise<void>;
  /** Moves time on in one step, as when a machine was asleep: what is due meanwhile happens late. */
  jump(ms: number): Promise<void>;
  /** Moves time on, from one sleeper to the next, until the promise is settled. */
  run<T>(promise: Promise<T>): Promise<T>;
  /** How many sleeps are under way. */
  sleepers(): number;
  /** How many sleeps there have been. */
  sleeps(): number;
  /** Milliseconds since the clock was made. */
  elapsed(): number;
}

interface Sleeper {
  readonly at: number;
  wake(): void;
}

const began = Date.UTC(2026, 0, 1);
// Work that never sleeps and never ends would hang the whole run.
const mostSteps = 1_000_000;

/** Lets everything happen that needs no time. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Builds a clock; `random` is always the same number unless one is given. */
export function createFakeClock(random: () => number = () => 0.5): FakeClock {
  let now = began;
  let sleeps = 0;
  const sleepers = new Set<Sleeper>();

  const next = (): Sleeper | undefined =>
    [...sleepers].reduce<Sleeper | undefined>(
      (first, one) => (first === undefined || one.at < first.at ? one : first),
      undefined,
    );

  const step = async (until: number): Promise<boolean> => {
    await settle();
    let first = next();
    if (first === undefined || first.at > until) {
      // A library may take a turn of real timers before it sleeps by this clock.
      await new Promise((resolve) => setTimeout(resolve, 3));
      first = next();
    }
    if (first === undefined || first.at > until) return false;
    now = Math.max(now, first.at);
    first.wake();
    return true;
  };

  return {
    now: () => now,
    random,
    sleepers: () => sleepers.size,
    sleeps: () => sleeps,
    elapsed: () => now - began,
    sleep(ms, signal) {
      sleeps += 1;
      return new Promise((resolve, reject) => {
        if (signal?.aborted === true) {
          reject(signal.reason as Error);
          return;
        }
        const leave = (): void => {
          sleepers.delete(sleeper);
          signal?.removeEventListener("abort", abort);
        };
        const abort = (): void => {
          leave();
          reject(signal?.reason as Error);
        };
        const sleeper: Sleeper = {
          at: now + Math.max(0, ms),
          wake() {
            leave();
            resolve();
          },
        };
        sleepers.add(sleeper);
        signal?.addEventListener("abort", abort, { once: true });
      });
    },
    async advance(ms) {
      const until = now + ms;
      let steps = 0;
      while (await step(until)) {
        steps += 1;
        if (steps > mostSteps) throw new Error("The code under test sleeps without end.");
      }
      now = until;
      await settle();
    },
    async jump(ms) {
      await settle();
      now += ms;
      while (await step(now));
    },
    async run(promise) {
      let isSettled = false;
      const mark = (): void => {
        isSettled = true;
      };
      promise.then(mark, mark);
      for (let steps = 0; ; steps += 1) {
        await settle();
        // The promise's own value is awaited below; here only whether there is one.
        if (isSettled as boolean) return promise;
        if (steps > mostSteps) throw new Error("The code under test sleeps without end.");
        if (!(await step(Infinity))) {
          await settle();
          if (isSettled as boolean) return promise;
          throw new Error("The code under test waits for something that never comes.");
        }
      }
    },
  };
}
