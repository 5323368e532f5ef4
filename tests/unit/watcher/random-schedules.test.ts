// Tasks, waits and faults as chance has them: every wait ends in time and for a reason that the source gave.
import { getEventListeners } from "node:events";

import fc from "fast-check";

import {
  BatchRefusedError,
  hasCode,
  type FaultClass,
  type Look,
  type TaskRef,
  type TaskStatus,
} from "../../../provider/tasks";
import type { WatchEnd } from "../../../provider/watcher";
import { fault, refusal } from "../../support/fake-server";
import { limitMs, runs } from "../../support/properties";
import { createWatchBed, type WatchBed } from "../../support/watch-bed";

const second = 1_000;
const minute = 60 * second;
const toleranceMs = 5 * minute;
/** No schedule disturbs for longer, and no task runs for longer. */
const horizonMs = 20 * minute;
const longestLatencyMs = 20 * second;
/** A wait ends not later than this after its deadline, whatever looks are under way. */
const mostLateMs = minute;
/** After the disturbance: a task is seen, or is missed four times, at the slowest pace. */
const longestLagMs = 3 * minute;

const wishes = fc.option(fc.constantFrom(0, 2 * second, 30 * second, 90 * minute, Infinity), {
  freq: 3,
  nil: undefined,
});
const passing = fc.constantFrom<FaultClass>(
  "network",
  "server",
  "throttled",
  "redirect",
  "malformed",
  "shape",
);
const final = fc.constantFrom<FaultClass>("login", "tls");

/** What a look meets; "odd" and "refused" are for every second of its tasks. */
const trouble = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ what: fc.constant("fault" as const), faultClass: passing, retryAfterMs: wishes }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ what: fc.constant("odd" as const), faultClass: passing, retryAfterMs: wishes }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ what: fc.constantFrom("refused", "refused", "forbidden", "broken", "short") }),
  },
  { weight: 1, arbitrary: fc.record({ what: fc.constant("fault" as const), faultClass: final }) },
);
type Trouble = {
  readonly what: string;
  readonly faultClass?: FaultClass;
  readonly retryAfterMs?: number | undefined;
};

/** A time of trouble, in which every look or every second one meets it. */
const spell = fc.record({
  from: fc.nat({ max: horizonMs }),
  forMs: fc.oneof(fc.nat({ max: 10 * second }), fc.nat({ max: 8 * minute })),
  isSteady: fc.boolean(),
  latencyMs: fc.constantFrom(0, 3 * second, longestLatencyMs),
  trouble: fc.option(trouble, { freq: 5 }),
});

const task = fc.record({
  group: fc.constantFrom("a", "a", "b"),
  durationMs: fc.oneof(fc.nat({ max: 5 * second }), fc.nat({ max: horizonMs })),
  ends: fc.constantFrom<TaskStatus>("SUCCEEDED", "SUCCEEDED", "FAILED", "CANCELLED"),
  runs: fc.constantFrom<TaskStatus>("RUNNING", "RUNNING", "PENDING", "BLOCKED", "UNKNOWN"),
  progress: fc.constantFrom("none", "smooth", "stuck", "wild"),
  /** The server shows it late, or forgets it. */
  shownFrom: fc.constantFrom(0, 0, 0, 5 * second, minute),
  forgottenFrom: fc.constantFrom(Infinity, Infinity, Infinity, 0, 2 * minute),
});

const wait = fc.record({
  task: fc.nat(),
  from: fc.oneof(fc.constant(0), fc.nat({ max: horizonMs })),
  deadlineMs: fc.option(fc.nat({ max: horizonMs }), { nil: undefined }),
  stallMs: fc.option(fc.integer({ min: minute, max: horizonMs }), { nil: undefined, freq: 2 }),
  abortMs: fc.option(fc.nat({ max: horizonMs }), { nil: undefined, freq: 2 }),
});

const schedule = fc.record({
  tasks: fc.array(task, { minLength: 1, maxLength: 6 }),
  waits: fc.array(wait, { minLength: 1, maxLength: 8 }),
  spells: fc.array(spell, { maxLength: 6 }),
  batchSize: fc.constantFrom(1, 2, 100),
  chance: fc.double({ min: 0, max: 0.999, noNaN: true }),
});

type Schedule = typeof schedule extends fc.Arbitrary<infer T> ? T : never;
type Task = Schedule["tasks"][number];

function fractionOf({ progress, durationMs }: Task): ((at: number) => number) | undefined {
  if (progress === "none") return undefined;
  if (progress === "stuck") return () => 0.99;
  return (at) => (progress === "smooth" ? Math.min(1, at / (durationMs + 1)) : Math.abs(Math.sin(at)));
}

/** What the source has said, by which the ends are judged. */
interface Said {
  /** When something was last said of each task. */
  readonly good: Map<string, number>;
  readonly missing: Map<string, number>;
  readonly faults: Set<string>;
  readonly inFlight: Set<string>;
  /** Tasks that were asked for while they were being asked for. */
  readonly askedTwice: string[];
  looks: number;
  most: number;
}

/** A source that plays a schedule and writes down what it said. */
function play({ tasks, spells, batchSize, chance }: Schedule): { bed: WatchBed; said: Said; ids: string[] } {
  const said: Said = {
    good: new Map(),
    missing: new Map(),
    faults: new Set(),
    inFlight: new Set(),
    askedTwice: [],
    looks: 0,
    most: 0,
  };
  const ids = tasks.map((_, index) => `task-${index + 1}`);
  const of = (id: string): Task => tasks[ids.indexOf(id)] as Task;

  const honest = ({ id }: TaskRef): Look => {
    const at = bed.clock.elapsed();
    said.good.set(id, at);
    const { shownFrom, forgottenFrom } = of(id);
    if (at >= shownFrom && at < forgottenFrom) return { kind: "seen", snapshot: bed.server.snapshot(id) };
    said.missing.set(id, (said.missing.get(id) ?? 0) + 1);
    return { kind: "missing" };
  };

  const troubled = (
    refs: readonly TaskRef[],
    { what, faultClass = "server", retryAfterMs }: Trouble,
  ): Look[] => {
    const thrown = fault(`${what} ${faultClass}`, { faultClass, retryAfterMs });
    const no = (error: Error): never => {
      said.faults.add(error.message);
      throw error;
    };
    const bad = (index: number): boolean => index % 2 === 0;
    switch (what) {
      case "odd":
        said.faults.add(thrown.message);
        return refs.map((ref, index) => (bad(index) ? { kind: "fault", fault: thrown } : honest(ref)));
      case "refused":
        for (const { id } of refs.length === 1 ? refs : []) {
          said.missing.set(id, (said.missing.get(id) ?? 0) + 1);
          said.good.set(id, bed.clock.elapsed());
        }
        throw new BatchRefusedError("It does not answer for these together.");
      case "forbidden":
        return no(refusal("not for you", { httpStatus: 403 }));
      case "broken":
        return no(new TypeError("cannot read x of undefined"));
      case "short":
        said.faults.add(`A look at ${refs.length} tasks answered for ${refs.length - 1}.`);
        return refs.slice(1).map(() => ({ kind: "missing" }));
      default:
        return no(thrown);
    }
  };

  const bed: WatchBed = createWatchBed(
    {
      batchSize,
      groupOf: ({ id }) => of(id).group,
      async look(refs, signal) {
        said.looks += 1;
        said.most = Math.max(said.most, refs.length);
        for (const { id } of refs) {
          if (said.inFlight.has(id)) said.askedTwice.push(id);
          said.inFlight.add(id);
        }
        try {
          const at = bed.clock.elapsed();
          const now = spells.find(({ from, forMs }) => at >= from && at < Math.min(from + forMs, horizonMs));
          if (now === undefined || (!now.isSteady && said.looks % 2 === 0)) return refs.map(honest);
          await bed.clock.sleep(now.latencyMs, signal);
          return now.trouble === null ? refs.map(honest) : troubled(refs, now.trouble);
        } finally {
          for (const { id } of refs) said.inFlight.delete(id);
        }
      },
    },
    { outageToleranceMs: toleranceMs, random: () => chance },
  );
  tasks.forEach((one) => {
    const { durationMs, ends, runs: shown } = one;
    const fraction = fractionOf(one);
    bed.server.begin({ durationMs, ends, runs: shown, ...(fraction === undefined ? {} : { fraction }) });
  });
  return { bed, said, ids };
}

/** How long such a fault is borne. */
function borneFor(error: Error): number {
  if (!hasCode(error, "VMWARE_ENDPOINT_FAULT")) return 0;
  const { faultClass } = error.fault;
  if (faultClass === "login" || faultClass === "tls") return 0;
  return faultClass === "shape" ? minute : toleranceMs;
}

/** How a wait ended, when, and when something had last been said of its task. */
interface Ended {
  readonly at: number;
  readonly goodAt: number;
  readonly end: WatchEnd | "aborted";
}

function expectRight(
  { bed, said }: ReturnType<typeof play>,
  { from, deadlineMs, stallMs, abortMs }: Schedule["waits"][number],
  id: string,
  { at, goodAt, end }: Ended,
): void {
  if (end === "aborted") {
    expect(at).toBe(from + (abortMs ?? NaN));
    return;
  }
  if (abortMs !== undefined) expect(at).toBeLessThanOrEqual(from + abortMs);
  if (deadlineMs !== undefined) expect(at).toBeLessThanOrEqual(from + deadlineMs + mostLateMs);
  expect(at).toBeLessThanOrEqual(Math.max(from, horizonMs) + toleranceMs + longestLagMs);
  const task = bed.server.tasks.get(id);
  switch (end.kind) {
    case "ended":
      expect(bed.clock.elapsed()).toBeGreaterThanOrEqual(task?.durationMs ?? Infinity);
      expect(end.snapshot).toMatchObject({ ref: { id }, status: task?.ends });
      break;
    case "missing":
      expect(said.missing.get(id)).toBeGreaterThanOrEqual(4);
      break;
    case "timedOut":
      expect(at).toBeGreaterThanOrEqual(from + (deadlineMs ?? Infinity));
      break;
    case "stalled":
      expect(end.quietMs).toBeGreaterThanOrEqual(stallMs ?? Infinity);
      break;
    case "outage":
      expect(said.faults).toContain(end.fault.message);
      expect(at - goodAt).toBeGreaterThanOrEqual(borneFor(end.fault));
      break;
  }
}

/** The most looks that the rate allows: limits of waits are looked at whatever the rate, and halves are paid off later. */
function mostLooks({ waits }: Schedule, { bed, said }: ReturnType<typeof play>): number {
  const { requestsPerSecond } = bed.server.client;
  const burst = 4;
  const groups = 2;
  const atLimits = waits.reduce(
    (sum, { stallMs = Infinity }) => sum + 1 + Math.ceil(bed.clock.elapsed() / stallMs),
    0,
  );
  return burst + groups * 2 * said.most + (requestsPerSecond * bed.clock.elapsed()) / second + atLimits;
}

test(
  "every wait ends in time and rightly, within the rate, and leaves nothing behind",
  async () => {
    await fc.assert(
      fc.asyncProperty(schedule, async (plan) => {
        const played = play(plan);
        const { bed, ids } = played;
        const signals: AbortSignal[] = [];

        const follow = async (one: Schedule["waits"][number], id: string): Promise<Ended> => {
          const { from, deadlineMs, stallMs, abortMs } = one;
          await bed.clock.sleep(from);
          const controller = new AbortController();
          signals.push(controller.signal);
          const settled = new AbortController();
          const ended = (end: Ended["end"]): Ended => ({
            at: bed.clock.elapsed(),
            goodAt: played.said.good.get(id) ?? -Infinity,
            end,
          });
          if (abortMs !== undefined) {
            void bed.clock.sleep(abortMs, settled.signal).then(
              () => controller.abort(new Error("aborted by the test")),
              () => undefined,
            );
          }
          const deadlineAt = deadlineMs === undefined ? undefined : bed.clock.now() + deadlineMs;
          try {
            const end = await bed.watch(id, { deadlineAt, stallMs, signal: controller.signal });
            return ended(end);
          } catch (error) {
            expect((error as Error).message).toBe("aborted by the test");
            return ended("aborted");
          } finally {
            settled.abort();
          }
        };

        const idOf = (one: Schedule["waits"][number]): string => ids[one.task % ids.length] ?? "";
        const ends = await bed.clock.run(Promise.all(plan.waits.map((one) => follow(one, idOf(one)))));
        plan.waits.forEach((one, index) => expectRight(played, one, idOf(one), ends[index] as Ended));
        expect(played.said.askedTwice).toEqual([]);
        expect(bed.lookedAt.length).toBeLessThanOrEqual(mostLooks(plan, played));
        await bed.clock.advance(0);
        expect(bed.clock.sleepers()).toBe(0);
        expect(signals.flatMap((signal) => getEventListeners(signal, "abort"))).toEqual([]);
      }),
      runs(400),
    );
  },
  limitMs(60),
);
