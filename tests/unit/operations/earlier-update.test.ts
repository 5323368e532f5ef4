// An update that was interrupted, and that the program does not want any more when it goes on.
import { writeFileSync } from "node:fs";

import { followUp, forgetUpdate, isUpdateOpen, type FollowUp } from "../../../provider/operations";
import { fault, refusal } from "../../support/fake-server";
import { resourceUrn, type Bed } from "../../support/operation-bed";
import { bedOf } from "../../support/with-bed";

const minute = 60_000;
const updateTo = (cpus: number): FollowUp => ({
  resourceUrn,
  requestKind: "update",
  endpoint: "vc",
  request: { method: "PATCH", path: "/api/vcenter/vm/vm-1", body: { cpus } },
  of: "task-0",
});
const [a, b] = [updateTo(1), updateTo(2)];
const never = new Promise<never>(() => undefined);

const isOpen = ({ context }: Bed): boolean => isUpdateOpen(context, resourceUrn, { of: "task-0" });
const bodies = ({ server }: Bed): unknown[] => server.starts.map(({ body }) => body);

/** A later process, after one that was killed a minute after it had sent B. */
async function killedInTheUpdate(durationMs = 10 * minute): Promise<Bed> {
  const bed = bedOf();
  bed.server.script.push({ durationMs });
  void followUp(bed.context, b).catch(() => undefined);
  await bed.clock.advance(minute);
  return bed.restart();
}

test("one that is not wanted any more is waited for, and the present one is sent then", async () => {
  const later = await killedInTheUpdate();
  expect(isOpen(later)).toBe(true);
  expect(await later.run((context) => followUp(context, a))).toMatchObject({ taskId: "task-2" });
  expect(bodies(later)).toEqual([{ cpus: 2 }, { cpus: 1 }]);
  const [first, second] = [...later.server.tasks.values()];
  expect(second?.startedAt).toBeGreaterThanOrEqual(first?.endsAt ?? Infinity);
  expect(later.deployment.warnings).toEqual([expect.stringMatching(/another update \(task task-1\)/)]);
  expect(isOpen(later)).toBe(false);
});

test("one that is still wanted is gone on with", async () => {
  const later = await killedInTheUpdate();
  expect(await later.run((context) => followUp(context, b))).toMatchObject({ taskId: "task-1" });
  expect(later.server.starts).toHaveLength(1);
  expect(isOpen(later)).toBe(false);
});

test("one whose reply was lost is looked for, and all that can be it are waited for", async () => {
  const bed = bedOf();
  bed.server.onStart.push(() => {
    bed.server.begin({ durationMs: 10 * minute });
    bed.server.begin({ durationMs: 20 * minute });
    return never;
  });
  void followUp(bed.context, b).catch(() => undefined);
  await bed.clock.advance(0);
  const later = bed.restart();
  await later.run((context) => followUp(context, a));
  expect(bodies(later)).toEqual([{ cpus: 2 }, { cpus: 1 }]);
  expect(later.server.tasks.get("task-3")?.startedAt).toBeGreaterThanOrEqual(
    later.server.tasks.get("task-2")?.endsAt ?? Infinity,
  );
});

test("one that goes on for too long keeps the present one back, and the next deployment waits again", async () => {
  const later = await killedInTheUpdate(60 * minute);
  const { message } = await later.error((context) => followUp(context, { ...a, timeout: "10m" }));
  expect(message).toMatch(/update request of "vm" was not sent: task task-1 .* may still be running/);
  expect(later.server.starts).toHaveLength(1);
  await later.restart().run((context) => followUp(context, a));
  expect(bodies(later)).toEqual([{ cpus: 2 }, { cpus: 1 }]);
});

test.each<[string, (bed: Bed) => unknown, string]>([
  [
    "cannot be looked for",
    ({ server }) => server.onFind.push(() => undefined),
    "cannot be asked for its task.",
  ],
  [
    "may not be looked for",
    ({ server }) => server.onFind.push(refusal("You may not list tasks.", { httpStatus: 403 })),
    "You may not list tasks.",
  ],
  [
    "is blocked for ever",
    ({ server }) => server.begin({ durationMs: 1e12, runs: "BLOCKED" }),
    "task task-1 of",
  ],
])(
  "one without a reply that %s keeps the present one back, and the ways out are told",
  async (_title, spoil, why) => {
    const bed = bedOf();
    bed.server.onStart.push(() => never);
    void followUp(bed.context, b).catch(() => undefined);
    await bed.clock.advance(0);
    const later = bed.restart();
    spoil(later);
    const { message } = await later.error((context) => followUp(context, a));
    const { journal } = later.context;
    for (const text of [why, "may still be running", "cancel", journal.fileOf(resourceUrn, "update")])
      expect(message).toContain(text);
    expect(bodies(later)).toEqual([{ cpus: 2 }]);
    later.server.tasks.clear();
    journal.remove(resourceUrn, "update");
    await later.run((context) => followUp(context, a));
    expect(bodies(later)).toEqual([{ cpus: 2 }, { cpus: 1 }]);
  },
);

test("one that the server has forgotten is over", async () => {
  const later = await killedInTheUpdate();
  later.server.tasks.clear();
  await later.run((context) => followUp(context, a));
  expect(bodies(later)).toEqual([{ cpus: 2 }, { cpus: 1 }]);
});

test.each<[string, (bed: Bed) => unknown]>([
  ["refused", ({ server }) => server.onStart.push(refusal("No."))],
  ["not sent", ({ server }) => server.onStart.push(fault("No route.", { faultClass: "tls" }))],
  ["failed", ({ server }) => server.script.push({ ends: "FAILED" })],
])("it stays open when the present one is %s", async (_title, spoil) => {
  const later = await killedInTheUpdate();
  spoil(later);
  await later.error((context) => followUp(context, a));
  const last = later.restart();
  expect(isOpen(last)).toBe(true);
  await last.run((context) => followUp(context, a));
  expect(bodies(last)).toEqual([{ cpus: 2 }, { cpus: 1 }, { cpus: 1 }]);
  expect(isOpen(last)).toBe(false);
});

test("one that has failed is open, for it may have changed something", async () => {
  const bed = bedOf();
  bed.server.script.push({ ends: "FAILED" });
  await bed.error((context) => followUp(context, b));
  const later = bed.restart();
  expect(isOpen(later)).toBe(true);
  await later.run((context) => followUp(context, a));
  expect(bodies(later)).toEqual([{ cpus: 2 }, { cpus: 1 }]);
  expect(later.deployment.warnings).toEqual([]);
});

test("one that was refused has changed nothing", async () => {
  const bed = bedOf();
  bed.server.onStart.push(refusal("No."));
  await bed.error((context) => followUp(context, b));
  expect(isOpen(bed)).toBe(false);
});

test("what cannot be read is open", () => {
  const bed = bedOf();
  writeFileSync(bed.context.journal.fileOf(resourceUrn, "update"), "x");
  expect(isOpen(bed)).toBe(true);
});

test("one of another object is none", async () => {
  const later = await killedInTheUpdate();
  expect(isUpdateOpen(later.context, resourceUrn, { of: "task-9" })).toBe(false);
  forgetUpdate(later.context, resourceUrn, "task-9");
  expect(isOpen(later)).toBe(true);
  forgetUpdate(later.context, resourceUrn, "task-0");
  expect(isOpen(later)).toBe(false);
});
