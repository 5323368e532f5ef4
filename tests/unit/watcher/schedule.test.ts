import fc from "fast-check";

import { nextLookIn, remainingMs } from "../../../provider/watcher/schedule";
import { createWatchBed } from "../../support/watch-bed";

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

/** Follows one task and tells how many requests it cost and how late its end was seen. */
async function follow(
  durationMs: number,
  fraction?: (elapsedMs: number) => number | undefined,
): Promise<{ requests: number; lagMs: number }> {
  const { clock, server, watch, lookedAt } = createWatchBed();
  const task = server.begin({ durationMs, ...(fraction === undefined ? {} : { fraction }) });
  await clock.run(watch(task.id));
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
  ["5 s, smooth", 5 * second, smooth(5 * second), 4, 1 * second],
  ["20 s, smooth", 20 * second, smooth(20 * second), 8, 1 * second],
  ["1 min, smooth", minute, smooth(minute), 10, 1 * second],
  ["10 min, smooth", 10 * minute, smooth(10 * minute), 16, 1 * second],
  ["2 h, smooth", 2 * hour, smooth(2 * hour), 22, 1 * second],
  ["1 min, in tens", minute, tens(minute), 18, 1 * second],
  ["10 min, in tens", 10 * minute, tens(10 * minute), 37, 32 * second],
  ["2 h, in tens", 2 * hour, tens(2 * hour), 64, 60 * second],
  ["1 s, nothing told", second, undefined, 3, 1 * second],
  ["5 s, nothing told", 5 * second, undefined, 11, 1 * second],
  ["1 min, nothing told", minute, undefined, 32, 8 * second],
  ["10 min, nothing told", 10 * minute, undefined, 55, 32 * second],
  ["2 h, nothing told", 2 * hour, undefined, 265, 32 * second],
])(
  "a task of %s costs few requests and its end is seen soon",
  async (_title, durationMs, fraction, requests, lagMs) => {
    const seen = await follow(durationMs, fraction);
    expect(seen.requests).toBeLessThanOrEqual(requests);
    expect(seen.lagMs).toBeLessThanOrEqual(lagMs);
  },
);

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
  const late = (by: number): number => nextLookIn({ elapsedMs: hour, remainingMs: -by, isIdle: false }, 0);
  expect([100, 2_000, 10_000, minute].map(late)).toEqual([500, 2_000, 10_000, 30_000]);
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
      fc.record({ firstAt: number, firstFraction: number, lastAt: number, lastFraction: number }),
      number,
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      fc.boolean(),
      (pace, now, random, isIdle) => {
        const remaining = remainingMs(pace, now);
        const next = nextLookIn({ elapsedMs: now, remainingMs: remaining, isIdle }, random);
        expect(next).toBeGreaterThanOrEqual(500);
        expect(next).toBeLessThan(1e10);
      },
    ),
  );
});

test("an idle task is looked at more seldom than a running one", () => {
  const course = { elapsedMs: 2 * hour };
  expect(nextLookIn({ ...course, isIdle: true }, 0.5)).toBeGreaterThan(
    nextLookIn({ ...course, isIdle: false }, 0.5),
  );
});
