import { forgetStart, openJournal, start, type StartArguments } from "../../../provider/operations";
import { resourceUrn, type Bed } from "../../support/operation-bed";
import { moveWriters } from "../../support/journal-files";
import { bedOf } from "../../support/with-bed";

const request = { method: "POST", path: "/api/vcenter/vm", body: { name: "vm", cpus: 2 } } as const;
const given: StartArguments = { resourceUrn, endpoint: "vc", request };
const never = new Promise<never>(() => undefined);

/** A bed whose first process was killed after the server had taken the request, before the reply came. */
async function killedInFlight(begins: boolean): Promise<Bed> {
  const bed = bedOf();
  bed.server.onStart.push(() => {
    if (begins) bed.server.begin({ durationMs: 3_600_000 });
    return never;
  });
  void start(bed.context, given).catch(() => undefined);
  await bed.clock.advance(0);
  return bed.restart();
}

test("a task whose id an earlier process has journaled is gone on with", async () => {
  const bed = bedOf();
  await bed.run((context) => start(context, given));
  const later = bed.restart();
  expect(await later.run((context) => start(context, given))).toEqual({ taskId: "task-1" });
  expect(bed.server.starts).toHaveLength(1);
  expect(later.deployment.statuses.join()).toContain("task-1");
});

test.each([
  [23, []],
  [25, [expect.stringMatching(/task task-1,.* 25h ago .*change `triggers`/)]],
])("a task of %d hours ago is gone on with, and an old one is told of", async (hours, warnings) => {
  const bed = bedOf();
  await bed.run((context) => start(context, given));
  const later = bed.restart();
  await later.clock.advance(hours * 3_600_000);
  expect(await later.run((context) => start(context, given))).toEqual({ taskId: "task-1" });
  expect(later.deployment.warnings).toEqual(warnings);
});

test("a request whose reply an earlier process did not see is asked for, and its task adopted", async () => {
  const later = await killedInFlight(true);
  expect(await later.run((context) => start(context, given))).toEqual({ taskId: "task-1" });
  expect(later.server.starts).toHaveLength(1);
});

test("a request that left no trace is sent once more", async () => {
  const later = await killedInFlight(false);
  expect(await later.run((context) => start(context, given))).toEqual({ taskId: "task-1" });
  expect(later.server.starts).toHaveLength(2);
});

test("a request of so long ago that the server may have forgotten its task is not sent again", async () => {
  const later = await killedInFlight(false);
  await later.clock.advance(25 * 3_600_000);
  const { message } = await later.error((context) => start(context, given));
  expect(message).toMatch(/may have started.*may have forgotten.*adoptTaskId.*change `triggers`/s);
  expect(later.server.starts).toHaveLength(1);
});

test("a request of long ago that only looks is sent again", async () => {
  const sddc = { product: "sddc-manager" } as const;
  const validation = { ...request, path: "/v1/hosts/validations" };
  const bed = bedOf(sddc);
  bed.server.onStart.push(() => never);
  void start(bed.context, { ...given, request: validation }).catch(() => undefined);
  await bed.clock.advance(25 * 3_600_000);
  await bed.restart(sddc).run((context) => start(context, { ...given, request: validation }));
  expect(bed.server.starts).toHaveLength(2);
});

test.each([
  { replyAfterMs: 20_000, timeout: undefined },
  { replyAfterMs: 110_000, timeout: "2m" },
])(
  "a process that still runs is given the time to write its reply down: $timeout",
  async ({ replyAfterMs, timeout }) => {
    const bed = bedOf();
    const slow: StartArguments = { ...given, request: { ...request, timeout } };
    bed.server.onStart.push(async () => {
      await bed.clock.sleep(replyAfterMs);
      return { kind: "task", ref: { id: bed.server.begin().id, kind: "task" } };
    });
    const first = start(bed.context, slow);
    await bed.clock.advance(0);
    // Another process: the same folder, and the writer is alive.
    moveWriters(bed.folder);
    const other = bedOf();
    const second = start(
      {
        ...other.context,
        clock: bed.clock,
        journal: openJournal(bed.folder),
        open: (name) => ({ ...bed.context.open(name), unanswered: new Set() }),
      },
      slow,
    );
    const both = Promise.all([first, second]);
    // In steps, for the wait for the other process begins a moment after it was asked for.
    for (let ms = 0; ms < replyAfterMs + 1_000; ms += 500) await bed.clock.advance(500);
    const [one, two] = await both;
    expect([one.taskId, two.taskId]).toEqual(["task-1", "task-1"]);
    expect(bed.server.starts).toHaveLength(1);
  },
);

test("a record of an earlier process with the same number, as in a container, is waited for by nobody", async () => {
  const bed = bedOf();
  bed.server.onStart.push(() => never);
  void start(bed.context, given).catch(() => undefined);
  await bed.clock.advance(0);
  const later = bedOf();
  const journal = openJournal(bed.folder);
  const began = later.clock.elapsed();
  await later.run((context) => start({ ...context, journal }, given));
  // The reply of a living writer would be waited for, 60 s.
  expect(later.clock.elapsed() - began).toBeLessThan(60_000);
});

test("waiting for another process ends at once with the engine", async () => {
  const bed = bedOf();
  bed.server.onStart.push(() => never);
  void start(bed.context, given).catch(() => undefined);
  await bed.clock.advance(0);
  moveWriters(bed.folder);
  const other = bedOf();
  const waiting = start({ ...other.context, clock: bed.clock, journal: openJournal(bed.folder) }, given);
  const outcome = expect(waiting).rejects.toMatchObject({ code: "VMWARE_ENGINE_GONE" });
  await bed.clock.advance(500);
  other.deployment.end();
  await outcome;
});

test.each<[string, Partial<StartArguments>]>([
  ["another body", { request: { ...request, body: { name: "vm", cpus: 4 } } }],
  ["other triggers", { triggers: ["2"] }],
  ["another kind", { kind: "upgrade" }],
])("with %s, the earlier task is left alone with a warning, and a new one starts", async (_title, more) => {
  const bed = bedOf();
  await bed.run((context) => start(context, { ...given, triggers: ["1"] }));
  const later = bed.restart();
  const started = await later.run((context) => start(context, { ...given, triggers: ["1"], ...more }));
  expect(started).toEqual({ taskId: "task-2" });
  expect(later.deployment.warnings).toEqual([expect.stringMatching(/another request.*task-1.*left alone/s)]);
});

test("a body whose keys come in another order is the same request", async () => {
  const bed = bedOf();
  await bed.run((context) => start(context, given));
  const turned = { ...given, request: { ...request, body: { cpus: 2, name: "vm" } } };
  expect(await bed.restart().run((context) => start(context, turned))).toEqual({ taskId: "task-1" });
});

test("an endpoint that was renamed since is the same one", async () => {
  const bed = bedOf();
  await bed.run((context) => start(context, given));
  const later = bed.restart({ endpoint: { formerNames: ["vc"] }, endpointName: "vcenter-1" });
  expect(await later.run((context) => start(context, { ...given, endpoint: "vcenter-1" }))).toEqual({
    taskId: "task-1",
  });
  expect(later.deployment.warnings).toEqual([]);
});

test("a start of the same process is never taken for an earlier one, for a replacement has the same URN", async () => {
  const { run, server } = bedOf();
  await run((context) => start(context, given));
  expect(await run((context) => start(context, given))).toEqual({ taskId: "task-2" });
  expect(server.starts).toHaveLength(2);
});

test("an operation that was answered at once is not done again before the engine has saved that", async () => {
  const bed = bedOf();
  bed.server.onStart.push({ kind: "done", body: "vm-1" });
  const { taskId } = await bed.run((context) => start(context, given));
  const later = bed.restart();
  expect(await later.run((context) => start(context, given))).toEqual({ taskId, immediateResult: undefined });
  expect(bed.server.starts).toHaveLength(1);
  expect(later.deployment.warnings).toEqual([expect.stringContaining("An earlier deployment did this")]);
});

test.each(["task", "done"] as const)(
  "once the engine has saved the id of a %s, the same request starts anew",
  async (kind) => {
    const bed = bedOf();
    if (kind === "done") bed.server.onStart.push({ kind: "done", body: "vm-1" });
    const { taskId } = await bed.run((context) => start(context, given));
    // What a destroy does in a later process.
    const destroy = bed.restart();
    forgetStart(destroy.context, taskId, resourceUrn);
    expect(bed.records()).toEqual([]);
    const again = await bed.restart().run((context) => start(context, given));
    expect(again.taskId).not.toBe(taskId);
    expect(bed.server.starts).toHaveLength(2);
  },
);

test("a server whose clock was an hour ahead and has been set since is not waited for so long", async () => {
  const bed = bedOf();
  bed.server.clockOffsetMs = 3_600_000;
  bed.server.onStart.push(() => never);
  void start(bed.context, given).catch(() => undefined);
  await bed.clock.advance(0);
  const later = bed.restart();
  later.server.clockOffsetMs = 0;
  const began = later.clock.now();
  await later.run((context) => start(context, given));
  expect(later.clock.now() - began).toBeLessThan(60_000);
});
