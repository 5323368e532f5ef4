import { followUp, type FollowUp } from "../../../provider/operations";
import { fault, refusal } from "../../support/fake-server";
import { resourceUrn } from "../../support/operation-bed";
import { bedOf } from "../../support/with-bed";

const minute = 60_000;
const deletion: FollowUp = {
  resourceUrn,
  requestKind: "delete",
  endpoint: "vc",
  request: { method: "DELETE", path: "/api/vcenter/vm/vm-1" },
  of: "task-0",
};
const update: FollowUp = {
  ...deletion,
  requestKind: "update",
  request: { method: "PATCH", path: "/api/vcenter/vm/vm-1", body: { cpus: 4, password: "body-canary" } },
};

const silence = (): Error => fault("The reply was lost.", { faultClass: "server", sent: "maybe" });

test("a delete that was lost twice is sent again by the next deployment, an update is not", async () => {
  for (const [given, sent] of [
    [deletion, 3],
    [update, 2],
  ] as const) {
    const bed = bedOf();
    bed.server.onStart.push(silence(), silence());
    const lost = await bed.error((context) => followUp(context, given));
    expect(lost).toMatchObject({ code: "VMWARE_MAY_HAVE_STARTED" });
    await bed.restart().run((context) => followUp(context, given).catch(() => undefined));
    expect(bed.server.starts).toHaveLength(sent);
  }
});

test("the request is sent and followed to its end, and leaves no record", async () => {
  const { run, server, records, clock } = bedOf();
  server.script.push({ durationMs: minute, result: "done" });
  expect(await run((context) => followUp(context, update))).toEqual({ taskId: "task-1", result: "done" });
  expect(clock.elapsed()).toBeGreaterThanOrEqual(minute);
  expect(records()).toEqual([]);
});

test("a request that is answered at once is done, and leaves no record", async () => {
  const { run, server, records } = bedOf();
  server.onStart.push({ kind: "done", body: { ok: true } });
  expect(await run((context) => followUp(context, update))).toEqual({ result: { ok: true } });
  expect(records()).toEqual([]);
});

describe("not found", () => {
  const gone = refusal("No such VM.", { httpStatus: 404, isNotFound: true });

  test("counts as deleted", async () => {
    const { run, server, records } = bedOf();
    server.onStart.push(gone);
    expect(await run((context) => followUp(context, deletion))).toEqual({});
    expect(records()).toEqual([]);
  });

  test("counts as deleted after a delete whose reply was lost, and leaves no record", async () => {
    const { run, server, records } = bedOf();
    server.onStart.push(silence(), gone);
    expect(await run((context) => followUp(context, deletion))).toEqual({});
    expect(records()).toEqual([]);
  });

  test("counts as deleted when the delete task fails with it", async () => {
    const { run, server } = bedOf();
    server.script.push({
      ends: "FAILED",
      causes: [{ path: [], code: "HOST_NOT_FOUND", message: "No such host." }],
    });
    expect(await run((context) => followUp(context, deletion))).toEqual({ taskId: "task-1" });
  });

  test("is an error of an update", async () => {
    const { error, server } = bedOf();
    server.onStart.push(gone);
    expect((await error((context) => followUp(context, update))).message).toMatch(
      /The update request of "vm" was refused.*to make it anew.*--replace '\*\*StartedTask::vm'/s,
    );
  });

  test("is an error of an update whose task fails with it", async () => {
    const { error, server } = bedOf();
    server.script.push({ ends: "FAILED", causes: [{ path: [], code: "NOT_FOUND", message: "No such VM." }] });
    expect((await error((context) => followUp(context, update))).message).toMatch(
      /No such VM\..*to make it anew/s,
    );
  });

  test("is no advice where an update is refused for another reason", async () => {
    const { error, server } = bedOf();
    server.onStart.push(refusal("Too many CPUs."));
    expect((await error((context) => followUp(context, update))).message).not.toContain("anew");
  });

  test("does not count when it is a proxy's page, not the product's word", async () => {
    const { error, server } = bedOf();
    server.onStart.push(refusal("404 page", { httpStatus: 404, isNotFound: false }));
    await error((context) => followUp(context, deletion));
  });

  test("does not count when the task fails for another reason", async () => {
    const { error, server } = bedOf();
    server.script.push({
      ends: "FAILED",
      causes: [{ path: [], code: "NOT_FOUNDED", message: "Something else." }],
    });
    expect((await error((context) => followUp(context, deletion))).message).toContain("Something else.");
  });
});

test("a task that fails tells why, without secrets, and is sent again by the next deployment", async () => {
  const bed = bedOf();
  bed.server.script.push({
    ends: "FAILED",
    causes: [{ path: ["Reconfigure"], message: "body-canary is no good." }],
  });
  const { message } = await bed.error((context) => followUp(context, update));
  expect(message).toMatch(
    /The update request of "vm" failed after \d+s.*\n.*Reconfigure.*\n.*is no good\..*sends it again/s,
  );
  expect(message).not.toContain("canary");
  await bed.restart().run((context) => followUp(context, update));
  expect(bed.server.starts).toHaveLength(2);
});

test("a task that takes too long is left running, and the next deployment goes on with it", async () => {
  const bed = bedOf();
  bed.server.script.push({ durationMs: 60 * minute });
  const { message } = await bed.error((context) => followUp(context, { ...deletion, timeout: "10m" }));
  expect(message).toMatch(/may still be running; its time is up.*goes on with it/);
  expect(await bed.restart().run((context) => followUp(context, deletion))).toMatchObject({
    taskId: "task-1",
  });
  expect(bed.server.starts).toHaveLength(1);
});

test("a request that was interrupted by a kill is gone on with", async () => {
  const bed = bedOf();
  bed.server.script.push({ durationMs: 60 * minute });
  void followUp(bed.context, deletion).catch(() => undefined);
  await bed.clock.advance(minute);
  expect(await bed.restart().run((context) => followUp(context, deletion))).toMatchObject({
    taskId: "task-1",
  });
  expect(bed.server.starts).toHaveLength(1);
});

test("an interrupted request of another object is not gone on with", async () => {
  const bed = bedOf();
  bed.server.script.push({ durationMs: 60 * minute });
  void followUp(bed.context, deletion).catch(() => undefined);
  await bed.clock.advance(minute);
  await bed.restart().run((context) => followUp(context, { ...deletion, of: "another-task" }));
  expect(bed.server.starts).toHaveLength(2);
});

test("a task that the server forgets is an error, and the next deployment sends the request again", async () => {
  const { run, context, server, clock, records } = bedOf();
  server.script.push({ durationMs: 60 * minute });
  const work = followUp(context, deletion).catch((error: unknown) => error as Error);
  await clock.advance(minute);
  server.tasks.clear();
  expect(await run(() => work)).toMatchObject({
    message: expect.stringMatching(/does not know it any more.*sends it again/) as string,
  });
  expect(records()).toEqual([]);
});

describe("an endpoint that is not configured any more", () => {
  test("tells a delete the ways out", async () => {
    const { error } = bedOf();
    const { message } = await error((context) => followUp(context, { ...deletion, endpoint: "gone" }));
    expect(message).toMatch(/"gone" is not configured.*\n.*"vm" cannot be sent.*\n.*`formerNames`.*\n/);
    expect(message).toContain(`\`pulumi state delete '${resourceUrn}'\``);
  });

  test("is an error like all others of an update, whose program names another one", async () => {
    const { error } = bedOf();
    const { message } = await error((context) => followUp(context, { ...update, endpoint: "gone" }));
    expect(message).toContain('"gone" is not configured');
    expect(message).not.toContain("state delete");
  });
});

test("an endpoint that stays away leaves the record, so that the next deployment goes on", async () => {
  const { error, server, records } = bedOf();
  server.onLook.push(...Array.from({ length: 1_000 }, () => fault("No route.")));
  expect((await error((context) => followUp(context, deletion))).message).toMatch(
    /may still be running; No route\..*goes on with it/,
  );
  expect(records()).toHaveLength(1);
});
