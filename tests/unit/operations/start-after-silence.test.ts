import { start, type StartArguments } from "../../../provider/operations";
import { UnexpectedReplyError } from "../../../provider/tasks";
import { fault, refusal, type FakeServer } from "../../support/fake-server";
import { resourceUrn } from "../../support/operation-bed";
import { bedOf } from "../../support/with-bed";

const given: StartArguments = {
  resourceUrn,
  endpoint: "vc",
  request: { method: "POST", path: "/api/vcenter/vm", body: { name: "vm" } },
};
const silence = (): Error => fault("The reply was lost.", { faultClass: "server", sent: "maybe" });

/** The server takes the request, and its reply is lost. */
function startsSilently(server: FakeServer): void {
  server.onStart.push(() => {
    server.begin();
    throw silence();
  });
}

test("the one task that matches is adopted", async () => {
  const { run, server, records } = bedOf();
  startsSilently(server);
  expect(await run((context) => start(context, given))).toEqual({ taskId: "task-1" });
  expect(server.starts).toHaveLength(1);
  expect(records()).toEqual([expect.stringContaining('"taskId":"task-1"')]);
});

test("a step that the engine repeats, as its error hooks wish, asks the server again and sends nothing", async () => {
  const { error, run, server } = bedOf();
  startsSilently(server);
  server.begin();
  for (let step = 0; step < 2; step += 1) {
    expect(await error((context) => start(context, given))).toMatchObject({
      code: "VMWARE_MAY_HAVE_STARTED",
      message: expect.stringContaining("task-1") as string,
    });
  }
  server.tasks.delete("task-1");
  expect(await run((context) => start(context, given))).toEqual({ taskId: "task-2" });
  expect(server.starts).toHaveLength(1);
});

test("a task that the list shows late is adopted", async () => {
  const { run, server, clock } = bedOf();
  startsSilently(server);
  server.onFind.push([]);
  expect(await run((context) => start(context, given))).toEqual({ taskId: "task-1" });
  expect(clock.elapsed()).toBe(4_000);
});

test("the server is asked by its own clock for what began since", async () => {
  const { run, server, clock } = bedOf();
  server.clockOffsetMs = -3_600_000;
  server.onStart.push(() => {
    server.begin().startedAt -= 3_600_000;
    throw silence();
  });
  const sentAt = clock.now() - 3_600_000;
  await run((context) => start(context, given));
  expect(server.searches[0]).toMatchObject({ sentAt });
});

test.each([
  ["began long after the request", 120_000, {}],
  ["is another user's", 0, { user: "VSPHERE.LOCAL\\\\Somebody" }],
])(
  "a task that %s is not adopted, and while it is there nothing is sent again",
  async (_what, laterMs, native) => {
    const { error, server } = bedOf();
    server.onStart.push(() => {
      server.begin({ native }).startedAt += laterMs;
      throw silence();
    });
    const thrown = await error((context) => start(context, given));
    expect(thrown).toMatchObject({ code: "VMWARE_MAY_HAVE_STARTED", candidates: ["task-1"] });
    expect(server.starts).toHaveLength(1);
  },
);

test("a sibling's task is not taken while the sibling's reply is still to come", async () => {
  const { run, server, context, clock } = bedOf();
  server.onStart.push(silence());
  const first = start(context, given);
  // The sibling's task is at the server for five seconds before its reply comes.
  server.onStart.push(async () => {
    const { id } = server.begin();
    await clock.sleep(5_000);
    return { kind: "task", ref: { id, kind: "task" } };
  });
  const second = start(context, { ...given, resourceUrn: `${resourceUrn}-sibling` });
  expect(await run(() => Promise.all([first, second]))).toEqual([{ taskId: "task-2" }, { taskId: "task-1" }]);
});

test("without a trace the request is sent once more", async () => {
  const { run, server } = bedOf();
  server.onStart.push(silence());
  expect(await run((context) => start(context, given))).toEqual({ taskId: "task-1" });
  expect(server.starts).toHaveLength(2);
});

test("a second silence without a trace is an error that says it may have started, and is not sent a third time", async () => {
  const { error, server, records } = bedOf();
  server.onStart.push(silence(), silence(), silence());
  const thrown = await error((context) => start(context, given));
  expect(thrown).toMatchObject({ code: "VMWARE_MAY_HAVE_STARTED", candidates: [] });
  expect(thrown.message).toMatch(/was not sent again.*shows no task of it.*adoptTaskId.*triggers/s);
  expect(server.starts).toHaveLength(2);
  // So that the next deployment asks again before it sends.
  expect(records()).toHaveLength(1);
});

test("after a second silence, a task that the first sending began is found too", async () => {
  const { run, server, clock } = bedOf();
  const firstSentAt = clock.now();
  server.onStart.push(silence(), () => {
    // It began between the two, and shows now.
    const task = server.begin();
    task.startedAt = firstSentAt + 500;
    task.endsAt = firstSentAt + 600;
    throw silence();
  });
  expect(await run((context) => start(context, given))).toEqual({ taskId: "task-1" });
  expect(server.searches.every(({ sentAt }) => sentAt === firstSentAt)).toBe(true);
});

test("a refusal of the second sending that the first one caused leads to the first one's task", async () => {
  const { run, server } = bedOf();
  server.onStart.push(silence(), () => {
    server.begin();
    throw refusal("The name is taken.");
  });
  expect(await run((context) => start(context, given))).toEqual({ taskId: "task-1" });
});

test("a refusal of the second sending keeps the record of the first one", async () => {
  const { error, server, records } = bedOf();
  server.onStart.push(silence(), refusal("Not valid."));
  expect((await error((context) => start(context, given))).message).toBe("Not valid.");
  expect(records()).toHaveLength(1);
});

test.each([
  ["is refused", refusal("No rights.", { httpStatus: 403 })],
  ["never leaves", fault("No rights to log in.", { faultClass: "login" })],
])("a second sending that %s has started nothing, so another one may follow", async (_title, no) => {
  const bed = bedOf();
  bed.server.onStart.push(silence(), no);
  expect((await bed.error((context) => start(context, given))).message).toBe(no.message);
  const later = bed.restart();
  later.server.onStart.push(silence());
  expect(await later.error((context) => start(context, given))).toMatchObject({
    code: "VMWARE_MAY_HAVE_STARTED",
  });
  await later.restart().error((context) => start(context, given));
  expect(later.server.starts).toHaveLength(3);
});

test("a second sending to a busy server does not say that nothing was started", async () => {
  const { error, server, deployment } = bedOf();
  server.onStart.push(silence(), ...Array<Error>(500).fill(refusal("Busy.", { isBusy: true })));
  const { message } = await error((context) => start(context, given));
  for (const text of [message, ...deployment.warnings]) expect(text).toContain("may have started it");
});

test("several tasks that match are listed, with the way to choose", async () => {
  const { error, server } = bedOf();
  server.onStart.push(() => {
    server.begin();
    server.begin();
    throw silence();
  });
  const thrown = await error((context) => start(context, given));
  expect(thrown).toMatchObject({ candidates: ["task-1", "task-2"] });
  expect(thrown.message).toMatch(/task-1.*\n.*task-2.*\n.*adoptTaskId/);
  expect(server.starts).toHaveLength(1);
});

test("very many tasks that match do not fill the screen", async () => {
  const { error, server } = bedOf();
  server.onStart.push(() => {
    for (let count = 0; count < 500; count += 1) server.begin();
    throw silence();
  });
  const thrown = await error((context) => start(context, given));
  expect(thrown.message.split("\n").length).toBeLessThan(20);
});

test("a task that this process follows already is no candidate", async () => {
  const { run, server } = bedOf();
  await run((context) => start(context, { ...given, resourceUrn: `${resourceUrn}-other` }));
  startsSilently(server);
  expect(await run((context) => start(context, given))).toEqual({ taskId: "task-2" });
});

test("a task of the same id at another server hides none", async () => {
  const { run, server, behind } = bedOf({ product: "snapservice", hasVcenterBehind: true });
  await run((context) => start(context, { ...given, resourceUrn: `${resourceUrn}-other` }));
  startsSilently(behind);
  const there = { ...given, endpoint: "behind", kind: "vim" };
  expect(await run((context) => start(context, there))).toEqual({ taskId: "task-1" });
  expect([server.starts.length, behind.starts.length]).toEqual([1, 1]);
});

test("a server that cannot be asked leads to an error, not to a second start", async () => {
  const { error, server } = bedOf();
  server.onStart.push(silence());
  server.onFind.push(undefined);
  const thrown = await error((context) => start(context, given));
  expect(thrown).toMatchObject({ code: "VMWARE_MAY_HAVE_STARTED" });
  expect(thrown.message).toMatch(/cannot be asked.*adoptTaskId/s);
  expect(server.starts).toHaveLength(1);
});

test("an endpoint that is away when it is to be asked is waited for", async () => {
  const { run, server } = bedOf();
  startsSilently(server);
  server.onFind.push(...Array.from({ length: 5 }, () => fault("away")));
  expect(await run((context) => start(context, given))).toEqual({ taskId: "task-1" });
});

test.each(["onFind", "onReach"] as const)(
  "a wish for no pause, by %s, is no leave to ask without one",
  async (asked) => {
    const { run, server, clock } = bedOf();
    startsSilently(server);
    server[asked].push(...Array.from({ length: 5 }, () => fault("away", { retryAfterMs: 0 })));
    const beganAt = clock.now();
    expect(await run((context) => start(context, given))).toEqual({ taskId: "task-1" });
    // One second at least after each of them, and the first look for a lost start.
    expect(clock.now() - beganAt).toBeGreaterThanOrEqual(6_000);
  },
);

test("an endpoint that wishes to be left alone for days is not waited for longer than is tolerated", async () => {
  const { error, server, clock, records } = bedOf({ endpoint: { outageTolerance: "5m" } });
  startsSilently(server);
  const busy = (): Error => fault("busy", { faultClass: "throttled", retryAfterMs: Infinity });
  server.onFind.push(busy(), busy(), busy());
  expect((await error((context) => start(context, given))).message).toMatch(
    /could not be asked for its task: busy/,
  );
  expect(clock.elapsed()).toBeLessThan(6 * 60_000);
  expect(records()).toHaveLength(1);
});

test("an endpoint that stays away keeps the record, so that the next deployment asks", async () => {
  const bed = bedOf({ endpoint: { outageTolerance: "5m" } });
  startsSilently(bed.server);
  bed.server.onFind.push(...Array.from({ length: 100 }, () => fault("away")));
  const thrown = await bed.error((context) => start(context, given));
  expect(thrown).toMatchObject({ code: "VMWARE_MAY_HAVE_STARTED", candidates: [] });
  expect(thrown.message).toMatch(/may have started.*could not be asked for its task: away.*asks again/s);
  bed.server.onFind.length = 0;
  const later = bed.restart();
  expect(await later.run((context) => start(context, given))).toEqual({ taskId: "task-1" });
  expect(bed.server.starts).toHaveLength(1);
});

test("when the engine has gone meanwhile, it is not sent again", async () => {
  const { error, server, deployment } = bedOf();
  server.onStart.push(() => {
    deployment.isGone = true;
    throw silence();
  });
  expect(await error((context) => start(context, given))).toMatchObject({ code: "VMWARE_ENGINE_GONE" });
  expect(server.starts).toHaveLength(1);
});

test("a reply without a usable id is an error, and the next deployment looks for its task", async () => {
  const bed = bedOf();
  bed.server.onStart.push(() => {
    bed.server.begin({ durationMs: 3_600_000 });
    throw new UnexpectedReplyError("started, but cannot be followed");
  });
  expect((await bed.error((context) => start(context, given))).message).toContain("cannot be followed");
  expect(await bed.restart().run((context) => start(context, given))).toEqual({ taskId: "task-1" });
  expect(bed.server.starts).toHaveLength(1);
});

test.each([
  ["that takes half a minute until it accepts a task", 30_000, 1],
  ["that never took the request", Infinity, 2],
])("a server %s is asked until then", async (_title, acceptMs, starts) => {
  const { run, server, clock } = bedOf();
  server.onStart.push(() => {
    if (acceptMs < Infinity) void clock.sleep(acceptMs).then(() => server.begin());
    throw silence();
  });
  expect(await run((context) => start(context, given))).toEqual({ taskId: "task-1" });
  expect(server.starts).toHaveLength(starts);
  expect(clock.elapsed()).toBe(40_000);
});

test("a busy server is told of once, whatever its words", async () => {
  const { run, server, deployment } = bedOf();
  for (const reference of ["A1", "B2", "C3"])
    server.onStart.push(refusal(`busy, reference ${reference}`, { isBusy: true }));
  await run((context) => start(context, given));
  expect(deployment.warnings).toEqual([expect.stringContaining("A1")]);
});

test("a task to adopt is looked for while the endpoint is away", async () => {
  const { run, server } = bedOf();
  const { id } = server.begin();
  server.onGet.push(fault("HTTP 503"));
  const adopted = await run((context) => start(context, { ...given, adoptTaskId: id }));
  expect(adopted).toEqual({ taskId: id });
});
