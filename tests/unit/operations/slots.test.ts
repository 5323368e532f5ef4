import {
  complete,
  followUp,
  start,
  type Completion,
  type CompletionArguments,
  type Context,
  type StartArguments,
} from "../../../provider/operations";
import { createSlots } from "../../../provider/operations/slots";
import { resourceUrn, type Bed } from "../../support/operation-bed";
import { refusal } from "../../support/fake-server";
import { bedOf } from "../../support/with-bed";

const startOf = (name: string): StartArguments => ({
  resourceUrn: `${resourceUrn}-${name}`,
  endpoint: "vc",
  request: { method: "POST", path: `/api/${name}` },
});

test("maxConcurrentOperations holds starts back until a task ends", async () => {
  const { context, server, clock } = bedOf({ endpoint: { maxConcurrentOperations: 2 } });
  server.script.push({ durationMs: 60_000 }, { durationMs: 120_000 });
  const starts = ["a", "b", "c"].map((name) => start(context, startOf(name)));
  await clock.advance(30_000);
  expect(server.starts.map(({ path }) => path)).toEqual(["/api/a", "/api/b"]);
  await clock.run(Promise.all(starts));
  expect(server.starts.map(({ path }) => path)).toEqual(["/api/a", "/api/b", "/api/c"]);
  expect(clock.elapsed()).toBeGreaterThanOrEqual(60_000);
  expect(clock.elapsed()).toBeLessThan(70_000);
});

test("a start that is refused or answered at once gives its slot back", async () => {
  const { context, server, clock } = bedOf({ endpoint: { maxConcurrentOperations: 1 } });
  server.onStart.push(refusal("no"), { kind: "done", body: 1 });
  const outcomes = await clock.run(
    Promise.allSettled(["a", "b", "c"].map((name) => start(context, startOf(name)))),
  );
  expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "fulfilled", "fulfilled"]);
  expect(clock.elapsed()).toBe(0);
});

describe("with one slot", () => {
  const one = { endpoint: { maxConcurrentOperations: 1 } } as const;
  const minute = 60_000;
  const failing = { ends: "FAILED", causes: [{ path: [], message: "no" }] } as const;

  /** Starts an operation and completes it. */
  const whole = async (
    context: Context,
    name: string,
    more: Partial<CompletionArguments> = {},
  ): Promise<Completion> => {
    const { taskId } = await start(context, startOf(name));
    const { request, endpoint } = startOf(name);
    return complete(context, {
      ...{ resourceUrn: `${resourceUrn}-${name}`, endpoint, request, startedTaskId: taskId },
      ...more,
    });
  };

  /** The most tasks that ran at a time. */
  const mostAtOnce = ({ server }: Bed): number => {
    const tasks = [...server.tasks.values()];
    return Math.max(
      ...tasks.map(
        ({ startedAt }) =>
          tasks.filter((other) => other.startedAt <= startedAt && startedAt < other.endsAt).length,
      ),
    );
  };

  test("one who waits says for what", async () => {
    const { context, clock, deployment } = bedOf(one);
    const starts = ["a", "b"].map((name) => start(context, startOf(name)));
    await clock.run(Promise.all(starts));
    expect(deployment.statuses).toEqual(["waiting for a slot: 1 of 1 operations of endpoint vc run"]);
  });

  test("another attempt waits like everybody, and never for itself", async () => {
    const bed = bedOf(one);
    bed.server.script.push(failing, { durationMs: 5 * minute });
    const retry = { maxAttempts: 2, delay: "10s" } as const;
    const ends = await bed.clock.run(
      Promise.all([whole(bed.context, "a", { retry }), whole(bed.context, "b")]),
    );
    expect(ends.map(({ outcome }) => [outcome.status, outcome.attempts])).toEqual([
      ["SUCCEEDED", 2],
      ["SUCCEEDED", 1],
    ]);
    expect(bed.server.starts.map(({ path }) => path)).toEqual(["/api/a", "/api/b", "/api/a"]);
    expect(mostAtOnce(bed)).toBe(1);
    expect(bed.deployment.statuses.filter((text) => text.startsWith("waiting for a slot"))).toHaveLength(2);
  });

  test("a cleanup and the attempt after it take one after the other", async () => {
    const bed = bedOf(one);
    bed.server.script.push(failing);
    const cleanup = { method: "DELETE", path: "/api/left-over" } as const;
    const { outcome } = await bed.run((context) =>
      whole(context, "a", { retry: { maxAttempts: 2, delay: "10s", cleanup } }),
    );
    expect(outcome.status).toBe("SUCCEEDED");
    expect(bed.server.starts.map(({ path }) => path)).toEqual(["/api/a", "/api/left-over", "/api/a"]);
    expect(mostAtOnce(bed)).toBe(1);
  });

  test("the server's own retry of a task takes one, too", async () => {
    const bed = bedOf({ ...one, product: "sddc-manager" });
    bed.server.script.push({ ...failing, isRetryable: true }, { durationMs: 5 * minute });
    const retry = { maxAttempts: 2, delay: "10s" } as const;
    const ends = await bed.clock.run(
      Promise.all([whole(bed.context, "a", { retry }), whole(bed.context, "b")]),
    );
    expect(ends.map(({ outcome }) => outcome.status)).toEqual(["SUCCEEDED", "SUCCEEDED"]);
    expect(bed.server.retries).toEqual(["task-1"]);
    // It ran again only after the other one had ended.
    expect(bed.clock.elapsed()).toBeGreaterThan(5 * minute + 10_000);
  });

  test("updates and deletes take one, too", async () => {
    const bed = bedOf(one);
    const { request } = startOf("x");
    const follow = (requestKind: "update" | "delete", name: string): Promise<unknown> =>
      followUp(bed.context, {
        ...{ requestKind, endpoint: "vc", of: "task-0", resourceUrn: `${resourceUrn}-${name}` },
        request: { method: "POST", path: `${request?.path ?? ""}-${name}` },
      });
    const works = [follow("update", "a"), follow("delete", "b"), start(bed.context, startOf("c"))];
    await bed.clock.run(Promise.all(works));
    expect(bed.server.starts).toHaveLength(3);
    expect(mostAtOnce(bed)).toBe(1);
  });

  test("the time of a delete begins with its slot", async () => {
    const bed = bedOf(one);
    bed.server.script.push({ durationMs: 60 * minute }, { durationMs: 5 * minute });
    const { request } = startOf("x");
    const works = [
      start(bed.context, startOf("a")),
      followUp(bed.context, {
        ...{ requestKind: "delete" as const, endpoint: "vc", of: "task-0", resourceUrn, timeout: "10m" },
        request: request ?? { method: "DELETE", path: "/" },
      }),
    ];
    await bed.clock.run(Promise.all(works));
    expect(mostAtOnce(bed)).toBe(1);
  });

  test("an attempt waits no longer than its operation may take, and says so", async () => {
    const bed = bedOf(one);
    bed.server.script.push(failing, { durationMs: 600 * minute });
    const retry = { maxAttempts: 2, delay: "10s" } as const;
    const [first] = await bed.clock.run(
      Promise.all([
        whole(bed.context, "a", { retry, timeout: "20m" }),
        start(bed.context, startOf("b")).catch(() => undefined),
      ]),
    );
    expect(first.outcome).toMatchObject({ status: "FAILED", attempts: 1 });
    expect(first.failure).toMatch(/No slot was free for \d+m.*1 of 1 operations of endpoint vc run/);
    expect(bed.server.starts).toHaveLength(2);
  });
});

const signal = new AbortController().signal;

test("slots are given out first come, first served", async () => {
  const slots = createSlots(1);
  const order: number[] = [];
  const takes = [1, 2, 3].map(async (one) => {
    const giveBack = await slots.take(signal);
    order.push(one);
    await Promise.resolve();
    giveBack();
  });
  await Promise.all(takes);
  expect(order).toEqual([1, 2, 3]);
});

test("giving a slot back twice frees one only", async () => {
  const slots = createSlots(1);
  const giveBack = await slots.take(signal);
  giveBack();
  giveBack();
  await slots.take(signal);
  let isTaken = false;
  void slots.take(signal).then(() => (isTaken = true));
  await Promise.resolve();
  expect(isTaken).toBe(false);
});

test("one who stops waiting is passed over", async () => {
  const slots = createSlots(1);
  const giveBack = await slots.take(signal);
  const impatient = new AbortController();
  const left = slots.take(impatient.signal);
  const next = slots.take(signal);
  impatient.abort(new Error("enough"));
  await expect(left).rejects.toThrow("enough");
  giveBack();
  await expect(next).resolves.toBeInstanceOf(Function);
});

test("one who has stopped before waits for nothing", async () => {
  const slots = createSlots(0);
  await expect(slots.take(AbortSignal.abort(new Error("enough")))).rejects.toThrow("enough");
});
