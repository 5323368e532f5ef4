import fc from "fast-check";

import { BatchRefusedError, type Look, type TaskRef } from "../../../provider/tasks";
import type { WatchEnd } from "../../../provider/watcher";
import { createFaultBudget, type FaultBudget } from "../../../provider/watcher/fault-budget";
import { createGroup } from "../../../provider/watcher/group";
import { createPacer } from "../../../provider/watcher/pacer";
import { createWatchBed, type WatchBed } from "../../support/watch-bed";
import { runs } from "../../support/properties";

/** The most looks in any second. */
function busiestSecond(times: readonly number[]): number {
  return Math.max(...times.map((at) => times.filter((other) => other >= at && other < at + 1_000).length));
}

test("follows a thousand tasks with at most two requests a second in all", async () => {
  const { clock, server, watch, lookedAt } = createWatchBed({ batchSize: 1_000 });
  const waits = Array.from({ length: 1_000 }, (_, index) =>
    watch(server.begin({ durationMs: 1_000 + index * 60 }).id),
  );
  const ends = await clock.run(Promise.all(waits));
  expect(ends.every(({ kind }) => kind === "ended")).toBe(true);
  // The tasks end over one minute; a burst of four is what short tasks are given.
  expect(lookedAt.length).toBeLessThanOrEqual(2 * 70 + 4);
  expect(busiestSecond(lookedAt)).toBeLessThanOrEqual(2 + 4);
  expect(clock.elapsed()).toBeLessThan(70_000);
});

test("waiting for a thousand tasks costs about as many requests as waiting for one", async () => {
  const costOf = async (count: number): Promise<number> => {
    const { clock, server, watch, lookedAt } = createWatchBed({ batchSize: 1_000 });
    const waits = Array.from({ length: count }, () => watch(server.begin({ durationMs: 600_000 }).id));
    await clock.run(Promise.all(waits));
    return lookedAt.length;
  };
  const [one, thousand] = [await costOf(1), await costOf(1_000)];
  expect(thousand).toBeLessThanOrEqual(one + 2);
});

test("asks for a task once, however many wait for it, and settles them all", async () => {
  const { clock, server, watch } = createWatchBed();
  const { id } = server.begin();
  const ends = await clock.run(Promise.all([watch(id), watch(id), watch(id)]));
  expect(ends.map(({ kind }) => kind)).toEqual(["ended", "ended", "ended"]);
  expect(server.looks.every((ids) => ids.length === 1)).toBe(true);
});

test("never asks for more tasks at once than the source takes", async () => {
  const { clock, server, watch } = createWatchBed({ batchSize: 7 });
  const waits = Array.from({ length: 30 }, () => watch(server.begin({ durationMs: 3_000 }).id));
  await clock.run(Promise.all(waits));
  expect(Math.max(...server.looks.map((ids) => ids.length))).toBe(7);
});

test("settles the other waits when one task is missing", async () => {
  const { clock, server, watch } = createWatchBed();
  const here = server.begin();
  const [found, lost] = await clock.run(Promise.all([watch(here.id), watch("nobody-knows-it")]));
  expect(found.kind).toBe("ended");
  expect(lost).toEqual({ kind: "missing", snapshot: undefined });
});

/** A source that refuses a look at several tasks when one of them is bad, and knows no bad task. */
function refusing(
  bed: () => WatchBed,
  bad: ReadonlySet<string>,
): (refs: readonly TaskRef[]) => Promise<Look[]> {
  return (refs) => {
    if (refs.some(({ id }) => bad.has(id))) {
      return Promise.reject(new BatchRefusedError("Cannot find a provider."));
    }
    return Promise.resolve(refs.map(({ id }) => ({ kind: "seen", snapshot: bed().server.snapshot(id) })));
  };
}

test("splits a batch that one bad task spoils until the others go on", async () => {
  const bed: WatchBed = createWatchBed({ look: refusing(() => bed, new Set(["bad"])) });
  const good = Array.from({ length: 50 }, () => bed.server.begin({ durationMs: 20_000 }).id);
  const [lost, ...found] = await bed.clock.run(
    Promise.all([bed.watch("bad"), ...good.map((id) => bed.watch(id))]),
  );
  expect(lost.kind).toBe("missing");
  expect(found.every(({ kind }) => kind === "ended")).toBe(true);
  expect(bed.clock.elapsed()).toBeLessThan(40_000);
});

test("settles every wait as it should, whichever tasks of a batch are bad, and keeps to the rate", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.boolean(), { minLength: 1, maxLength: 40 }), async (isBad) => {
      const bad = new Set(isBad.flatMap((is, index) => (is ? [`task-${index + 1}`] : [])));
      const bed: WatchBed = createWatchBed({ batchSize: 16, look: refusing(() => bed, bad) });
      const ids = isBad.map(() => bed.server.begin({ durationMs: 5_000 }).id);
      const ends = await bed.clock.run(Promise.all(ids.map((id) => bed.watch(id))));
      expect(ends.map(({ kind }) => kind)).toEqual(isBad.map((is) => (is ? "missing" : "ended")));
      expect(bed.lookedAt.length).toBeLessThanOrEqual(4 + 2 * (bed.clock.elapsed() / 1_000) + 32);
    }),
    runs(40),
  );
});

test("two groups do not wait for each other's replies", async () => {
  const bed: WatchBed = createWatchBed({
    groupOf: ({ id }) => (id === "slow" ? "slow" : "quick"),
    async look(refs) {
      if (refs.some(({ id }) => id === "slow")) await bed.clock.sleep(50_000);
      return refs.map(({ id }) => ({ kind: "seen", snapshot: bed.server.snapshot(id) }));
    },
  });
  bed.server.begin({ durationMs: 1_000 }, "slow");
  const { id } = bed.server.begin({ durationMs: 5_000 });
  const slow = bed.watch("slow");
  await bed.clock.run(bed.watch(id));
  expect(bed.clock.elapsed()).toBeLessThan(7_000);
  await bed.clock.run(slow);
});

test("a group whose looks cost a request each leaves the others their turn", async () => {
  const bed: WatchBed = createWatchBed({
    requestsPerSecond: 1,
    groupOf: ({ id }) => (id.startsWith("single") ? "singles" : "list"),
    costOf: (count, group) => (group === "singles" ? count : 1),
    async look(refs, signal) {
      await bed.clock.sleep(20);
      return bed.server.client.look(refs, signal);
    },
  });
  const { clock, server, watch } = bed;
  const leave = new AbortController();
  const singles = Array.from({ length: 200 }, (_one, index) => {
    const { id } = server.begin({ durationMs: 600_000 }, `single-${index}`);
    return watch(id, { signal: leave.signal }).catch(() => undefined);
  });
  await clock.advance(30_000);
  const task = server.begin({ durationMs: 20_000 });
  await clock.run(watch(task.id));
  expect(clock.now() - task.endsAt).toBeLessThan(10_000);
  leave.abort();
  await Promise.all(singles);
  // The rate is the same: what may go at once, and one request a second.
  expect(server.looks.flat().length).toBeLessThanOrEqual(4 + clock.elapsed() / 1_000 + 4);
});

test("a wait that begins as another one ends is not forgotten", async () => {
  // How many turns of the microtask queue lie between the two is not ours to know.
  for (let turns = 0; turns < 30; turns += 1) {
    const { clock, server } = createWatchBed();
    const createBudget = (): FaultBudget => createFaultBudget(clock, 60_000);
    const shared = {
      source: server.client,
      clock,
      pacer: createPacer(clock, () => 2, 4),
      budget: createBudget(),
      createBudget,
    };
    const group = createGroup(shared, "all");
    const { signal } = new AbortController();
    const watch = (id: string): Promise<WatchEnd> => group.watch({ ref: { id, kind: "task" }, signal });
    const first = server.begin({ durationMs: 1_000 });
    const again = async (): Promise<string> => {
      await watch(first.id);
      for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
      return (await watch(server.begin({ durationMs: 1_000 }).id)).kind;
    };
    expect(await clock.run(again())).toBe("ended");
  }
});

test("five thousand tasks may cost five requests a second where one request tells of a thousand", async () => {
  const source = { batchSize: 1_000, requestsPerSecond: 1 };
  const { clock, server, watch, lookedAt } = createWatchBed(source);
  const waits = Array.from({ length: 5_000 }, (_, index) =>
    watch(server.begin({ durationMs: 10_000 + index * 4 }).id),
  );
  await clock.run(Promise.all(waits));
  const elapsed = clock.elapsed();
  // All have ended by 30 s; at one request a second, those of the last list would be seen some seconds later.
  expect(elapsed).toBeLessThan(32_000);
  expect(lookedAt.length).toBeGreaterThan(2 * (elapsed / 1_000));
  expect(lookedAt.length).toBeLessThanOrEqual(5 * (elapsed / 1_000) + 4);
});

test("looks at others take along what tells nothing, and what is expected to end from half of its pause on", async () => {
  const { clock, server, watch } = createWatchBed({ batchSize: 1_000 });
  const quick = server.begin({ durationMs: 300_000, fraction: () => undefined }, "quick");
  const expected = server.begin({ durationMs: 300_000 }, "expected");
  const begin = clock.now();
  const end = { soonestAt: begin + 290_000, latestAt: begin + 310_000 };
  const abort = new AbortController();
  const waits = [watch(quick.id), watch(expected.id, { expectEnd: () => end, signal: abort.signal })];
  const third = clock.sleep(150_000).then(() => watch(server.begin({ durationMs: 20_000 }, "third").id));
  await clock.run(Promise.all([...waits, third]));
  const [ofQuick = 0, ofExpected = 0] = ["quick", "expected"].map(
    (id) => server.looks.filter((ids) => ids.includes(id)).length,
  );
  // The third one's first looks, every second, show the quick one too.
  const during = server.looks.filter((ids) => ids.includes("third"));
  expect(during.filter((ids) => ids.includes("quick")).length).toBeGreaterThan(during.length / 2);
  expect(ofExpected).toBeLessThan(ofQuick / 2);
});
