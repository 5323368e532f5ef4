import type { EndpointFaultError, TaskStatus } from "../../../provider/tasks";
import { settle } from "../../support/fake-clock";
import { fault } from "../../support/fake-server";
import { createWatchBed, type WatchBed } from "../../support/watch-bed";

const second = 1_000;
const minute = 60 * second;

test("a task that is missing is believed to be so after a few looks only", async () => {
  const { clock, watch, lookedAt } = createWatchBed();
  expect(await clock.run(watch("forgotten"))).toEqual({ kind: "missing", snapshot: undefined });
  expect(lookedAt.length).toBe(4);
  expect(clock.elapsed()).toBeGreaterThanOrEqual(5 * second);
});

test("a task that the server shows late is followed", async () => {
  const { clock, server, watch } = createWatchBed();
  const wait = watch("task-1");
  await clock.advance(4 * second);
  server.begin({ durationMs: 2 * second });
  expect((await clock.run(wait)).kind).toBe("ended");
});

test("a task that the server shows late is followed, however often others are looked at meanwhile", async () => {
  const { clock, server, watch } = createWatchBed();
  const others = Array.from({ length: 20 }, () => watch(server.begin({ durationMs: 30 * second }).id));
  const wait = watch("late");
  await clock.advance(8 * second);
  server.begin({ durationMs: 2 * second }, "late");
  expect((await clock.run(wait)).kind).toBe("ended");
  await clock.run(Promise.all(others));
});

test("a task that was seen and is forgotten ends as missing, with what was seen", async () => {
  const { clock, server, watch } = createWatchBed();
  const { id } = server.begin({ durationMs: minute, message: "half way" });
  const wait = watch(id);
  await clock.advance(10 * second);
  server.tasks.delete(id);
  expect(await clock.run(wait)).toMatchObject({
    kind: "missing",
    snapshot: { progress: { message: "half way" } },
  });
});

describe("at the deadline", () => {
  test("one more look is taken", async () => {
    const { clock, server, watch, lookedAt } = createWatchBed();
    const { id } = server.begin({ durationMs: 60 * minute });
    const end = await clock.run(watch(id, { deadlineAt: clock.now() + 100_123 }));
    expect(end).toMatchObject({ kind: "timedOut", snapshot: { status: "RUNNING" } });
    expect(lookedAt.at(-1)).toBe(100_123);
    expect(clock.elapsed()).toBe(100_123);
  });

  test("a task that ends in that moment counts as ended", async () => {
    const { clock, server, watch } = createWatchBed();
    const { id } = server.begin({ durationMs: 10 * minute });
    const end = await clock.run(watch(id, { deadlineAt: clock.now() + 10 * minute }));
    expect(end.kind).toBe("ended");
  });

  test("many tasks that end in that moment count as ended, although one look does not hold them all", async () => {
    const { clock, server, watch } = createWatchBed({ batchSize: 10 });
    const deadlineAt = clock.now() + 10 * minute;
    const waits = Array.from({ length: 95 }, () =>
      watch(server.begin({ durationMs: 10 * minute }).id, { deadlineAt }),
    );
    const ends = await clock.run(Promise.all(waits));
    expect(ends.filter(({ kind }) => kind !== "ended")).toEqual([]);
  });

  test("a rate that is used up holds the last look back no longer", async () => {
    const { clock, server, watch } = createWatchBed({ batchSize: 1, requestsPerSecond: 0.1 });
    const waits = Array.from({ length: 20 }, () =>
      watch(server.begin({ durationMs: minute }).id, { deadlineAt: clock.now() + minute }),
    );
    const ends = await clock.run(Promise.all(waits));
    expect(ends.every(({ kind }) => kind === "ended")).toBe(true);
    expect(clock.elapsed()).toBe(minute);
  });

  test.each([1, 4])("a clock that jumps past it is no reason not to look at %d tasks", async (count) => {
    const { clock, server, watch } = createWatchBed({ batchSize: 1 });
    const ids = Array.from({ length: count }, () => server.begin({ durationMs: 10 * minute }).id);
    const waits = ids.map((id) => watch(id, { deadlineAt: clock.now() + 20 * minute }));
    await clock.advance(minute);
    await clock.jump(8 * 60 * minute);
    const ends = await clock.run(Promise.all(waits));
    expect(ends.map(({ kind }) => kind)).toEqual(ids.map(() => "ended"));
  });

  test.each([
    ["one slow look at another task is", 10 * minute, 2],
    ["many slow looks at other tasks are", 20 * second, 30],
  ])("no more than a minute is waited while %s under way", async (_title, latencyMs, count) => {
    const bed: WatchBed = createWatchBed({
      batchSize: 1,
      async look([ref], signal) {
        await bed.clock.sleep(latencyMs, signal);
        return [{ kind: "seen", snapshot: bed.server.snapshot(ref?.id ?? "") }];
      },
    });
    const ids = Array.from({ length: count }, () => bed.server.begin({ durationMs: 60 * minute }).id);
    const [last = "", ...others] = ids.reverse();
    const deadlineAt = bed.clock.now() + 15 * second;
    for (const id of others) bed.watch(id, { deadlineAt }).catch(() => undefined);
    expect((await bed.clock.run(bed.watch(last, { deadlineAt }))).kind).toBe("timedOut");
    expect(bed.clock.elapsed()).toBeLessThanOrEqual(15 * second + minute);
  });

  test("one wait ends and another one for the same task goes on", async () => {
    const { clock, server, watch } = createWatchBed();
    const { id } = server.begin({ durationMs: minute });
    const [short, long] = await clock.run(
      Promise.all([watch(id, { deadlineAt: clock.now() + 10 * second }), watch(id)]),
    );
    expect([short.kind, long.kind]).toEqual(["timedOut", "ended"]);
  });
});

test("a task that does not move for so long ends the wait as stalled", async () => {
  const { clock, server, watch } = createWatchBed();
  const { id } = server.begin({
    durationMs: 60 * minute,
    fraction: (at) => Math.min(at / (20 * minute), 0.5),
  });
  const end = await clock.run(watch(id, { stallMs: 5 * minute }));
  expect(end).toMatchObject({ kind: "stalled", snapshot: { progress: { fraction: 0.5 } } });
  // It moved for 10 minutes; the schedule may see that late.
  expect(clock.elapsed()).toBeGreaterThanOrEqual(15 * minute);
  expect(clock.elapsed()).toBeLessThan(21 * minute);
});

describe("a task that cannot be seen", () => {
  const away = (retryAfterMs?: number): EndpointFaultError =>
    fault("away", { faultClass: "throttled", ...(retryAfterMs === undefined ? {} : { retryAfterMs }) });

  test("for longer than a stall takes has not stalled for that, and is told of as quiet by nobody", async () => {
    const { clock, server, watch } = createWatchBed({}, { outageToleranceMs: 20 * minute });
    const told: number[] = [];
    const { id } = server.begin({ durationMs: 30 * minute, fraction: (at) => at / (30 * minute) });
    const wait = watch(id, { stallMs: 5 * minute, quietMs: minute, onQuiet: (_seen, ms) => told.push(ms) });
    await clock.advance(minute);
    server.onLook.push(...Array.from({ length: 1_000 }, () => away()));
    await clock.advance(12 * minute);
    server.onLook.length = 0;
    expect((await clock.run(wait)).kind).toBe("ended");
    expect(told).toEqual([]);
    // A limit that has passed must not keep the loop awake.
    expect(clock.sleeps()).toBeLessThan(200);
  });

  test("because the server asked for a pause has not stalled, and costs nothing meanwhile", async () => {
    const { clock, server, watch, lookedAt } = createWatchBed({}, { outageToleranceMs: 20 * minute });
    const { id } = server.begin({ durationMs: 30 * minute, fraction: (at) => at / (30 * minute) });
    const wait = watch(id, { stallMs: 2 * minute });
    await clock.advance(minute);
    server.onLook.push(away(5 * minute));
    const [before, slept] = [lookedAt.length, clock.sleeps()];
    await clock.advance(5 * minute);
    expect(lookedAt.length).toBe(before + 1);
    expect(clock.sleeps() - slept).toBeLessThan(10);
    expect((await clock.run(wait)).kind).toBe("ended");
  });

  test("and stands where it stood when it is seen again has stalled", async () => {
    const { clock, server, watch } = createWatchBed({}, { outageToleranceMs: 20 * minute });
    const { id } = server.begin({ durationMs: 60 * minute, fraction: () => 0.5 });
    const wait = watch(id, { stallMs: 5 * minute });
    await clock.advance(minute);
    server.onLook.push(...Array.from({ length: 1_000 }, () => away()));
    await clock.advance(8 * minute);
    server.onLook.length = 0;
    expect(await clock.run(wait)).toMatchObject({ kind: "stalled", snapshot: { status: "RUNNING" } });
    expect(clock.elapsed()).toBeLessThan(10 * minute);
  });
});

test("a task that does not move is told of once, and again when it has moved and stopped once more", async () => {
  const { clock, server, watch } = createWatchBed();
  const told: number[] = [];
  const { id } = server.begin({ durationMs: 120 * minute, fraction: (at) => (at < 60 * minute ? 0.1 : 0.6) });
  await clock.run(
    watch(id, { quietMs: 15 * minute, onQuiet: () => told.push(Math.round(clock.elapsed() / minute)) }),
  );
  expect(told).toHaveLength(2);
  expect(told[0]).toBeGreaterThanOrEqual(15);
  expect(told[0]).toBeLessThan(17);
});

test.each<TaskStatus>(["UNKNOWN", "BLOCKED", "PENDING"])(
  "a task that is %s is followed until it ends",
  async (runs) => {
    const { clock, server, watch } = createWatchBed();
    const { id } = server.begin({ durationMs: 10 * minute, runs });
    expect((await clock.run(watch(id))).kind).toBe("ended");
    expect(clock.elapsed()).toBeGreaterThanOrEqual(10 * minute);
  },
);

describe("when a wait is aborted", () => {
  test("it rejects at once and leaves no timer and no listener behind", async () => {
    const { clock, server, watch } = createWatchBed();
    const controller = new AbortController();
    const { signal } = controller;
    const [added, removed] = [
      jest.spyOn(signal, "addEventListener"),
      jest.spyOn(signal, "removeEventListener"),
    ];
    const wait = watch(server.begin({ durationMs: 60 * minute }).id, { signal });
    await clock.advance(10 * second);
    const before = clock.elapsed();
    controller.abort(new Error("enough"));
    await expect(wait).rejects.toThrow("enough");
    await settle();
    expect(clock.elapsed()).toBe(before);
    expect(clock.sleepers()).toBe(0);
    // A listener that fires once is gone when it has fired.
    expect(added.mock.calls.length - removed.mock.calls.length).toBeLessThanOrEqual(1);
  });

  test("a look in flight is aborted with the last wait, and not before", async () => {
    const signals: AbortSignal[] = [];
    const { clock, watch } = createWatchBed({
      look: (_refs, signal) => {
        signals.push(signal);
        return new Promise((_resolve, reject) =>
          signal.addEventListener("abort", () => reject(new Error("stop"))),
        );
      },
    });
    const [first, last] = [new AbortController(), new AbortController()];
    const ended = Promise.allSettled([
      watch("task-1", { signal: first.signal }),
      watch("task-1", { signal: last.signal }),
    ]);
    await clock.advance(1_000);
    first.abort(new Error("first"));
    await settle();
    expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
    last.abort(new Error("last"));
    await settle();
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
    expect((await ended).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect(clock.sleepers()).toBe(0);
  });

  test("the others go on", async () => {
    const { clock, server, watch } = createWatchBed();
    const controller = new AbortController();
    const { id } = server.begin();
    const other = server.begin();
    const aborted = watch(id, { signal: controller.signal });
    const waits = Promise.all([watch(id), watch(other.id)]);
    controller.abort(new Error("enough"));
    await expect(aborted).rejects.toThrow("enough");
    expect((await clock.run(waits)).map(({ kind }) => kind)).toEqual(["ended", "ended"]);
  });

  test("a signal that was aborted before costs no look", async () => {
    const { clock, watch, lookedAt } = createWatchBed();
    await expect(watch("task-1", { signal: AbortSignal.abort(new Error("too late")) })).rejects.toThrow(
      "too late",
    );
    await clock.advance(minute);
    expect(lookedAt).toEqual([]);
    expect(clock.sleepers()).toBe(0);
  });
});

test("a wait that ended leaves no timer and no listener behind", async () => {
  const { clock, server, watch } = createWatchBed();
  const { signal } = new AbortController();
  const added = jest.spyOn(signal, "addEventListener");
  const removed = jest.spyOn(signal, "removeEventListener");
  await clock.run(watch(server.begin().id, { signal, deadlineAt: clock.now() + 60 * minute }));
  await settle();
  expect(clock.sleepers()).toBe(0);
  expect(removed).toHaveBeenCalledTimes(added.mock.calls.length);
});
