import type { EndpointFault, Look } from "../../../provider/tasks";
import type { Span } from "../../../provider/watcher";
import { createEntry } from "../../../provider/watcher/entry";
import { createFaultBudget } from "../../../provider/watcher/fault-budget";
import { fault, refusal } from "../../support/fake-server";
import { createWatchBed, type WatchBed } from "../../support/watch-bed";

const minute = 60_000;

test.each<[string, Partial<EndpointFault>]>([
  ["an endpoint that does not answer", { faultClass: "network" }],
  ["a 503", { faultClass: "server", httpStatus: 503 }],
  ["a 429", { faultClass: "throttled", httpStatus: 429 }],
  ["a body that is no JSON", { faultClass: "malformed" }],
  ["a redirect", { faultClass: "redirect", httpStatus: 302 }],
])("goes on after %s", async (_title, more) => {
  const { clock, server, watch } = createWatchBed();
  const seen: string[] = [];
  const { id } = server.begin();
  server.onLook.push(...Array.from({ length: 3 }, () => fault("no good answer", more)));
  const end = await clock.run(watch(id, { onFault: ({ message }) => seen.push(message) }));
  expect(end.kind).toBe("ended");
  expect(seen).toEqual(["no good answer", "no good answer", "no good answer"]);
});

test("bears an odd answer of a server that comes up after minutes", async () => {
  const { clock, server, watch } = createWatchBed({}, { outageToleranceMs: 15 * minute });
  const wait = watch(server.begin({ durationMs: 10 * minute }).id);
  server.onLook.push(...Array.from({ length: 1_000 }, () => fault("away")));
  await clock.advance(3 * minute);
  server.onLook.length = 0;
  server.onLook.push(fault("odd", { faultClass: "shape" }));
  expect((await clock.run(wait)).kind).toBe("ended");
});

test("gives up odd answers after a minute, also after an outage", async () => {
  const { clock, server, watch } = createWatchBed({}, { outageToleranceMs: 15 * minute });
  const wait = watch(server.begin({ durationMs: 30 * minute }).id);
  server.onLook.push(...Array.from({ length: 1_000 }, () => fault("away")));
  await clock.advance(3 * minute);
  server.onLook.length = 0;
  server.onLook.push(...Array.from({ length: 1_000 }, () => fault("odd", { faultClass: "shape" })));
  expect((await clock.run(wait)).kind).toBe("outage");
  expect(clock.elapsed()).toBeGreaterThanOrEqual(4 * minute);
  expect(clock.elapsed()).toBeLessThan(5.5 * minute);
});

test("asks an endpoint that is away ever more seldom", async () => {
  const { clock, server, watch, lookedAt } = createWatchBed({}, { outageToleranceMs: 30 * minute });
  server.onLook.push(...Array.from({ length: 1_000 }, () => fault("away")));
  const wait = watch(server.begin().id);
  await clock.advance(10 * minute);
  expect(lookedAt.length).toBeLessThan(30);
  server.onLook.length = 0;
  expect((await clock.run(wait)).kind).toBe("ended");
  expect(clock.elapsed()).toBeLessThan(11 * minute);
});

test("a group without answers is given up in time, however well others of the endpoint are answered for", async () => {
  const bed: WatchBed = createWatchBed({
    groupOf: ({ id }) => (id === "far" ? "remote" : "local"),
    async look(refs) {
      await bed.clock.sleep(200);
      if (refs.some(({ id }) => id === "far"))
        throw fault("The remote site is away.", { faultClass: "server", httpStatus: 503 });
      return refs.map(({ id }) => ({ kind: "seen", snapshot: bed.server.snapshot(id) }));
    },
  });
  bed.server.begin({ durationMs: 30 * minute }, "far");
  const near = bed.watch(bed.server.begin({ durationMs: 10 * minute }).id);
  const far = await bed.clock.run(bed.watch("far"));
  expect(far).toMatchObject({ kind: "outage", fault: { message: "The remote site is away." } });
  expect(bed.clock.elapsed()).toBeGreaterThanOrEqual(minute);
  expect(bed.clock.elapsed()).toBeLessThan(2 * minute);
  expect((await bed.clock.run(near)).kind).toBe("ended");
});

test("leaves the server alone for as long as it asks, even when a wait's time is up", async () => {
  const { clock, server, watch, lookedAt } = createWatchBed();
  server.onLook.push(fault("too many", { faultClass: "throttled", retryAfterMs: 40_000 }));
  const { id } = server.begin();
  const [patient, hurried] = await clock.run(
    Promise.all([watch(id), watch(id, { deadlineAt: clock.now() + 15_000 })]),
  );
  expect(hurried).toEqual({ kind: "timedOut", snapshot: undefined });
  expect(patient.kind).toBe("ended");
  expect(lookedAt).toEqual([0, 40_000]);
});

test.each([90_000, 86_400_000, Infinity])(
  "a wish to be left alone for %d ms, longer than is tolerated, ends the wait in time",
  async (retryAfterMs) => {
    const { clock, server, watch, lookedAt } = createWatchBed();
    server.onLook.push(...Array.from({ length: 9 }, () => fault("maintenance", { retryAfterMs })));
    const end = await clock.run(watch(server.begin().id));
    expect(end).toMatchObject({ kind: "outage", fault: { message: "maintenance" } });
    expect(lookedAt).toEqual([0]);
    expect(clock.elapsed()).toBe(60_000);
  },
);

test("a wish for no pause is no leave to ask as fast as the rate allows", async () => {
  const { clock, server, watch, lookedAt } = createWatchBed({ requestsPerSecond: 100 });
  server.onLook.push(...Array.from({ length: 1_000 }, () => fault("maintenance", { retryAfterMs: 0 })));
  await clock.run(watch(server.begin().id));
  expect(clock.elapsed()).toBe(60_000);
  expect(lookedAt.length).toBeLessThanOrEqual(61);
});

test("a task that was taken along with others is looked at again soon when that look failed", async () => {
  const { clock, server } = createWatchBed();
  const { id } = server.begin({ durationMs: 100 * minute });
  const ownBudget = createFaultBudget(clock, 15 * minute);
  const entry = createEntry({ id, kind: "task" }, { clock, ownBudget, onEmpty: () => undefined });
  const end = clock.now() + 100 * minute;
  const expectEnd = (): Span => ({ soonestAt: end, latestAt: end });
  void entry.add({ ref: entry.ref, signal: new AbortController().signal, expectEnd });
  for (let looks = 0; looks < 10; looks += 1) {
    await clock.jump(entry.nextAt() - clock.now());
    entry.seen(server.snapshot(id));
  }
  expect(entry.nextAt() - clock.now()).toBeGreaterThan(minute);
  entry.faulted(fault("away"));
  expect(entry.nextAt() - clock.now()).toBeLessThan(2_000);
});

test("a pause that the server asks for is no longer than what is tolerated, and no request ends it", async () => {
  const { clock, server, watch, lookedAt } = createWatchBed({}, { outageToleranceMs: 15 * minute });
  const wait = watch(server.begin({ durationMs: 60 * minute, message: "copying" }).id);
  await clock.advance(minute);
  server.onLook.push(
    fault("come back tomorrow", { faultClass: "throttled", retryAfterMs: 24 * 60 * minute }),
  );
  expect(await clock.run(wait)).toMatchObject({
    kind: "outage",
    fault: { message: "come back tomorrow" },
    snapshot: { progress: { message: "copying" } },
  });
  // It began with the look that met it, the last one of all.
  expect(clock.elapsed()).toBe((lookedAt.at(-1) ?? 0) + 15 * minute);
});

test("does nothing at all while it is paused", async () => {
  const { clock, server, watch } = createWatchBed();
  server.onLook.push(fault("too many", { faultClass: "throttled", retryAfterMs: 50_000 }));
  const waits = [watch(server.begin().id), watch(server.begin().id, { deadlineAt: clock.now() + 90_000 })];
  await clock.advance(49_000);
  expect(clock.sleeps()).toBeLessThanOrEqual(3);
  await clock.run(Promise.all(waits));
});

test.each(["login", "tls"] as const)("a fault of class %s ends the waits at once", async (faultClass) => {
  const { clock, server, watch, lookedAt } = createWatchBed();
  server.onLook.push(fault("refused", { faultClass }));
  const end = await clock.run(watch(server.begin().id));
  expect(end).toMatchObject({ kind: "outage", fault: { message: "refused" } });
  expect(lookedAt).toEqual([0]);
});

test("a clear no about one task ends its wait after a minute, and no other", async () => {
  const { clock, server, watch } = createWatchBed();
  server.onLook.push(...Array.from({ length: 1_000 }, () => refusal("not for you", { httpStatus: 403 })));
  const end = await clock.run(watch(server.begin().id));
  expect(end).toMatchObject({ kind: "outage", fault: { message: "not for you" } });
  expect(clock.elapsed()).toBeLessThan(2 * minute);
});

test("an endpoint that gives no good answer for longer than is tolerated ends the waits with what was seen", async () => {
  const { clock, server, watch } = createWatchBed({}, { outageToleranceMs: 15 * minute });
  const wait = watch(server.begin({ durationMs: 60 * minute, message: "copying" }).id);
  await clock.advance(minute);
  server.onLook.push(...Array.from({ length: 1_000 }, () => fault("away")));
  const end = await clock.run(wait);
  expect(end).toMatchObject({
    kind: "outage",
    fault: { message: "away" },
    snapshot: { progress: { message: "copying" } },
  });
  expect(clock.elapsed()).toBeGreaterThanOrEqual(16 * minute);
  expect(clock.elapsed()).toBeLessThan(17 * minute);
});

test("an answer that is not what the API documents is borne for a minute only", async () => {
  const { clock, server, watch } = createWatchBed({}, { outageToleranceMs: 15 * minute });
  server.onLook.push(...Array.from({ length: 1_000 }, () => new TypeError("cannot read x of undefined")));
  const end = await clock.run(watch(server.begin().id));
  expect(end).toMatchObject({ kind: "outage", fault: { fault: { faultClass: "shape" } } });
  expect(clock.elapsed()).toBeLessThan(2 * minute);
});

test("one good answer begins the time anew", async () => {
  const { clock, server, watch } = createWatchBed({}, { outageToleranceMs: minute });
  const { id } = server.begin({ durationMs: 10 * minute });
  const wait = watch(id);
  const good = (): Look[] => [{ kind: "seen", snapshot: server.snapshot(id) }];
  for (let outage = 0; outage < 5; outage += 1) {
    // Six faults in a row take more than half a minute and less than one.
    server.onLook.push(...Array.from({ length: 5 }, () => fault("away")), good);
  }
  expect((await clock.run(wait)).kind).toBe("ended");
});

test("an outage that ended earlier waits says nothing of a later one", async () => {
  const { clock, server, watch } = createWatchBed({}, { outageToleranceMs: minute });
  server.onLook.push(...Array.from({ length: 1_000 }, () => fault("away")));
  expect((await clock.run(watch(server.begin().id))).kind).toBe("outage");
  server.onLook.length = 0;
  await clock.advance(60 * minute);
  server.onLook.push(fault("away for a moment"));
  expect((await clock.run(watch(server.begin().id))).kind).toBe("ended");
});

describe("a single task that cannot be looked at", () => {
  const lookWith =
    (bed: () => ReturnType<typeof createWatchBed>) =>
    (refs: readonly { readonly id: string }[]): Promise<Look[]> =>
      Promise.resolve(
        refs.map(({ id }) =>
          id === "odd"
            ? { kind: "fault", fault: fault("an odd task", { faultClass: "malformed" }) }
            : { kind: "seen", snapshot: bed().server.snapshot(id) },
        ),
      );

  test("does not slow the others down, and ends by itself when its time is up", async () => {
    const bed: ReturnType<typeof createWatchBed> = createWatchBed({ look: lookWith(() => bed) });
    const odd = bed.watch("odd");
    const long = bed.watch(bed.server.begin({ durationMs: 10 * minute }).id);
    const quick = bed.server.begin({ durationMs: 5_000 });
    await bed.clock.run(bed.watch(quick.id));
    expect(bed.clock.now() - quick.endsAt).toBeLessThan(1_000);
    expect(await bed.clock.run(odd)).toMatchObject({ kind: "outage", fault: { message: "an odd task" } });
    expect(bed.clock.elapsed()).toBeLessThan(2 * minute);
    expect((await bed.clock.run(long)).kind).toBe("ended");
  });

  test("is asked for ever more seldom", async () => {
    const bed: ReturnType<typeof createWatchBed> = createWatchBed(
      { look: lookWith(() => bed), costOf: (count) => count, groupOf: ({ id }) => id },
      { outageToleranceMs: 20 * minute },
    );
    bed.watch("odd").catch(() => undefined);
    await bed.clock.advance(10 * minute);
    expect(bed.lookedAt.length).toBeLessThan(30);
  });
});
