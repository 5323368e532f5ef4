import { complete, type CompletionArguments } from "../../../provider/operations";
import { fault, refusal } from "../../support/fake-server";
import { resourceUrn } from "../../support/operation-bed";
import { bedOf } from "../../support/with-bed";

const request = { method: "GET", path: "/api/vcenter/vm/vm-1" } as const;
const given: CompletionArguments = {
  resourceUrn,
  endpoint: "vc",
  startedTaskId: "task-1",
  observe: { request },
};
const until = [{ path: "state", equals: "READY" }];

test("an object is read once when there are no conditions", async () => {
  const { run, server } = bedOf();
  server.begin();
  server.onRead.push({ state: "BUSY" });
  const { outcome } = await run((context) => complete(context, given));
  expect(outcome).toMatchObject({ status: "SUCCEEDED", observed: { state: "BUSY" } });
  expect(server.reads).toHaveLength(1);
});

test("an object is read at a fixed pace until the conditions hold", async () => {
  const { run, server, clock } = bedOf();
  const task = server.begin();
  server.onRead.push({ state: "BUSY" }, { state: "BUSY" }, { state: "READY" });
  const { outcome } = await run((context) =>
    complete(context, { ...given, observe: { request, until, interval: "20s" } }),
  );
  expect(outcome).toMatchObject({ observed: { state: "READY" } });
  expect(clock.now() - task.endsAt).toBeGreaterThanOrEqual(40_000);
  expect(clock.now() - task.endsAt).toBeLessThan(43_000);
});

test("conditions that never hold fail with what is missing, and the next deployment observes again", async () => {
  const { run, server, clock } = bedOf();
  const task = server.begin();
  server.onRead.push(...Array.from({ length: 1_000 }, () => ({ state: "BUSY" })));
  const observe = { request, until, interval: "10s", timeout: "5m" };
  const { outcome, failure } = await run((context) => complete(context, { ...given, observe }));
  expect(outcome.status).toBe("RUNNING");
  expect(failure).toMatch(
    /succeeded.*GET \/api\/vcenter\/vm\/vm-1.*`state` is "BUSY" but should equal "READY".*waited for 5m.*observes again and starts nothing/s,
  );
  expect(clock.now() - task.endsAt).toBeLessThan(303_000);
  server.onRead.length = 0;
  server.onRead.push({ state: "READY" });
  const second = await run((context) => complete(context, { ...given, observe }, outcome));
  expect(second.outcome).toMatchObject({ status: "SUCCEEDED", observed: { state: "READY" } });
  expect(server.starts).toEqual([]);
});

test.each<[string, CompletionArguments["observe"]]>([
  ["with conditions", { request, until }],
  ["without conditions", { request }],
])("an endpoint that is away for a while is borne, %s", async (_title, observe) => {
  const { run, server } = bedOf();
  server.begin();
  server.onRead.push(fault("away"), fault("away"), { state: "READY" });
  const { outcome } = await run((context) => complete(context, { ...given, observe }));
  expect(outcome).toMatchObject({ status: "SUCCEEDED", observed: { state: "READY" } });
});

test.each([
  ["refuses the read", refusal("You may not read this.")],
  ["refuses the log-in", fault("You may not read this.", { faultClass: "login" })],
])("a server that %s does not take the finished task's outcome away", async (_title, error) => {
  const { run, server } = bedOf();
  server.begin({ result: "vm-1" });
  server.onRead.push(error);
  const { outcome, failure } = await run((context) =>
    complete(context, { ...given, observe: { request, until } }),
  );
  expect(outcome).toMatchObject({ status: "RUNNING", taskId: "task-1", result: "vm-1" });
  expect(failure).toContain("You may not read this.");
});

test("a server that is busy, or not in the right state yet, is asked again", async () => {
  const { run, server } = bedOf();
  server.begin();
  server.onRead.push(refusal("There is no data yet.", { isBusy: true }), { state: "READY" });
  const { outcome } = await run((context) => complete(context, { ...given, observe: { request, until } }));
  expect(outcome).toMatchObject({ status: "SUCCEEDED", observed: { state: "READY" } });
});

test("an object that the server does not know is not as expected", async () => {
  const { run, server } = bedOf();
  server.begin();
  const { failure } = await run((context) => complete(context, given));
  expect(failure).toContain("the server does not know the object");
});

test("a pace of nothing is no busy loop", async () => {
  const { run, server } = bedOf();
  server.begin();
  server.onRead.push(...Array.from({ length: 1_000 }, () => ({ state: "BUSY" })));
  await run((context) =>
    complete(context, { ...given, observe: { request, until, interval: "0s", timeout: "10s" } }),
  );
  expect(server.reads.length).toBeLessThanOrEqual(21);
});

test("the end of the engine ends it at once, and leaves no timer behind", async () => {
  const { context, server, clock, deployment } = bedOf();
  server.begin();
  server.onRead.push(...Array.from({ length: 1_000 }, () => ({ state: "BUSY" })));
  const work = complete(context, { ...given, observe: { request, until, interval: "1m" } });
  const outcome = expect(work).rejects.toMatchObject({ code: "VMWARE_ENGINE_GONE" });
  await clock.advance(90_000);
  deployment.end();
  await outcome;
  expect(clock.sleepers()).toBe(0);
});

test("an operation that was answered at once is observed too", async () => {
  const { run, server } = bedOf();
  server.onRead.push({ state: "READY" });
  const { outcome } = await run((context) => complete(context, { ...given, startedTaskId: "immediate:1" }));
  expect(outcome).toMatchObject({ status: "SUCCEEDED", observed: { state: "READY" } });
});
