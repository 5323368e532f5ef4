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

// A wait whose time is up has its last look, but not at any price: slow looks at others may stand before it. The time is
// taken from when it is noticed, for the machine may have been asleep.
const graceMs = 30_000;
const betweenChecksMs = 10_000;

/** What the groups of one endpoint share. */
export interface Shared {
  readonly source: TaskSource;
  readonly clock: Clock;
  readonly pacer: Pacer;
  readonly budget: FaultBudget;
  /** For faults that one task meets, while others of the endpoint can be looked at. */
  readonly createBudget: () => FaultBudget;
}

/** Follows the tasks that can be asked for together, in one loop that ends with the last wait. */
export interface Group {
  watch(request: WatchRequest): Promise<WatchEnd>;
}

/** Builds a group; it costs nothing while nobody waits. */
export function createGroup({ source, clock, pacer, budget, createBudget }: Shared, name: string): Group {
  const entries = new Map<string, Entry>();
  let isRunning = false;
  // Aborted to wake the loop early: somebody new waits, or nobody does any more.
  let pause = new AbortController();
  let looking = new AbortController();

  const sharesLooks = source.costOf(2, name) === source.costOf(1, name);

  const leave = (key: string): void => {
    entries.delete(key);
    if (entries.size > 0) return;
    pause.abort();
    looking.abort();
  };

  const pick = (now: number): Entry[] => {
    const picked = [...entries.values()]
      .map((entry) => ({ entry, dueAt: Math.min(entry.nextAt(), entry.limitAt()) }))
      .filter(({ entry, dueAt }) => dueAt <= now || (sharesLooks && entry.canBeLookedAt(now)))
      .sort((a, b) => a.dueAt - b.dueAt)
      .slice(0, source.batchSize)
      .map(({ entry }) => entry);
    if (source.costOf(picked.length, name) < picked.length) return picked;
    // Each costs a request, and other groups of the endpoint want their turn; but a look at a limit is the last one.
    return picked.filter((entry, index) => index < pacer.burst || entry.limitAt() <= now);
  };

  const apply = (entry: Entry, look: Look): void => {
    if (look.kind === "seen") entry.seen(look.snapshot);
    else if (look.kind === "missing") entry.missed();
    else entry.faulted(look.fault);
  };

  /** What the looks of a round say of the endpoint: one good answer makes the rest a matter of single tasks. */
  const judge = (looks: readonly Look[]): void => {
    const faults = looks.flatMap((look) => (look.kind === "fault" ? [look.fault] : []));
    const [first] = faults;
    if (first === undefined || faults.length < looks.length) budget.good();
    else budget.bad(first);
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
      entry.faulted(fault);
      entry.postpone(budget.pausedUntil());
    }
  };

  const endOverdue = (): void => {
    for (const entry of [...entries.values()]) entry.settleOverdue(graceMs);
  };

  /** A look, beside which limits are kept however long it takes. */
  const lookAt = async (refs: readonly TaskRef[]): Promise<Look[]> => {
    const answered = new AbortController();
    const over = AbortSignal.any([answered.signal, looking.signal]);
    const keepLimits = async (): Promise<void> => {
      for (;;) {
        await clock.sleep(betweenChecksMs, over);
        endOverdue();
      }
    };
    keepLimits().catch(() => undefined);
    try {
      return await lookInBatches(source, pacer, refs, looking.signal);
    } finally {
      answered.abort();
    }
  };

  /** Looks at what is due and answers with what was looked at. */
  const round = async (): Promise<Entry[]> => {
    const picked = pick(clock.now());
    const refs: TaskRef[] = picked.map(({ ref }) => ref);
    looking = new AbortController();
    let looks: Look[] = [];
    try {
      looks = await lookAt(refs);
      judge(looks);
    } catch (error) {
      if (looking.signal.aborted) return picked;
      fail(picked, error);
    }
    looks.forEach((look, index) => {
      const entry = picked[index];
      if (entry !== undefined) apply(entry, look);
    });
    return picked;
  };

  /** How long the loop may sleep: to the next look, within the rate and the pauses, or to the next limit. */
  const rest = (): number => {
    const now = clock.now();
    const all = [...entries.values()];
    const due = Math.max(Math.min(...all.map((entry) => entry.nextAt())), budget.pausedUntil());
    // A pause that the server asked for may outlast what is tolerated.
    const isTooLong = budget.isAskedToPause() && budget.pausedUntil() > budget.exhaustedAt();
    const givenUpAt = isTooLong ? budget.exhaustedAt() : Infinity;
    const limit = Math.min(givenUpAt, ...all.map((entry) => entry.limitAt()));
    // The look at a limit is the last one of a wait, so it is taken whatever the rate.
    return Math.min(Math.max(due - now, pacer.waitMs()), limit - now);
  };

  /** Runs while somebody waits; says so in the same breath as it finds nobody, so that no wait falls between. */
  const loop = async (): Promise<void> => {
    isRunning = true;
    while (entries.size > 0) {
      const ms = rest();
      if (ms > 0) {
        pause = new AbortController();
        await clock.sleep(ms, pause.signal).catch(() => undefined);
        continue;
      }
      // A server that asked for a pause is left alone even when somebody's time is up.
      const isLeftAlone = budget.isAskedToPause() && clock.now() < budget.pausedUntil();
      const looked = isLeftAlone ? [...entries.values()] : await round();
      const exhausted = budget.exhausted();
      if (exhausted !== undefined) endAll([...entries.values()], exhausted);
      for (const entry of looked) entry.settleDue();
      endOverdue();
    }
    isRunning = false;
  };

  return {
    watch(request) {
      const key = taskKey(request.ref);
      let entry = entries.get(key);
      if (entry === undefined) {
        entry = createEntry(request.ref, { clock, ownBudget: createBudget(), onEmpty: () => leave(key) });
        entries.set(key, entry);
      }
      const end = entry.add(request);
      if (isRunning) pause.abort();
      else if (entries.size > 0) void loop();
      return end;
    },
  };
}
