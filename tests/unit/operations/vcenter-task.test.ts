import { complete, type CompletionArguments } from "../../../provider/operations";
import type { ScriptedTask } from "../../support/fake-server";
import { fault } from "../../support/fake-server";
import { password, resourceUrn } from "../../support/operation-bed";
import { bedOf } from "../../support/with-bed";

const given: CompletionArguments = {
  resourceUrn,
  endpoint: "snap",
  startedTaskId: "task-1",
  request: { method: "POST", path: "/api/snapservice/clusters/domain-c8/protection-groups" },
};
const options = { product: "snapservice", endpointName: "snap", hasVcenterBehind: true } as const;
const own = { path: [], code: "ERROR", message: "The snapshot failed." };
const failing: ScriptedTask = {
  durationMs: 30_000,
  ends: "FAILED",
  causes: [own],
  native: { vc_task: "task-123" },
};
const theirs = { path: ["Create snapshot"], code: "QUIESCE_FAILED", message: "The guest did not quiesce." };

describe("the causes of a vCenter task", () => {
  test("follow those of the task that names it", async () => {
    const { run, server, behind } = bedOf(options);
    server.begin(failing);
    behind.begin({ durationMs: 20_000, ends: "FAILED", causes: [theirs] }, "task-123");
    const { outcome, failure } = await run((context) => complete(context, given));
    expect(failure?.split("\n").slice(1, 4)).toEqual([
      "  ERROR: The snapshot failed.",
      "  at vCenter task task-123 › Create snapshot",
      "  QUIESCE_FAILED: The guest did not quiesce.",
    ]);
    expect(outcome.task).toMatchObject({ native: { vc_task: "task-123" } });
    expect(behind.gets).toEqual(["task-123"]);
  });

  test("are told once when the task gives them itself, and alone when it gives none", async () => {
    const { run, server, behind } = bedOf(options);
    server.begin({ ...failing, causes: [] });
    behind.begin({ durationMs: 0, ends: "FAILED", causes: [theirs, theirs] }, "task-123");
    const first = await run((context) => complete(context, given));
    expect(first.failure).toContain("\n  at vCenter task task-123 › Create snapshot\n");
    const second = bedOf(options);
    second.server.begin({ ...failing, causes: [{ path: [], message: theirs.message }] });
    second.behind.begin({ durationMs: 0, ends: "FAILED", causes: [theirs] }, "task-123");
    const { failure } = await second.run((context) => complete(context, given));
    expect(failure).not.toContain("vCenter task");
  });

  test("decide about another attempt as the task's own do", async () => {
    const { run, server, behind } = bedOf(options);
    server.begin({ ...failing });
    server.script.push({ durationMs: 1_000 });
    behind.begin({ durationMs: 0, ends: "FAILED", causes: [theirs] }, "task-123");
    const retry = { maxAttempts: 2, delay: "1s", when: { codes: ["QUIESCE_FAILED"] } };
    const { outcome } = await run((context) => complete(context, { ...given, retry }));
    expect(outcome).toMatchObject({ status: "SUCCEEDED", attempts: 2 });
  });

  test("are told too by a later deployment that only looks", async () => {
    const bed = bedOf(options);
    bed.server.begin(failing);
    bed.behind.begin({ durationMs: 0, ends: "FAILED", causes: [theirs] }, "task-123");
    const { outcome } = await bed.run((context) => complete(context, given));
    const later = { ...given, retry: { onNextUp: "look" } } as const;
    const { failure } = await bed.run((context) => complete(context, later, outcome));
    expect(failure).toContain("QUIESCE_FAILED: The guest did not quiesce.");
  });

  test.each<[string, (bed: ReturnType<typeof bedOf>) => void]>([
    ["the vCenter does not know it", () => undefined],
    ["the vCenter is away", ({ behind }) => behind.onGet.push(fault("no route to the vCenter"))],
    [
      "the vCenter refuses the log-in",
      ({ behind }) => behind.onGet.push(fault("refused", { faultClass: "login", httpStatus: 401 })),
    ],
    ["the vCenter answers something odd", ({ behind }) => behind.onGet.push(new TypeError("odd"))],
  ])("are left out when %s", async (_title, prepare) => {
    const bed = bedOf(options);
    bed.server.begin(failing);
    prepare(bed);
    const { failure } = await bed.run((context) => complete(context, given));
    expect(failure).toContain("  ERROR: The snapshot failed.");
    expect(failure).not.toContain("vCenter task");
    expect(bed.clock.elapsed()).toBeLessThan(45_000);
  });

  test("are not waited for longer than a moment", async () => {
    const bed = bedOf(options);
    bed.server.begin(failing);
    bed.behind.onGet.push(() => new Promise(() => undefined));
    const { failure } = await bed.run((context) => complete(context, given));
    expect(failure).toContain("  ERROR: The snapshot failed.");
    expect(bed.clock.elapsed()).toBeLessThan(50_000);
    expect(bed.clock.sleepers()).toBe(0);
  });

  test("show no secret", async () => {
    const bed = bedOf(options);
    bed.server.begin(failing);
    const message = `cannot log in with ${password}`;
    bed.behind.begin({ durationMs: 0, ends: "FAILED", causes: [{ path: [], message }] }, "task-123");
    const { failure } = await bed.run((context) => complete(context, given));
    expect(failure).toContain("cannot log in with [secret]");
  });
});

describe("the progress of a vCenter task", () => {
  const running: ScriptedTask = { durationMs: 120_000, native: { vc_task: "task-123" } };

  test("is shown while the task that names it shows none", async () => {
    const bed = bedOf(options);
    bed.server.begin(running);
    bed.behind.begin(
      { durationMs: 110_000, fraction: (at) => at / 110_000, message: "consolidating disks" },
      "task-123",
    );
    const { outcome } = await bed.run((context) => complete(context, given));
    expect(outcome.status).toBe("SUCCEEDED");
    expect(bed.deployment.statuses.some((text) => /^\d+ % · consolidating disks$/.test(text))).toBe(true);
    expect(bed.clock.sleepers()).toBe(0);
  });

  test("is followed with all others of that vCenter, however many tasks wait", async () => {
    const bed = bedOf(options);
    for (let number = 1; number <= 50; number += 1) {
      bed.server.begin({ ...running, native: { vc_task: `behind-${number}` } });
      bed.behind.begin({ durationMs: 110_000, fraction: (at) => at / 110_000 }, `behind-${number}`);
    }
    await bed.run((context) =>
      Promise.all(
        [...bed.server.tasks.keys()].map((startedTaskId) => complete(context, { ...given, startedTaskId })),
      ),
    );
    expect(bed.behind.gets).toEqual([]);
    expect(bed.behind.looks.length).toBeLessThan(bed.server.looks.length * 2);
  });

  test.each<[string, ScriptedTask]>([
    ["shows its own", { ...running, fraction: () => 0.5 }],
    ["names none", { durationMs: 120_000 }],
    ["names none that can be asked for", { durationMs: 120_000, native: { vc_task: 17 } }],
    ["names an empty one", { durationMs: 120_000, native: { vc_task: "" } }],
    ["has ended", { durationMs: 0, native: { vc_task: "task-123" } }],
  ])("costs nothing when the task %s", async (_title, task) => {
    const bed = bedOf(options);
    bed.server.begin(task);
    await bed.run((context) => complete(context, given));
    expect([bed.behind.looks, bed.behind.gets, bed.behind.reaches]).toEqual([[], [], 0]);
  });

  test.each<[string, (bed: ReturnType<typeof bedOf>) => void]>([
    ["is not known", () => undefined],
    [
      "cannot be looked at",
      ({ behind }) => behind.onLook.push(...Array.from({ length: 99 }, () => fault("no route"))),
    ],
    ["is never answered for", ({ behind }) => behind.onLook.push(() => new Promise(() => undefined))],
  ])("neither fails nor delays a wait when the task behind it %s", async (_title, prepare) => {
    const bed = bedOf(options);
    bed.server.begin(running);
    prepare(bed);
    const { outcome, failure } = await bed.run((context) => complete(context, given));
    expect([outcome.status, failure]).toEqual(["SUCCEEDED", undefined]);
    expect(bed.clock.elapsed()).toBeLessThan(140_000);
    expect(bed.clock.sleepers()).toBe(0);
  });
});

test("nothing is asked for an endpoint that names no vCenter", async () => {
  const bed = bedOf({ ...options, hasVcenterBehind: false });
  bed.server.begin({ ...failing });
  const { failure } = await bed.run((context) => complete(context, given));
  expect(failure).toContain("  ERROR: The snapshot failed.");
  expect([bed.behind.looks, bed.behind.gets]).toEqual([[], []]);
});

test.each([
  ["task-123", "vim"],
  ["52f9f1b0-160a-25fe-fd1e-e7526df80e0d:com.vmware.vcenter.VM", "task"],
])("%s is asked for as a task of the kind %s", async (id, kind) => {
  const bed = bedOf(options);
  bed.server.begin({ ...failing, native: { vc_task: id } });
  const kinds: unknown[] = [];
  bed.behind.client.get = (ref) => {
    kinds.push(ref.kind);
    return Promise.resolve(undefined);
  };
  await bed.run((context) => complete(context, given));
  expect(kinds).toEqual([kind]);
});
