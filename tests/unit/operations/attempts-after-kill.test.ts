import { writeFileSync } from "node:fs";

import { complete, type CompletionArguments, type Outcome } from "../../../provider/operations";
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

describe("after a kill", () => {
  test("an attempt whose id the journal knows is gone on with, and counted", async () => {
    const bed = bedOf();
    bed.server.begin(failing);
    bed.server.script.push({ durationMs: 30 * minute, result: "vm-2" });
    void complete(bed.context, { ...given, retry: startAgain }).catch(() => undefined);
    await bed.clock.advance(5 * minute);
    const later = bed.restart();
    const { outcome } = await later.run((context) => complete(context, { ...given, retry: startAgain }));
    expect(outcome).toMatchObject({ status: "SUCCEEDED", taskId: "task-2", attempts: 2, result: "vm-2" });
    expect(bed.server.starts).toHaveLength(1);
  });

  test("a completion that is made anew follows the attempt that succeeded, not the first one", async () => {
    const bed = bedOf();
    bed.server.begin(failing);
    const args = { ...given, retry: startAgain };
    const { outcome } = await bed.run((context) => complete(context, args));
    // A later deployment has nothing to do; another one has lost the completion, as by `pulumi state delete`.
    await bed.restart().run((context) => complete(context, args, outcome));
    const anew = await bed.restart().run((context) => complete(context, args));
    expect(anew.outcome).toMatchObject({ status: "SUCCEEDED", taskId: outcome.taskId, attempts: 2 });
    expect(bed.server.starts).toHaveLength(1);
  });

  test("somebody else's task that was followed is gone on with too", async () => {
    const resources = [{ type: "Disk", id: "disk-1" }];
    const ofDisk = { ...given, request: { method: "POST", path: "/api/disks/disk-1?action=check" } } as const;
    const bed = bedOf();
    bed.server.begin({ ...failing, resources });
    void complete(bed.context, { ...ofDisk, retry: startAgain }).catch(() => undefined);
    await bed.clock.advance(30_000);
    const theirs = bed.server.begin({ durationMs: 5 * minute, result: "theirs", resources });
    await bed.clock.advance(2 * minute);
    const later = bed.restart();
    await bed.clock.advance(theirs.endsAt - bed.clock.now() + minute);
    const { outcome } = await later.run((context) => complete(context, { ...ofDisk, retry: startAgain }));
    expect(outcome).toMatchObject({ status: "SUCCEEDED", result: "theirs" });
    expect(bed.server.starts).toEqual([]);
  });

  test("an attempt whose reply was lost is asked for, and not cleaned away", async () => {
    const bed = bedOf();
    const cleanup = { method: "DELETE", path: "/api/vcenter/vm/half-made" } as const;
    const retry = { ...startAgain, cleanup };
    bed.server.begin(failing);
    bed.server.onStart.push({ kind: "done", body: undefined }, () => {
      bed.server.begin({ durationMs: 1_000 });
      return new Promise<never>(() => undefined);
    });
    void complete(bed.context, { ...given, retry }).catch(() => undefined);
    await bed.clock.advance(5 * minute);
    const { outcome } = await bed.restart().run((context) => complete(context, { ...given, retry }));
    expect(outcome).toMatchObject({ status: "SUCCEEDED", taskId: "task-2", attempts: 2 });
    expect(bed.server.starts).toHaveLength(2);
  });

  test("an attempt whose record cannot be read is not cleaned away", async () => {
    const { run, server, context } = bedOf();
    const cleanup = { method: "DELETE", path: "/api/vcenter/vm/half-made" } as const;
    server.begin(failing);
    void context.clock.sleep(30_000).then(() => {
      server.begin({ durationMs: 60 * minute, result: "vm-2" });
      writeFileSync(context.journal.fileOf(resourceUrn, "attempt"), "{");
    });
    const { outcome } = await run(() => complete(context, { ...given, retry: { ...startAgain, cleanup } }));
    expect(outcome).toMatchObject({ status: "SUCCEEDED", taskId: "task-2" });
    expect(server.starts).toEqual([]);
  });

  const stored: Outcome = {
    taskId: "task-1",
    status: "FAILED",
    nativeStatus: "",
    resources: [],
    warnings: [],
    attempts: 1,
  };
  test.each([
    ["a failure in the state", stored],
    ["no state", undefined],
  ])("with %s, an attempt that was answered at once is not made again", async (_title, previous) => {
    const bed = bedOf();
    bed.server.begin(failing);
    bed.server.onStart.push({ kind: "done", body: "vm-7" });
    const { outcome: lost } = await bed.run((context) => complete(context, { ...given, retry: startAgain }));
    expect(lost.status).toBe("SUCCEEDED");
    const later = await bed
      .restart()
      .run((context) => complete(context, { ...given, retry: startAgain }, previous));
    expect(later.outcome).toMatchObject({ status: "SUCCEEDED", attempts: 2 });
    expect(bed.server.starts).toHaveLength(1);
  });

  test("the third attempt is not sent again, nor counted from the first", async () => {
    const bed = bedOf();
    const retry = { ...startAgain, maxAttempts: 5 };
    bed.server.begin(failing);
    bed.server.script.push(failing, { durationMs: 30 * minute, result: "vm-3" });
    void complete(bed.context, { ...given, retry }).catch(() => undefined);
    while (bed.server.starts.length < 2) await bed.clock.advance(1_000);
    const record = bed.context.journal.read(given.resourceUrn, "attempt");
    if (record?.taskId === undefined || given.request === undefined) throw new Error("There is no attempt.");
    expect(record.attempt).toBe(3);
    const later = bed.restart();
    // As if it had been killed after the third attempt had left and before its reply came.
    const { resourceUrn, kind, endpoint, of, attempt, sentAt } = record;
    const { method, path, body } = given.request;
    later.context.journal.write({
      ...{ resourceUrn, kind, endpoint, of, attempt, sentAt },
      request: { request: { method, path, body }, taskKind: "task" },
    });
    const { outcome } = await later.run((context) => complete(context, { ...given, retry }));
    expect(outcome).toMatchObject({ status: "SUCCEEDED", taskId: "task-3", attempts: 3 });
    expect(bed.server.starts).toHaveLength(2);
  });
});
