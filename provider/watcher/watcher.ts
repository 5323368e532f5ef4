import type { Clock, TaskSource } from "../tasks";
import { createFaultBudget, type FaultBudget } from "./fault-budget";
import { createGroup, type Group } from "./group";
import { createPacer } from "./pacer";
import type { WatchEnd, WatchRequest } from "./watch";

/** Follows any number of tasks of one endpoint. */
export interface Watcher {
  /** Waits until a task ends or a limit of the request is met; rejects only by the request's signal. */
  watch(request: WatchRequest): Promise<WatchEnd>;
}

/** What a watcher works with. */
export interface WatcherOptions {
  readonly source: TaskSource;
  readonly clock: Clock;
  /** How long the endpoint may give no good answer, in milliseconds. */
  readonly outageToleranceMs: number;
}

// A few quick looks in a row let short tasks end promptly.
const burst = 4;
// One list tells of so many tasks at most; with more, the rate of a source must grow, or ends are seen late.
const waitsPerRequest = 1_000;

/** Builds the watcher of one endpoint. */
export function createWatcher({ source, clock, outageToleranceMs }: WatcherOptions): Watcher {
  const createBudget = (): FaultBudget => createFaultBudget(clock, outageToleranceMs);
  const budget = createBudget();
  let waits = 0;
  const rate = (): number => Math.max(source.requestsPerSecond, waits / waitsPerRequest);
  const pacer = createPacer(clock, rate, burst);
  const groups = new Map<string, Group>();
  return {
    watch(request) {
      const name = source.groupOf(request.ref);
      let group = groups.get(name);
      if (group === undefined) {
        group = createGroup({ source, clock, pacer, budget, createBudget }, name);
        groups.set(name, group);
      }
      // While nobody waited, nobody asked: faults of that time say nothing of this one.
      if (waits === 0) budget.forget();
      waits += 1;
      return group.watch(request).finally(() => {
        waits -= 1;
      });
    },
  };
}
