// Tasks of SDDC Manager keep their id when they are retried, and people do that in its user interface.
import { complete, followUp, type FollowUp } from "../../../provider/operations";
import { fault, type ServerTask } from "../../support/fake-server";
import { completion as given, resourceUrn, type Bed } from "../../support/operation-bed";
import { bedOf } from "../../support/with-bed";

const minute = 60_000;
const sddc = { product: "sddc-manager" } as const;
const failing = {
  ends: "FAILED",
  causes: [{ path: [], message: "It is locked." }],
  isRetryable: true,
} as const;

/** Somebody has the server retry a failed task, which then succeeds. */
function retry({ clock }: Bed, task: ServerTask | undefined): void {
  if (task === undefined) throw new Error("There is no such task.");
  task.endsAt = clock.now() + 30 * minute;
  task.ends = "SUCCEEDED";
}

describe("an operation that is retried while its next attempt is waited for", () => {
  test.each([
    ["is followed and not started again", { how: "startAgain" }],
    ["is followed and not retried again", { how: "auto" }],
    ["is not cleaned away", { how: "startAgain", cleanup: { method: "DELETE", path: "/v1/domains/1" } }],
  ] as const)("%s", async (_title, policy) => {
    const bed = bedOf(sddc);
    const task = bed.server.begin({ ...failing, durationMs: 10_000 });
    void bed.clock.sleep(minute).then(() => retry(bed, task));
    const { outcome } = await bed.run((context) =>
      complete(context, { ...given, retry: { maxAttempts: 2, delay: "5m", ...policy } }),
    );
    expect(outcome).toMatchObject({ status: "SUCCEEDED", taskId: "task-1", attempts: 1 });
    expect(bed.server.starts).toEqual([]);
    expect(bed.server.retries).toEqual([]);
  });

  test("is attempted again when it fails once more", async () => {
    const bed = bedOf(sddc);
    const task = bed.server.begin({ ...failing, durationMs: 10_000 });
    void bed.clock.sleep(minute).then(() => {
      retry(bed, task);
      task.ends = "FAILED";
    });
    const policy = { how: "startAgain", maxAttempts: 2, delay: "5m" } as const;
    const { outcome } = await bed.run((context) => complete(context, { ...given, retry: policy }));
    expect(outcome).toMatchObject({ status: "SUCCEEDED", taskId: "task-2", attempts: 2 });
  });
});

test("an operation that the program alone takes for failed is attempted again, and its task not looked at for ever", async () => {
  const bed = bedOf(sddc);
  bed.server.begin({ durationMs: 0, result: "a" });
  bed.server.script.push({ durationMs: 0, result: "b" });
  const wanted = [{ path: "result", equals: "b" }];
  const { outcome } = await bed.run((context) =>
    complete(context, { ...given, expect: wanted, retry: { maxAttempts: 2, delay: "1m" } }),
  );
  expect(outcome).toMatchObject({ status: "SUCCEEDED", attempts: 2 });
  expect(bed.clock.elapsed()).toBeLessThan(2 * minute);
});

test("an operation whose task cannot be looked at before another attempt is not attempted, least of all after its time", async () => {
  const bed = bedOf(sddc);
  bed.server.begin({ ...failing, durationMs: 0 });
  for (let time = 0; time < 200; time += 1) bed.server.onGet.push(fault("HTTP 503"));
  const policy = { how: "startAgain", maxAttempts: 2, delay: "1s" } as const;
  const { outcome, failure } = await bed.run((context) =>
    complete(context, { ...given, timeout: "2m", retry: policy }),
  );
  expect(outcome.status).toBe("FAILED");
  expect(failure).toMatch(/It is locked\..*could not be looked at now: HTTP 503/s);
  expect(bed.server.starts).toEqual([]);
  expect(bed.clock.elapsed()).toBe(2 * minute);
});

describe.each(["update", "delete"] as const)(
  "the %s that was retried between two deployments",
  (requestKind) => {
    const asked: FollowUp = {
      resourceUrn,
      requestKind,
      endpoint: "vc",
      of: "task-0",
      request: { method: "PATCH", path: "/v1/domains/1", body: { cpus: 4 } },
    };
    const saved = { of: "task-0" };

    async function failedBefore(): Promise<Bed> {
      const bed = bedOf(sddc);
      bed.server.script.push({ ...failing });
      await bed.error((context) => followUp(context, asked, saved));
      return bed.restart(sddc);
    }

    test("is followed, and not sent again", async () => {
      const bed = await failedBefore();
      retry(bed, bed.server.tasks.get("task-1"));
      await bed.run((context) => followUp(context, asked, saved));
      expect(bed.server.starts).toHaveLength(1);
      expect(bed.server.snapshot("task-1").status).toBe("SUCCEEDED");
    });

    test("is done when it has succeeded meanwhile", async () => {
      const bed = await failedBefore();
      retry(bed, bed.server.tasks.get("task-1"));
      await bed.clock.advance(60 * minute);
      await bed.run((context) => followUp(context, asked, saved));
      expect(bed.server.starts).toHaveLength(1);
    });

    test("waits no longer for an endpoint that is away than any other", async () => {
      const bed = await failedBefore();
      for (let time = 0; time < 200; time += 1) bed.server.onReach.push(fault("down"));
      const began = bed.clock.now();
      const error = await bed.error((context) => followUp(context, asked, saved));
      expect(error.message).toContain("reachTimeout");
      expect(bed.clock.now() - began).toBe(5 * minute);
    });

    test("is sent again when it has not been", async () => {
      const bed = await failedBefore();
      await bed.run((context) => followUp(context, asked, saved));
      expect(bed.server.starts).toHaveLength(2);
      expect(bed.records().filter((record) => record.includes('"isOver"'))).toEqual([]);
    });
  },
);

test("an update is sent only when another one that was retried has ended", async () => {
  const bed = bedOf(sddc);
  const asked: FollowUp = {
    resourceUrn,
    requestKind: "update",
    endpoint: "vc",
    of: "task-0",
    request: { method: "PATCH", path: "/v1/domains/1", body: { cpus: 4 } },
  };
  bed.server.script.push({ ...failing });
  await bed.error((context) => followUp(context, asked, { of: "task-0" }));
  const later = bed.restart(sddc);
  retry(later, later.server.tasks.get("task-1"));
  const other = { ...asked, request: { ...asked.request, body: { cpus: 8 } } };
  const began = later.clock.now();
  await later.run((context) => followUp(context, other, { of: "task-0" }));
  expect(later.server.starts).toHaveLength(2);
  expect(later.clock.now() - began).toBeGreaterThan(30 * minute);
  expect(later.deployment.warnings).toEqual([expect.stringMatching(/retried at the server.*task-1/s)]);
});

test("a delete whose task did not find the object leaves no record", async () => {
  const bed = bedOf(sddc);
  bed.server.script.push({
    ends: "FAILED",
    causes: [{ path: [], code: "DOMAIN_NOT_FOUND", message: "gone" }],
  });
  const request = { method: "DELETE", path: "/v1/domains/1" } as const;
  await bed.run((context) =>
    followUp(context, { resourceUrn, requestKind: "delete", endpoint: "vc", of: "task-0", request }),
  );
  expect(bed.records()).toEqual([]);
});
