import { complete, start, type CompletionArguments } from "../../../provider/operations";
import { refusal } from "../../support/fake-server";
import { password, resourceUrn, type Bed } from "../../support/operation-bed";
import { bedOf } from "../../support/with-bed";

const sddc = { product: "sddc-manager" } as const;
const failing = {
  ends: "FAILED",
  causes: [{ path: [], code: "DNS", message: "The name is unknown." }],
} as const;
const bringUp = (sddcId: string): CompletionArguments => ({
  resourceUrn,
  endpoint: "vc",
  startedTaskId: "task-1",
  request: { method: "POST", path: "/v1/sddcs", body: { sddcId, password: `${password}-2` } },
  onRequestChange: "retryInPlace",
});
const bodies = ({ server }: Bed): unknown[] => server.retryRequests.map((request) => request?.body);

describe("a retry that takes the request", () => {
  test("has the program's body, changed or not, and the same task", async () => {
    const bed = bedOf(sddc);
    bed.server.begin(failing);
    bed.server.script.push(failing);
    const first = await bed.run((context) =>
      complete(context, { ...bringUp("one"), retry: { maxAttempts: 2, delay: "1s" } }),
    );
    expect(first.failure).toContain("The name is unknown.");
    const second = await bed.restart().run((context) => complete(context, bringUp("two"), first.outcome));
    expect(second.outcome).toMatchObject({ status: "SUCCEEDED", taskId: "task-1", attempts: 3 });
    expect(bodies(bed)).toMatchObject([{ sddcId: "one" }, { sddcId: "two" }]);
    expect(bed.server.starts).toEqual([]);
  });

  test("is journaled with a hash of the body, and without the body", async () => {
    const hashes = await Promise.all(
      ["one", "one", "two"].map(async (sddcId) => {
        const bed = bedOf(sddc);
        bed.server.begin(failing);
        bed.server.script.push({ durationMs: 60_000 });
        await bed.run((context) =>
          complete(context, { ...bringUp(sddcId), retry: { maxAttempts: 2, delay: "1s" } }),
        );
        const record = bed.context.journal.read(resourceUrn, "attempt");
        if (record === undefined) throw new Error("There is no record.");
        expect(bed.records().join()).not.toContain(password);
        return ["one", "two"].map((other) =>
          bed.context.journal.isForRequest(record, [
            "retryTask",
            {
              request: { ...bringUp(other).request, query: undefined, headers: undefined },
              taskKind: "bringUp",
            },
          ]),
        );
      }),
    );
    expect(hashes).toEqual([
      [true, false],
      [true, false],
      [false, true],
    ]);
  });

  test("goes on with the task that its reply names", async () => {
    const bed = bedOf(sddc);
    bed.server.begin(failing);
    const { client } = bed.server;
    const retry = client.retry.bind(client);
    client.retry = async (ref, request, signal) => {
      await retry(ref, request, signal);
      return { ...ref, id: bed.server.begin({ result: "again" }).id };
    };
    const given = { ...bringUp("one"), retry: { maxAttempts: 2, delay: "1s" } };
    const { outcome } = await bed.run((context) => complete(context, given));
    expect(outcome).toMatchObject({ status: "SUCCEEDED", taskId: "task-2", attempts: 2 });
    expect(bed.context.journal.read(resourceUrn, "attempt")).toMatchObject({ taskId: "task-2", attempt: 2 });
  });

  test.each([
    [405, "The bring-up cannot be retried."],
    [409, "It runs already."],
    [400, "The body is not good."],
  ])("that is refused with %d says why, and starts nothing", async (httpStatus, message) => {
    const bed = bedOf(sddc);
    bed.server.begin(failing);
    bed.server.onRetry.push(refusal(message, { httpStatus, isBusy: httpStatus === 409 }));
    const { failure, outcome } = await bed.run((context) =>
      complete(context, { ...bringUp("one"), retry: { maxAttempts: 2, delay: "1s" } }),
    );
    expect(failure).toContain(`The server refused to retry the task: ${message}`);
    expect(outcome.attempts).toBe(1);
    expect(bed.server.starts).toEqual([]);
  });

  test("is believed when the task says that it takes none", async () => {
    const bed = bedOf(sddc);
    bed.server.begin({ ...failing, isRetryable: false });
    const { failure } = await bed.run((context) =>
      complete(context, { ...bringUp("one"), retry: { maxAttempts: 2, delay: "1s" } }),
    );
    expect(failure).toContain("isRetryable is false), and `onRequestChange` is retryInPlace");
    expect([bed.server.retries, bed.server.starts]).toEqual([[], []]);
  });

  test("counts what the newest look says of it", async () => {
    const bed = bedOf(sddc);
    const task = bed.server.begin({ ...failing, isRetryable: false });
    const first = await bed.run((context) => complete(context, bringUp("one")));
    expect(first.failure).toBeDefined();
    Object.assign(task, { isRetryable: true });
    const second = await bed.restart().run((context) => complete(context, bringUp("two"), first.outcome));
    expect(second.outcome.status).toBe("SUCCEEDED");
    expect(bodies(bed)).toMatchObject([{ sddcId: "two" }]);
  });

  test("is not made without a request", async () => {
    const bed = bedOf(sddc);
    bed.server.begin(failing);
    const { failure } = await bed.run((context) =>
      complete(context, {
        resourceUrn,
        endpoint: "vc",
        startedTaskId: "task-1",
        kind: "credentials",
        retry: { how: "retryTask", maxAttempts: 2, delay: "1s" },
      }),
    );
    expect(failure).toContain("the retry of this kind of task takes the request, and the program gives none");
    expect(bed.server.retries).toEqual([]);
  });
});

test("a retry of a usual task is handed no request", async () => {
  const bed = bedOf(sddc);
  bed.server.begin({ ...failing, isRetryable: true });
  const request = { method: "POST", path: "/v1/hosts", body: [] } as const;
  await bed.run((context) =>
    complete(context, { ...bringUp("one"), request, onRequestChange: undefined, retry: { maxAttempts: 2 } }),
  );
  expect(bed.server.retryRequests).toEqual([undefined]);
});

test("start and completion know the kind by the request", async () => {
  const bed = bedOf(sddc);
  const kinds: string[] = [];
  const { client } = bed.server;
  const sent = client.start.bind(client);
  const look = client.look.bind(client);
  client.start = (request, options, signal) => {
    kinds.push(options.kind);
    return sent(request, options, signal);
  };
  client.look = (refs, signal) => {
    kinds.push(...refs.map(({ kind }) => kind));
    return look(refs, signal);
  };
  const request = { method: "POST", path: "/v1/clusters/c/validations?useAsyncValidation=true" } as const;
  await bed.run(async (context) => {
    const { taskId } = await start(context, { resourceUrn, endpoint: "vc", request });
    await complete(context, { resourceUrn, endpoint: "vc", startedTaskId: taskId, request });
  });
  expect(new Set(kinds)).toEqual(new Set(["validation"]));
});
