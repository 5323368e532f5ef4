import {
  EndpointFaultError,
  hasCode,
  messageOf,
  taskKey,
  type Clock,
  type Look,
  type TaskRef,
  type TaskSource,
  type VmwareTasksError,
} from "../tasks";
import { createEntry, type Entry } from "./entry";
import type { FaultBudget } from "./fault-budget";
import { lookInBatches } from "./look-in-batches";
import type { Pacer } from "./pacer";
import type { WatchEnd, WatchRequest } from "./watch";

/** What the groups of one endpoint share. */
export interface Shared {
  readonly source: TaskSource;
  readonly clock: Clock;
  readonly pacer: Pacer;
  readonly budget: FaultBudget;
}

/** Follows the tasks that can be asked for together, in one loop that ends with the last wait. */
export interface Group {
  watch(request: WatchRequest): Promise<WatchEnd>;
}

/** Builds a group; it costs nothing while nobody waits. */
export function createGroup({ source, clock, pacer, budget }: Shared): Group {
  const entries = new Map<string, Entry>();
  let isRunning = false;
  // Aborted to wake the loop early: somebody new waits, or nobody does any more.
  let pause = new AbortController();
  let looking = new AbortController();

  const sharesLooks = source.costOf(2) === source.costOf(1);

  const leave = (key: string): void => {
    entries.delete(key);
    if (entries.size > 0) return;
    pause.abort();
    looking.abort();
  };

  const pick = (now: number): Entry[] => {
    const dueAt = (entry: Entry): number => Math.min(entry.nextAt(), entry.limitAt());
    const wanted = [...entries.values()].filter(
      (entry) => dueAt(entry) <= now || (sharesLooks && entry.canBeLookedAt(now)),
    );
    return wanted.sort((a, b) => dueAt(a) - dueAt(b)).slice(0, source.batchSize);
  };

  const apply = (entry: Entry, look: Look): void => {
    if (look.kind === "seen") entry.seen(look.snapshot);
    else if (look.kind === "missing") entry.missed();
    else {
      budget.bad(look.fault);
      entry.postpone(budget.pausedUntil());
      entry.tellFault(look.fault);
    }
  };

  const endAll = (picked: readonly Entry[], fault: VmwareTasksError): void => {
    for (const entry of picked) entry.settleAll((snapshot) => ({ kind: "outage", fault, snapshot }));
  };

  const fail = (picked: readonly Entry[], error: unknown): void => {
    if (hasCode(error, "VMWARE_REQUEST_REFUSED")) {
      endAll(picked, error);
      return;
    }
    const fault = hasCode(error, "VMWARE_ENDPOINT_FAULT")
      ? error
      : new EndpointFaultError(messageOf(error), { faultClass: "shape", sent: "maybe" });
    budget.bad(fault);
    for (const entry of picked) {
      entry.postpone(budget.pausedUntil());
      entry.tellFault(fault);
    }
  };

  const round = async (): Promise<void> => {
    const picked = pick(clock.now());
    const refs: TaskRef[] = picked.map(({ ref }) => ref);
    pacer.take(source.costOf(refs.length));
    looking = new AbortController();
    let looks: Look[] = [];
    try {
      looks = await lookInBatches(source, refs, looking.signal);
      if (looks.some(({ kind }) => kind !== "fault")) budget.good();
    } catch (error) {
      if (looking.signal.aborted) return;
      fail(picked, error);
    }
    looks.forEach((look, index) => {
      const entry = picked[index];
      if (entry !== undefined) apply(entry, look);
    });
    const exhausted = budget.exhausted();
    if (exhausted !== undefined) endAll([...entries.values()], exhausted);
  };

  /** How long the loop may sleep: to the next look, within the rate and the pauses, or to the next limit. */
  const rest = (): number => {
    const now = clock.now();
    const pausedUntil = budget.pausedUntil();
    const due = Math.min(
      ...[...entries.values()].map((entry) =>
        Math.min(Math.max(entry.nextAt(), pausedUntil), entry.limitAt()),
      ),
    );
    return Math.max(due - now, pacer.waitMs());
  };

  const loop = async (): Promise<void> => {
    while (entries.size > 0) {
      const ms = rest();
      if (ms > 0) {
        pause = new AbortController();
        await clock.sleep(ms, pause.signal).catch(() => undefined);
        continue;
      }
      // A server that asked for a pause is left alone even when somebody's time is up.
      if (!(budget.isAskedToPause() && clock.now() < budget.pausedUntil())) await round();
      for (const entry of [...entries.values()]) entry.settleDue();
    }
  };

  return {
    watch(request) {
      const key = taskKey(request.ref);
      let entry = entries.get(key);
      if (entry === undefined) {
        entry = createEntry(request.ref, clock, () => leave(key));
        entries.set(key, entry);
      }
      const end = entry.add(request);
      if (isRunning) pause.abort();
      else if (entries.size > 0) {
        isRunning = true;
        void loop().finally(() => {
          isRunning = false;
        });
      }
      return end;
    },
  };
}
