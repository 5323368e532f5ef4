import fc from "fast-check";

import { expectedEnd, paceAfter, type Pace } from "../../../provider/watcher/pace";
import { nextLookIn, type Expectation } from "../../../provider/watcher/schedule";
import type { Span } from "../../../provider/watcher";
import { createWatchBed } from "../../support/watch-bed";
import { runs } from "../../support/properties";

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

interface Followed {
  readonly requests: number;
  readonly lagMs: number;
}

interface Known {
  readonly fraction?: (elapsedMs: number) => number | undefined;
  /** In milliseconds since the beginning. */
  readonly expectEnd?: () => Span;
}

/** Follows one task and tells how many requests it cost and how late its end was seen. */
async function follow(durationMs: number, { fraction, expectEnd }: Known = {}): Promise<Followed> {
  const { clock, server, watch, lookedAt } = createWatchBed();
  const begin = clock.now();
  const shifted = (): Span => {
    const { soonestAt = 0, latestAt = 0 } = expectEnd?.() ?? {};
    return { soonestAt: begin + soonestAt, latestAt: begin + latestAt };
  };
  const task = server.begin({ durationMs, ...(fraction === undefined ? {} : { fraction }) });
  await clock.run(watch(task.id, expectEnd === undefined ? {} : { expectEnd: shifted }));
  return { requests: lookedAt.length, lagMs: clock.now() - task.endsAt };
}

const smooth =
  (durationMs: number) =>
  (elapsedMs: number): number =>
    Math.min(1, elapsedMs / durationMs);
const tens =
  (durationMs: number) =>
  (elapsedMs: number): number =>
    Math.min(1, Math.floor((elapsedMs / durationMs) * 10) / 10);

// Bounds that a change of the schedule must not pass unnoticed.
test.each([
  ["1 s, smooth", second, smooth(second), 3, 300],
  ["5 s, smooth", 5 * second, smooth(5 * second), 4, 300],
  ["20 s, smooth", 20 * second, smooth(20 * second), 9, 300],
  ["1 min, smooth", minute, smooth(minute), 12, 300],
  ["10 min, smooth", 10 * minute, smooth(10 * minute), 20, 500],
  ["2 h, smooth", 2 * hour, smooth(2 * hour), 28, 1 * second],
  ["1 min, in tens", minute, tens(minute), 18, 1500],
  ["10 min, in tens", 10 * minute, tens(10 * minute), 58, 1500],
  ["2 h, in tens", 2 * hour, tens(2 * hour), 116, 15 * second],
  ["1 s, nothing told", second, undefined, 3, 600],
  ["5 s, nothing told", 5 * second, undefined, 8, 1100],
  ["1 min, nothing told", minute, undefined, 33, 9100],
  ["10 min, nothing told", 10 * minute, undefined, 80, 18 * second],
  ["2 h, nothing told", 2 * hour, undefined, 404, 25 * second],
])(
  "a task of %s costs few requests and its end is seen soon",
  async (_title, durationMs, fraction, requests, lagMs) => {
    const seen = await follow(durationMs, fraction === undefined ? {} : { fraction });
    expect(seen.requests).toBeLessThanOrEqual(requests);
    expect(seen.lagMs).toBeLessThanOrEqual(lagMs);
  },
);

const percent =
  (durationMs: number) =>
  (elapsedMs: number): number =>
    Math.floor(Math.min(1, elapsedMs / durationMs) * 100) / 100;

test.each([
  ["5 s", 5 * second, 4, 1 * second],
  ["5 min", 5 * minute, 30, 2 * second],
  ["4 h", 4 * hour, 120, 10 * second],
])(
  "tasks of about %s that tell percents, or that ran ten times before, cost few requests",
  async (_title, length, requests, lagMs) => {
    const draws = 40;
    const drawn = (index: number): number => length * (0.9 + (0.2 * ((index * 7) % draws)) / draws);
    const told = Array.from({ length: draws }, (_, index) =>
      follow(drawn(index), { fraction: percent(drawn(index)) }),
    );
    // As ten runs tell that differ by up to 10 %.
    const known = Array.from({ length: draws }, (_, index) =>
      follow(drawn(index), { expectEnd: () => ({ soonestAt: 0.905 * length, latestAt: 1.095 * length }) }),
    );
    for (const seen of await Promise.all([Promise.all(told), Promise.all(known)])) {
      const mean = (of: (one: Followed) => number): number =>
        seen.reduce((sum, one) => sum + of(one), 0) / draws;
      expect(mean((one) => one.requests)).toBeLessThanOrEqual(requests);
      expect(mean((one) => one.lagMs)).toBeLessThanOrEqual(lagMs);
    }
  },
);

test("its own progress is believed more than what others of its kind did", async () => {
  const { clock, server, watch } = createWatchBed();
  const task = server.begin({ durationMs: minute, fraction: smooth(minute) });
  const never = (): Span => ({ soonestAt: clock.now() + hour, latestAt: clock.now() + 2 * hour });
  await clock.run(watch(task.id, { expectEnd: never }));
  expect(clock.now() - task.endsAt).toBeLessThan(second);
});

test.each([0, 0.25, 0.75, 0.999])(
  "a task of 5 s costs at most 4 requests and 1 s, with %d for chance",
  async (chance) => {
    const { clock, server, watch, lookedAt } = createWatchBed({}, { random: () => chance });
    const task = server.begin({ durationMs: 5 * second, fraction: smooth(5 * second) });
    await clock.run(watch(task.id));
    expect(lookedAt.length).toBeLessThanOrEqual(4);
    expect(clock.now() - task.endsAt).toBeLessThanOrEqual(1 * second);
  },
);

test("a task that overstays its expected end is looked at quickly at first, then as one that tells nothing", () => {
  const late = (by: number): number =>
    nextLookIn({ elapsedMs: hour, end: { soonestMs: -2 * by, latestMs: -by }, isIdle: false }, 0);
  expect([100, 2_000, 10_000, minute].map(late)).toEqual([500, 2_000, 10_000, 16_500]);
});

test("progress that falls back is measured anew", async () => {
  const { clock, server, watch } = createWatchBed();
  const told: (number | undefined)[] = [];
  const task = server.begin({
    durationMs: 100 * second,
    // Half way it begins again.
    fraction: (at) => (at < 50 * second ? at / (50 * second) : (at - 50 * second) / (50 * second)),
  });
  await clock.run(watch(task.id, { onLook: (_snapshot, remaining) => told.push(remaining) }));
  expect(
    told.every((remaining) => remaining === undefined || (remaining > 0 && remaining < 200 * second)),
  ).toBe(true);
  expect(clock.now() - task.endsAt).toBeLessThan(2 * second);
});

test("plans nothing that is no number, however odd a task's progress is", () => {
  const number = fc.double({ noNaN: true, noDefaultInfinity: true, min: 0, max: 1e9 });
  fc.assert(
    fc.property(
      fc.array(fc.tuple(number, number), { minLength: 1, maxLength: 20 }),
      number,
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      fc.boolean(),
      (looks, later, random, isIdle) => {
        let pace: Pace | undefined;
        let now = 0;
        for (const [after, fraction] of looks) {
          pace = paceAfter(pace, fraction, now + after, now);
          now += after;
        }
        const span = pace && expectedEnd(pace);
        const end = span && { soonestMs: span.soonestAt - later, latestMs: span.latestAt - later };
        expect(end === undefined || end.soonestMs <= end.latestMs).toBe(true);
        const next = nextLookIn({ elapsedMs: now, end, isIdle }, random);
        expect(next).toBeGreaterThanOrEqual(500);
        expect(next).toBeLessThan(1e10);
      },
    ),
    runs(100),
  );
});

test("an idle task is looked at more seldom than a running one", () => {
  const course = { elapsedMs: 2 * hour };
  expect(nextLookIn({ ...course, isIdle: true }, 0.5)).toBeGreaterThan(
    nextLookIn({ ...course, isIdle: false }, 0.5),
  );
});

describe("the next look at a task whose end is expected", () => {
  const next = (elapsedMs: number, end: Expectation, chance = 0): number =>
    nextLookIn({ elapsedMs, end, isIdle: false }, chance);

  test.each([
    ["the task is young", second, 2.3 * second],
    ["it is some minutes old", 5 * minute, 6 * minute],
    ["it is old", 10 * hour, 15 * minute],
  ])("is never further away than what is promised of tasks that fail: when %s", (_title, elapsedMs, most) => {
    const far = { soonestMs: 100 * hour, latestMs: 100 * hour };
    expect(next(elapsedMs, far, 0.999)).toBe(most);
    expect(next(elapsedMs, far, 0)).toBe(most);
  });

  test("goes a part of the way, and just past the end when that is near", () => {
    expect(next(2 * hour, { soonestMs: 20 * minute, latestMs: 25 * minute })).toBe(9 * minute);
    expect(next(hour, { soonestMs: 2 * second, latestMs: 2 * second })).toBe(2_050);
  });

  test("looks more often where an end gets likelier, and where few tasks are left to be looked at", () => {
    const later = (ms: number): number => next(2 * hour, { soonestMs: ms, latestMs: ms + hour });
    expect(later(20 * minute)).toBeCloseTo(24 * second * Math.E ** 2);
    expect(later(10 * minute)).toBeCloseTo(24 * second * Math.E);
    expect(later(-45 * minute)).toBeCloseTo(12 * second);
  });

  test("steps between the soonest and the latest end, no finer than anybody notices", () => {
    expect(next(hour, { soonestMs: 0, latestMs: 90 * second })).toBe((90 * second) / 14);
    expect(next(2 * hour, { soonestMs: 0, latestMs: hour })).toBe(24 * second);
    expect(next(hour, { soonestMs: -1, latestMs: 10 * second })).toBeCloseTo((hour + 10 * second) * 0.0005);
    expect(next(minute, { soonestMs: -1, latestMs: 10 * second })).toBe(1_600);
    expect(next(minute, { soonestMs: -1, latestMs: second })).toBe(1_050);
  });
});

test("a single step of progress says when the end comes, and the smallest one how far that can be wrong", () => {
  const first = paceAfter(undefined, 0, 0, 0);
  const second10 = paceAfter(first, 0.1, 10 * second, 5 * second);
  expect(expectedEnd(second10)).toEqual({ soonestAt: 100 * second, latestAt: 100 * second });
  const twice = paceAfter(second10, 0.2, 20 * second, 15 * second);
  // Taken between 15 s and 20 s, or up to a tenth more than told.
  expect(expectedEnd(twice)?.latestAt).toBeCloseTo(100 * second);
  expect(expectedEnd(twice)?.soonestAt).toBeCloseTo(15 * second * 5);
});
