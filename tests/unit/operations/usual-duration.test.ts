import { complete, type CompletionArguments } from "../../../provider/operations";
import { resourceUrn, type Bed } from "../../support/operation-bed";
import { bedOf } from "../../support/with-bed";

const minute = 60_000;
const given: CompletionArguments = {
  resourceUrn,
  endpoint: "vc",
  startedTaskId: "task-1",
  request: { method: "POST", path: "/api/vcenter/vm" },
};
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
