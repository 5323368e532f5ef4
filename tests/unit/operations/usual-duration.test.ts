import { readFileSync } from "node:fs";
import { join } from "node:path";

import { complete } from "../../../provider/operations";
import { completion as given, type Bed } from "../../support/operation-bed";
import { bedOf } from "../../support/with-bed";

const minute = 60_000;
const clone = { service: "com.vmware.vcenter.VM", operation: "clone$task" };

/** Follows a task to its end and tells how often it was looked at. */
async function follow(
  { server, run }: Bed,
  durationMs: number,
  native: Record<string, unknown>,
): Promise<number> {
  const { id } = server.begin({ durationMs, native });
  const before = server.looks.length;
  await run((context) => complete(context, { ...given, startedTaskId: id }));
  return server.looks.length - before;
}

test("an operation that ran before costs fewer requests, in a later process too", async () => {
  const bed = bedOf();
  const first = await follow(bed, 10 * minute, clone);
  await follow(bed, 10.5 * minute, clone);
  await follow(bed, 9.5 * minute, clone);
  const fourth = await follow(bed, 10 * minute, clone);
  expect(fourth).toBeLessThan(first / 2);
  await bed.context.close(AbortSignal.timeout(1_000));
  const later = await follow(bed.restart(), 10 * minute, clone);
  expect(later).toBeLessThan(first / 2);
});

test.each([
  ["of another operation", { ...clone, operation: "relocate$task" }],
  ["of which the server does not say what it does", {}],
])("tells nothing of a task %s", async (_title, native) => {
  const bed = bedOf();
  const first = await follow(bed, 10 * minute, clone);
  for (let run = 0; run < 3; run += 1) await follow(bed, 10 * minute, clone);
  expect(await follow(bed, 10 * minute, native)).toBe(first);
});

test("a task that failed tells nothing of how long such tasks take", async () => {
  const bed = bedOf();
  for (let run = 0; run < 3; run += 1) {
    const { id } = bed.server.begin({ durationMs: 1_000, ends: "FAILED", native: clone });
    await bed.run((context) => complete(context, { ...given, startedTaskId: id }));
  }
  expect(await follow(bed, 10 * minute, clone)).toBeGreaterThan(50);
});

test("what is left is shown from earlier runs", async () => {
  const bed = bedOf();
  for (let run = 0; run < 3; run += 1) await follow(bed, 10 * minute, clone);
  bed.deployment.statuses.length = 0;
  await follow(bed, 10 * minute, clone);
  expect(bed.deployment.statuses.some((text) => /\d+m.* left/.test(text))).toBe(true);
});

test("runs are compared at one server only", async () => {
  const bed = bedOf();
  const first = await follow(bed, 10 * minute, clone);
  for (let run = 0; run < 3; run += 1) await follow(bed, 10 * minute, clone);
  const elsewhere = bed.restart({ endpoint: { url: "https://other.example.com" } });
  expect(await follow(elsewhere, 10 * minute, clone)).toBe(first);
});

test.each([
  ["service", { operation: "clone$task", service: "one" }, { operation: "clone$task", service: "other" }],
  ["type", { type: "HOST_COMMISSION" }, { type: "HOST_DECOMMISSION" }],
  ["task type of an installer", { taskType: "one" }, { taskType: "other" }],
  ["description of a vim task", { descriptionId: "one" }, { descriptionId: "other" }],
  ["workflow of VCDA", { workflowInfo: { type: "one" } }, { workflowInfo: { type: "other" } }],
])("tells runs apart by the %s", async (_title, one, other) => {
  const bed = bedOf();
  const first = await follow(bed, 10 * minute, one);
  for (let run = 0; run < 3; run += 1) await follow(bed, 10 * minute, one);
  expect(await follow(bed, 10 * minute, one)).toBeLessThan(first / 2);
  expect(await follow(bed, 10 * minute, other)).toBe(first);
});

test("short runs are kept when the process ends soon after them", async () => {
  const bed = bedOf();
  for (let run = 0; run < 2; run += 1) await follow(bed, 100, clone);
  await bed.context.close(AbortSignal.timeout(1_000));
  const texts = readFileSync(join(bed.folder, "durations"), "utf8");
  expect(texts).toContain("[100,100]");
});

test("a task that told 100 % ends at once, whatever others of its kind took", async () => {
  const bed = bedOf();
  for (let run = 0; run < 3; run += 1) await follow(bed, 60 * minute, clone);
  const { id, endsAt } = bed.server.begin({
    durationMs: 10 * minute,
    native: clone,
    fraction: (at) => Math.min(1, at / (9.9 * minute)),
  });
  await bed.run((context) => complete(context, { ...given, startedTaskId: id }));
  expect(bed.clock.now() - endsAt).toBeLessThan(10_000);
});

describe("the end is expected from when the task began", () => {
  /** After three runs of ten minutes. */
  async function experienced(): Promise<Bed> {
    const bed = bedOf();
    for (let run = 0; run < 3; run += 1) await follow(bed, 10 * minute, clone);
    bed.deployment.statuses.length = 0;
    return bed;
  }
  const shown = (bed: Bed): string[] =>
    bed.deployment.statuses.flatMap((text) => /(\S+( \d+s)?) left/.exec(text)?.[1] ?? []);

  test("at the server, when the wait is resumed", async () => {
    const bed = await experienced();
    const { id, endsAt } = bed.server.begin({ durationMs: 10 * minute, native: clone });
    await bed.clock.advance(8 * minute);
    await bed.run((context) => complete(context, { ...given, startedTaskId: id }));
    expect(shown(bed)[0]).toMatch(/^2m/);
    expect(bed.clock.now() - endsAt).toBeLessThan(5_000);
  });

  test("by a server's clock that is wrong", async () => {
    const bed = await experienced();
    bed.server.clockOffsetMs = 5 * minute;
    const { id } = bed.server.begin({ durationMs: 10 * minute, native: clone });
    const task = bed.server.tasks.get(id);
    if (task !== undefined) task.startedAt += 5 * minute;
    await bed.clock.advance(8 * minute);
    await bed.run((context) => complete(context, { ...given, startedTaskId: id }));
    expect(shown(bed)[0]).toMatch(/^2m/);
  });

  test("at each attempt, of which only the first is kept", async () => {
    const bed = await experienced();
    const { id } = bed.server.begin({ durationMs: 9 * minute, ends: "FAILED", native: clone });
    bed.server.script.push({ durationMs: 10 * minute, native: clone });
    const retry = { how: "startAgain", maxAttempts: 2, delay: "1s" } as const;
    await bed.run((context) => complete(context, { ...given, startedTaskId: id, retry }));
    const second = bed.deployment.statuses.filter((text) => text.includes("attempt 2"));
    expect(second.some((text) => /(9|10)m.* left/.test(text))).toBe(true);
    await bed.context.close(AbortSignal.timeout(1_000));
    expect(readFileSync(join(bed.folder, "durations"), "utf8")).toContain("[600000,600000,600000]");
  });
});
