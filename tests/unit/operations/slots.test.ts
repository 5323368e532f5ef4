import { start, type StartArguments } from "../../../provider/operations";
import { createSlots } from "../../../provider/operations/slots";
import { resourceUrn } from "../../support/operation-bed";
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
