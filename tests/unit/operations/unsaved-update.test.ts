import {
  followUp,
  forgetUpdate,
  isUpdateOpen,
  type FollowUp,
  type SavedUpdate,
} from "../../../provider/operations";
import { resourceUrn, type Bed } from "../../support/operation-bed";
import { bedOf } from "../../support/with-bed";

const update: FollowUp = {
  resourceUrn,
  requestKind: "update",
  endpoint: "vc",
  request: { method: "PATCH", path: "/api/vcenter/vm/vm-1", body: { cpus: 4 } },
  of: "task-0",
};
const before: SavedUpdate = { of: "task-0", request: { ...update.request, body: {} }, taskId: null };
const after: SavedUpdate = { ...before, request: update.request, taskId: "task-1" };

/** Another process, after one that has run the update to its end. */
async function afterwards(): Promise<Bed> {
  const bed = bedOf();
  await bed.run((context) => followUp(context, update, before));
  return bed.restart();
}

test("an update that no deployment has saved is not sent again, or looked at", async () => {
  const { run, server, context } = await afterwards();
  const looks = server.looks.length;
  expect(isUpdateOpen(context, resourceUrn, before)).toBe(true);
  expect(await run(() => followUp(context, update, before))).toEqual({ taskId: "task-1" });
  expect(server.starts).toHaveLength(1);
  expect(server.looks).toHaveLength(looks);
});

test("it leaves no record once it is saved", async () => {
  const { context, records } = await afterwards();
  expect(isUpdateOpen(context, resourceUrn, after)).toBe(false);
  expect(records()).toEqual([]);
});

test("it is sent again when others have changed the object since", async () => {
  const theirs: SavedUpdate = { ...before, taskId: "task-of-another-machine" };
  const { context, run, server, deployment } = await afterwards();
  await run(() => followUp(context, update, theirs));
  expect(server.starts).toHaveLength(2);
  expect(deployment.warnings).toEqual([]);
});

test("one that was cut off before its end is sent again too when others have changed the object since", async () => {
  const bed = bedOf();
  bed.server.script.push({ durationMs: 600_000 });
  void followUp(bed.context, update, before).catch(() => undefined);
  await bed.clock.advance(60_000);
  const { run, server } = bed.restart();
  await run((context) => followUp(context, update, { ...before, taskId: "task-of-another-machine" }));
  expect(server.starts).toHaveLength(2);
});

test("it puts the state in no doubt when others have changed the object since", async () => {
  const { context, records } = await afterwards();
  expect(isUpdateOpen(context, resourceUrn, { ...after, taskId: "task-of-another-machine" })).toBe(false);
  expect(records()).toEqual([]);
});

test("a program that goes back to the request of the state has that one sent", async () => {
  const { context, run, server } = await afterwards();
  const back = { ...update, request: { ...update.request, body: {} } };
  await run(() => followUp(context, back, before));
  expect(server.starts).toHaveLength(2);
});

test("it is forgotten with its object", async () => {
  const { context, records } = await afterwards();
  forgetUpdate(context, resourceUrn, "a replacement");
  expect(records()).toHaveLength(1);
  forgetUpdate(context, resourceUrn, "task-0");
  expect(records()).toEqual([]);
});
