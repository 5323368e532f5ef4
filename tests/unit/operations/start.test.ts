import { start, type StartArguments } from "../../../provider/operations";
import { fault, refusal } from "../../support/fake-server";
import { resourceUrn } from "../../support/operation-bed";
import { bedOf } from "../../support/with-bed";

const minute = 60_000;
const given: StartArguments = {
  resourceUrn,
  endpoint: "vc",
  request: { method: "POST", path: "/api/vcenter/vm", body: { name: "vm", password: "body-canary" } },
};

test("sends the request once and answers with the task's id before the task has ended", async () => {
  const { run, server, clock } = bedOf();
  expect(await run((context) => start(context, given))).toEqual({ taskId: "task-1" });
  expect(server.starts).toEqual([expect.objectContaining({ method: "POST", path: "/api/vcenter/vm" })]);
  expect(clock.elapsed()).toBe(0);
});

test("writes the intent into the journal before anything is sent, and the task's id as soon as it is known", async () => {
  const { run, server, records } = bedOf();
  let before: string[] = [];
  server.onStart.push(() => {
    before = records();
    return { kind: "task", ref: { id: "task-9", kind: "task" } };
  });
  await run((context) => start(context, given));
  expect(before).toHaveLength(1);
  expect(before[0]).not.toContain("taskId");
  expect(records()).toEqual([expect.stringContaining('"taskId":"task-9"')]);
});

test("a journal that can no longer be written costs a warning, not the started task", async () => {
  const { context, run, server, deployment } = bedOf();
  server.onStart.push(() => {
    jest.spyOn(context.journal, "write").mockImplementation(() => {
      throw new Error("no space left");
    });
    return { kind: "task", ref: { id: "task-9", kind: "task" } };
  });
  expect(await run((opened) => start(opened, given))).toEqual({ taskId: "task-9" });
  expect(deployment.warnings).toEqual([expect.stringMatching(/task-9.*no space left/)]);
});

describe("a server that answers at once", () => {
  test("gives its body as the result, and an id that stands for no task", async () => {
    const { run, server } = bedOf();
    server.onStart.push({ kind: "done", body: "vm-42", note: "There was nothing to do." });
    const started = await run((context) => start(context, given));
    expect(started).toEqual({
      taskId: expect.stringMatching(/^immediate:/) as string,
      immediateResult: "vm-42",
    });
  });

  test("shows no secret of the request with which it answers", async () => {
    const { run, server, deployment } = bedOf();
    server.onStart.push({ kind: "done", body: "vm-42", note: "The password c4nary+Pass is weak." });
    await run((context) => start(context, { ...given, secretValues: ["c4nary+Pass"] }));
    expect(deployment.warnings).toEqual([expect.stringMatching(/^The password .* is weak\.$/)]);
    expect(deployment.warnings[0]).not.toContain("c4nary");
  });

  test("has its record found by the id that the engine saves, so that it does not stay for ever", async () => {
    const bed = bedOf();
    bed.server.onStart.push({ kind: "done", body: "vm-42" });
    const { taskId } = await bed.run((context) => start(context, given));
    expect(bed.records()).toEqual([expect.stringContaining(`"taskId":"${taskId}"`)]);
  });

  test("gives two resources different ids in the same millisecond", async () => {
    const { run, server } = bedOf();
    server.onStart.push({ kind: "done", body: 1 }, { kind: "done", body: 2 });
    const [one, two] = await run((context) =>
      Promise.all([start(context, given), start(context, { ...given, resourceUrn: `${resourceUrn}-2` })]),
    );
    expect(one.taskId).not.toBe(two.taskId);
  });
});

describe("a busy server", () => {
  const busy = (): Error => refusal("Another operation is in progress.", { httpStatus: 409, isBusy: true });

  test("is waited out by the policy, and then the request is sent", async () => {
    const { run, server, clock, deployment } = bedOf();
    server.onStart.push(busy(), busy());
    const started = await run((context) => start(context, { ...given, retry: { delay: "10s", factor: 2 } }));
    expect(started.taskId).toBe("task-1");
    expect(server.starts).toHaveLength(3);
    expect(clock.elapsed()).toBe(30_000);
    expect(deployment.warnings[0]).toContain("nothing was started");
  });

  test("is asked again when it says so", async () => {
    const { run, server, clock } = bedOf();
    server.onStart.push(refusal("Later.", { isBusy: true, retryAfterMs: 77_000 }));
    await run((context) => start(context, given));
    expect(clock.elapsed()).toBe(77_000);
  });

  test("is not asked in a busy loop, whatever the policy says", async () => {
    const { run, server, clock } = bedOf();
    server.onStart.push(...Array.from({ length: 20 }, busy));
    await run((context) => start(context, { ...given, retry: { delay: "0s" } }));
    expect(clock.elapsed()).toBeGreaterThanOrEqual(20_000);
  });

  test("that stays so is an error that says nothing was started, and leaves no record", async () => {
    const { error, server, clock, records } = bedOf();
    server.onStart.push(...Array.from({ length: 100 }, busy));
    const thrown = await error((context) => start(context, { ...given, retry: { busyTimeout: "5m" } }));
    expect(thrown.message).toMatch(/in progress.*5m.*nothing was started/);
    expect(clock.elapsed()).toBe(5 * minute);
    expect(records()).toEqual([]);
  });

  test("shows no secret of the request in its warning", async () => {
    const { run, server, deployment } = bedOf();
    server.onStart.push(refusal('Cannot take {"password":"body-canary"} or value-canary.', { isBusy: true }));
    await run((context) => start(context, { ...given, secretValues: ["value-canary"] }));
    expect(deployment.warnings).toHaveLength(1);
    expect(deployment.warnings.join()).not.toContain("canary");
  });
});

test("a refusal because it is there already tells how to take the task that made it", async () => {
  const { error, server } = bedOf();
  const causes = [{ path: [], code: "ALREADY_EXISTS", message: "The name is taken." }];
  server.onStart.push(refusal("The name is taken.", { causes }), refusal("The disk is full."));
  expect((await error((context) => start(context, given))).message).toMatch(
    /^The name is taken.*`adoptTaskId`/s,
  );
  expect((await error((context) => start(context, given))).message).toBe("The disk is full.");
});

test("a refusal is an error at once and leaves no record", async () => {
  const { error, server, clock, records } = bedOf();
  server.onStart.push(refusal("The name is taken."));
  expect(await error((context) => start(context, given))).toMatchObject({ code: "VMWARE_REQUEST_REFUSED" });
  expect(clock.elapsed()).toBe(0);
  expect(records()).toEqual([]);
});

describe("an endpoint that does not answer", () => {
  test("is waited for, and then the request is sent once", async () => {
    const { run, server } = bedOf();
    server.onReach.push(...Array.from({ length: 5 }, () => fault("no route")));
    expect(await run((context) => start(context, given))).toEqual({ taskId: "task-1" });
    expect(server.starts).toHaveLength(1);
  });

  test("for too long is an error that says nothing was started, and leaves no record", async () => {
    const { error, server, clock, records } = bedOf({ endpoint: { reachTimeout: "2m" } });
    server.onReach.push(...Array.from({ length: 100 }, () => fault("No route to vc.")));
    const thrown = await error((context) => start(context, given));
    expect(thrown.message).toMatch(/No route to vc\..*2m \(reachTimeout\); nothing was started/);
    expect(clock.elapsed()).toBe(2 * minute);
    expect(server.starts).toEqual([]);
    expect(records()).toEqual([]);
  });

  test.each(["login", "tls", "redirect"] as const)(
    "for a reason of class %s is not waited for",
    async (faultClass) => {
      const { error, server, clock } = bedOf();
      server.onReach.push(fault("refused", { faultClass }));
      expect(await error((context) => start(context, given))).toMatchObject({ message: "refused" });
      expect(clock.elapsed()).toBe(0);
    },
  );

  test("when the request is about to leave is waited for too, for nothing was sent", async () => {
    const { run, server } = bedOf();
    server.onStart.push(fault("connection refused", { sent: "no" }));
    expect(await run((context) => start(context, given))).toEqual({ taskId: "task-1" });
    expect(server.starts).toHaveLength(2);
    expect(server.searches).toEqual([]);
  });
});

describe("when the engine has gone", () => {
  test("nothing is sent and nothing is journaled", async () => {
    const { error, server, deployment, records } = bedOf();
    deployment.isGone = true;
    expect(await error((context) => start(context, given))).toMatchObject({ code: "VMWARE_ENGINE_GONE" });
    expect(server.starts).toEqual([]);
    expect(records()).toEqual([]);
  });

  test("a request that is held back at the last moment leaves no record, for nothing was sent", async () => {
    const { error, server, deployment, records } = bedOf();
    server.client.clockOffsetMs = () => {
      deployment.isGone = true;
      return 0;
    };
    expect(await error((context) => start(context, given))).toMatchObject({ code: "VMWARE_ENGINE_GONE" });
    expect(deployment.asked).toBe(2);
    expect(server.starts).toEqual([]);
    expect(records()).toEqual([]);
  });

  test("while a busy server is waited for, nothing more is sent", async () => {
    const { error, server, deployment } = bedOf();
    server.onStart.push(() => {
      deployment.end();
      throw refusal("busy", { isBusy: true });
    });
    expect(await error((context) => start(context, given))).toMatchObject({ code: "VMWARE_ENGINE_GONE" });
    expect(server.starts).toHaveLength(1);
  });

  test("while the request is on its way, the reply is still journaled", async () => {
    const { error, run, server, deployment, records } = bedOf();
    server.onStart.push(() => {
      deployment.end();
      return { kind: "task", ref: { id: "task-9", kind: "task" } };
    });
    await run((context) => start(context, given));
    expect(records()).toEqual([expect.stringContaining("task-9")]);
    expect(await error((context) => start(context, given))).toMatchObject({ code: "VMWARE_ENGINE_GONE" });
  });
});

describe("adoptTaskId", () => {
  test("follows a task that runs and sends nothing", async () => {
    const { run, server } = bedOf();
    const { id } = server.begin();
    expect(await run((context) => start(context, { ...given, adoptTaskId: id }))).toEqual({ taskId: id });
    expect(server.starts).toEqual([]);
  });

  test("of a task that the server does not know is an error", async () => {
    const { error } = bedOf();
    const thrown = await error((context) => start(context, { ...given, adoptTaskId: "lost" }));
    expect(thrown).toMatchObject({ code: "VMWARE_TASK_NOT_FOUND" });
    expect(thrown.message).toContain('"lost" (adoptTaskId)');
  });
});

test("a deployment without checkpoints is warned of", async () => {
  const { run, deployment } = bedOf({ skipsCheckpoints: true });
  await run((context) => start(context, given));
  expect(deployment.warnings).toEqual([expect.stringContaining("PULUMI_SKIP_CHECKPOINTS")]);
});
