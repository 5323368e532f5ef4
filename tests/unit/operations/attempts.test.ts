import { complete, type CompletionArguments } from "../../../provider/operations";
import { UnexpectedReplyError, type FailureCause } from "../../../provider/tasks";
import { fault, refusal } from "../../support/fake-server";
import { resourceUrn } from "../../support/operation-bed";
import { bedOf } from "../../support/with-bed";

const minute = 60_000;
const given: CompletionArguments = {
  resourceUrn,
  endpoint: "vc",
  startedTaskId: "task-1",
  request: { method: "POST", path: "/api/vcenter/vm", body: { name: "vm" } },
};
const failing = { ends: "FAILED", causes: [{ path: [], code: "BUSY", message: "It is locked." }] } as const;
const startAgain = { how: "startAgain", maxAttempts: 3, delay: "1m" } as const;

test("without a policy, a failed task is not attempted again in the same deployment", async () => {
  const { run, server } = bedOf();
  server.begin(failing);
  expect((await run((context) => complete(context, given))).outcome.attempts).toBe(1);
  expect(server.starts).toEqual([]);
});

test("startAgain sends the request again after a pause, counts, and follows the new task", async () => {
  const { run, server, clock } = bedOf();
  server.begin(failing);
  server.script.push(failing, { result: "vm-3" });
  const { outcome, failure } = await run((context) => complete(context, { ...given, retry: startAgain }));
  expect(failure).toBeUndefined();
  expect(outcome).toMatchObject({ status: "SUCCEEDED", taskId: "task-3", result: "vm-3", attempts: 3 });
  expect(server.starts).toHaveLength(2);
  // Three tasks of 10 s, and pauses of one and two minutes.
  expect(clock.elapsed()).toBeGreaterThanOrEqual(3.5 * minute);
});

test("when the attempts are used up, the failure tells how many there were", async () => {
  const { run, server } = bedOf();
  server.begin(failing);
  server.script.push(failing, failing, failing);
  const { outcome, failure } = await run((context) => complete(context, { ...given, retry: startAgain }));
  expect(outcome).toMatchObject({ status: "FAILED", taskId: "task-3", attempts: 3 });
  expect(failure).toContain("at attempt 3");
});

test("no attempt begins when the time is up, and the failure says why", async () => {
  const { run, server, clock } = bedOf();
  server.begin(failing);
  const { outcome, failure } = await run((context) =>
    complete(context, { ...given, timeout: "2m", retry: { ...startAgain, delay: "10m" } }),
  );
  expect(outcome).toMatchObject({ status: "FAILED", attempts: 1 });
  expect(failure).toMatch(/10m would begin after `timeout`/);
  expect(server.starts).toEqual([]);
  expect(clock.elapsed()).toBeLessThan(minute);
});

test.each<[string, NonNullable<CompletionArguments["retry"]>, Partial<FailureCause>, number]>([
  ["a code that is listed", { ...startAgain, when: { codes: ["BUSY"] } }, {}, 1],
  ["a code that is not listed", { ...startAgain, when: { codes: ["OTHER"] } }, {}, 0],
  ["a message that matches", { ...startAgain, when: { message: "LOCKED" } }, {}, 1],
  ["a message that does not match", { ...startAgain, when: { message: "full" } }, {}, 0],
  [
    "transientOnly and a passing failure",
    { ...startAgain, when: { transientOnly: true } },
    { isTransient: true },
    1,
  ],
  ["transientOnly and nothing told", { ...startAgain, when: { transientOnly: true } }, {}, 0],
  ["a failure that the server calls final", startAgain, { isTransient: false }, 0],
])("with %s, the policy decides", async (_title, retry, cause, starts) => {
  const { run, server } = bedOf();
  server.begin({ ...failing, causes: [{ path: [], code: "BUSY", message: "It is locked.", ...cause }] });
  await run((context) => complete(context, { ...given, retry }));
  expect(server.starts).toHaveLength(starts);
});

describe("before it starts again", () => {
  test("the cleanup request runs to its end", async () => {
    const { run, server } = bedOf();
    server.begin(failing);
    const cleanup = { method: "DELETE", path: "/api/vcenter/vm/half-made" } as const;
    const { failure } = await run((context) =>
      complete(context, { ...given, retry: { ...startAgain, cleanup } }),
    );
    expect(failure).toBeUndefined();
    expect(server.starts.map(({ method }) => method)).toEqual(["DELETE", "POST"]);
    expect(server.tasks.get("task-3")?.startedAt).toBeGreaterThanOrEqual(
      server.tasks.get("task-2")?.endsAt ?? Infinity,
    );
  });

  test("the cleanup's reply is read as its own request says", async () => {
    const { run, server } = bedOf();
    server.begin(failing);
    const cleanup = { method: "POST", path: "/sdk/vim25/8.0.2.0/VirtualMachine/vm-1/Destroy_Task" } as const;
    await run((context) =>
      complete(context, {
        ...given,
        taskIdFrom: "apply_task",
        observe: { request: { method: "GET", path: "/api/vcenter/vm/vm-1" } },
        retry: { ...startAgain, cleanup },
      }),
    );
    expect(server.startOptions).toMatchObject([
      { kind: "vim", taskIdFrom: undefined, isObserved: undefined },
      { kind: "task", taskIdFrom: "apply_task", isObserved: true },
    ]);
  });

  test("a cleanup that has nothing to clean is as good as done", async () => {
    const { run, server } = bedOf();
    server.begin(failing);
    server.onStart.push(refusal("There is no such VM.", { httpStatus: 404, isNotFound: true }));
    const cleanup = { method: "DELETE", path: "/api/vcenter/vm/half-made" } as const;
    const { failure } = await run((context) =>
      complete(context, { ...given, retry: { ...startAgain, cleanup } }),
    );
    expect(failure).toBeUndefined();
  });

  test("a cleanup that fails keeps the failure, and says so", async () => {
    const { run, server } = bedOf();
    server.begin(failing);
    server.script.push({ ends: "FAILED", causes: [{ path: [], message: "Still powered on." }] });
    const cleanup = { method: "DELETE", path: "/api/vcenter/vm/half-made" } as const;
    const { outcome, failure } = await run((context) =>
      complete(context, { ...given, retry: { ...startAgain, cleanup } }),
    );
    expect(outcome).toMatchObject({ status: "FAILED", taskId: "task-1" });
    expect(failure).toMatch(/It is locked\..*cleanup request failed.*Still powered on\./s);
    expect(server.starts).toHaveLength(1);
  });

  const disk = [{ type: "Disk", id: "disk-1" }];
  const ofDisk = { ...given, request: { method: "POST", path: "/api/disks/disk-1?action=check" } } as const;

  test("a task on the same object that somebody else has started since is followed instead", async () => {
    const { run, server, context, clock, deployment } = bedOf();
    server.begin({ ...failing, resources: disk });
    const work = complete(context, { ...ofDisk, retry: startAgain });
    await clock.advance(30_000);
    server.begin({ durationMs: 5 * minute, result: "theirs", resources: disk });
    const { outcome } = await run(() => work);
    expect(outcome).toMatchObject({ status: "SUCCEEDED", taskId: "task-2", result: "theirs" });
    expect(server.starts).toEqual([]);
    expect(deployment.warnings).toEqual([expect.stringMatching(/task-2 was started since by somebody else/)]);
  });

  const template = { type: "VirtualMachine", id: "vm-1", name: "template" };

  test.each([
    ["on another object", ofDisk, disk, [{ type: "Disk", id: "disk-2" }]],
    ["of which nobody knows the object", ofDisk, [], []],
    ["that copies the same template, maybe under another name", given, [template], [template]],
  ])("a task %s is nobody's but theirs", async (_what, given, ours, theirs) => {
    const { run, server, context, clock } = bedOf();
    server.begin({ ...failing, resources: ours });
    const work = complete(context, { ...given, retry: startAgain });
    await clock.advance(30_000);
    server.begin({ durationMs: 5 * minute, result: "theirs", resources: theirs });
    const { outcome } = await run(() => work);
    expect(outcome).toMatchObject({ status: "SUCCEEDED", taskId: "task-3" });
    expect(server.starts).toHaveLength(1);
  });

  test("a sibling's attempt is not taken while the reply to it is still to come", async () => {
    const { run, server, context, clock } = bedOf();
    server.begin({ ...failing, resources: disk });
    server.begin({ ...failing, resources: disk });
    // The first one's attempt is at the server for ten seconds before its reply comes.
    server.onStart.push(async () => {
      const { id } = server.begin({ durationMs: 5 * minute, resources: disk });
      await clock.sleep(10_000);
      return { kind: "task", ref: { id, kind: "task" } };
    });
    const first = complete(context, { ...ofDisk, retry: startAgain });
    await clock.advance(5_000);
    const second = complete(context, {
      ...ofDisk,
      resourceUrn: `${resourceUrn}-sibling`,
      startedTaskId: "task-2",
      retry: startAgain,
    });
    const ends = await run(() => Promise.all([first, second]));
    expect(ends.map(({ outcome }) => outcome.taskId).sort()).toEqual(["task-3", "task-4"]);
  });

  test("several tasks on the same object are listed instead of guessed at", async () => {
    const { run, server, context, clock } = bedOf();
    server.begin({ ...failing, resources: disk });
    const work = complete(context, { ...ofDisk, retry: startAgain });
    await clock.advance(30_000);
    for (let count = 2; count > 0; count -= 1) server.begin({ durationMs: 5 * minute, resources: disk });
    const { failure } = await run(() => work);
    expect(failure).toMatch(
      /Several tasks on the same object run now \(task-2, task-3\); `adoptTaskId` chooses/,
    );
    expect(server.starts).toEqual([]);
  });

  test.each([
    ["is away", fault("away")],
    ["refuses the list", refusal("You may not list tasks.")],
    ["answers something odd", new UnexpectedReplyError("no list")],
  ])("where the server %s, nobody is followed and the attempt is made", async (_what, error) => {
    const { run, server } = bedOf();
    server.begin(failing);
    server.onFind.push(error);
    const { outcome } = await run((context) => complete(context, { ...given, retry: startAgain }));
    expect(outcome).toMatchObject({ status: "SUCCEEDED", attempts: 2 });
    expect(server.starts).toHaveLength(1);
  });

  test("a task of the same kind that ran all the time is not taken for one that was started since", async () => {
    const { run, server } = bedOf();
    server.begin(failing);
    server.begin({ durationMs: 60 * minute }, "unrelated");
    const { outcome } = await run((context) => complete(context, { ...given, retry: startAgain }));
    expect(outcome.taskId).toBe("task-3");
  });

  test("an engine that has gone starts nothing", async () => {
    const { error, server, deployment } = bedOf();
    server.begin(failing);
    deployment.isGone = true;
    const thrown = await error((context) => complete(context, { ...given, retry: startAgain }));
    expect(thrown).toMatchObject({ code: "VMWARE_ENGINE_GONE" });
    expect(server.starts).toEqual([]);
  });
});

test("a new start that is answered at once ends the operation well", async () => {
  const { run, server } = bedOf();
  server.begin(failing);
  server.onStart.push({ kind: "done", body: "vm-7" });
  const { outcome, failure } = await run((context) => complete(context, { ...given, retry: startAgain }));
  expect(failure).toBeUndefined();
  expect(outcome).toMatchObject({ status: "SUCCEEDED", result: "vm-7", attempts: 2 });
});

test("a new start that is refused keeps the failure of the task, and adds why", async () => {
  const { run, server } = bedOf();
  server.begin(failing);
  server.onStart.push(refusal("The name is taken."));
  const { outcome, failure } = await run((context) => complete(context, { ...given, retry: startAgain }));
  expect(outcome).toMatchObject({ status: "FAILED", taskId: "task-1", attempts: 1 });
  expect(failure).toMatch(/It is locked\..*The name is taken\./s);
});

test("a new start that may have happened is not sent again, and very many candidates do not fill the screen", async () => {
  const { run, server } = bedOf();
  server.begin(failing);
  server.onStart.push(() => {
    for (let count = 0; count < 500; count += 1) server.begin();
    throw fault("lost", { sent: "maybe" });
  });
  const { outcome, failure } = await run((context) => complete(context, { ...given, retry: startAgain }));
  expect(outcome.status).toBe("FAILED");
  expect(failure).toContain("adoptTaskId");
  expect(failure?.split("\n").length).toBeLessThanOrEqual(40);
  expect(server.starts).toHaveLength(1);
});

test("a task of somebody else's, without a request, cannot start again and says so", async () => {
  const { run, server } = bedOf();
  server.begin(failing);
  const { failure } = await run((context) =>
    complete(context, { ...given, request: undefined, retry: startAgain }),
  );
  expect(failure).toContain("the program gives no `request`");
});

test("of what cannot be attempted again it is told at once", async () => {
  const { run, server, clock } = bedOf();
  server.begin({ ...failing, durationMs: 0 });
  const { failure } = await run((context) =>
    complete(context, { ...given, request: undefined, retry: { maxAttempts: 3, delay: "10m" } }),
  );
  expect(failure).toContain("the program gives no `request`");
  expect(clock.elapsed()).toBeLessThan(minute);
});
