// What stands in the place of a record and cannot be read may tell of a start: nothing is sent blindly.
import { existsSync, readdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import {
  followUp,
  setAsideUnreadable,
  start,
  type FollowUp,
  type StartArguments,
} from "../../../provider/operations";
import { resourceUrn, type Bed } from "../../support/operation-bed";
import { bedOf } from "../../support/with-bed";

const hour = 3_600_000;
const request = { method: "POST", path: "/api/vcenter/vm", body: { name: "vm" } } as const;
const given: StartArguments = { resourceUrn, endpoint: "vc", request };
const update: FollowUp = { resourceUrn, requestKind: "update", endpoint: "vc", request, of: "task-0" };

/** A bed of a later process, in which the record of the first one was overwritten `ageMs` ago. */
async function damagedBy(
  text: string,
  ageMs = 0,
  begin: (bed: Bed) => unknown = () => undefined,
): Promise<Bed> {
  const bed = bedOf();
  begin(bed);
  await bed.run(({ journal }) => {
    journal.write({ resourceUrn, kind: "start", endpoint: "vc", sentAt: 1, request });
    return Promise.resolve();
  });
  const later = bed.restart();
  const file = fileOf(later);
  writeFileSync(file, text);
  const at = (later.clock.now() - ageMs) / 1000;
  utimesSync(file, at, at);
  return later;
}

const fileOf = ({ context }: Bed): string => context.journal.fileOf(resourceUrn, "start");

describe.each([
  ["damaged", '{"version":1,"resour'],
  ["of a newer version", JSON.stringify({ version: 2, resourceUrn, taskId: "task-9" })],
])("a start record that is %s", (_title, text) => {
  test("has the server asked, and its one task is adopted, with a warning that names the file", async () => {
    const later = await damagedBy(text, 0, ({ server }) => server.begin({ durationMs: hour }));
    expect(await later.run((context) => start(context, given))).toEqual({ taskId: "task-1" });
    expect(later.server.starts).toHaveLength(0);
    expect(later.deployment.warnings).toEqual([
      expect.stringMatching(/cannot be read.*may have been started already; the server is asked/),
    ]);
    expect(later.deployment.warnings[0]).toContain(fileOf(later));
    // From here on it is a record like all others.
    expect(later.context.journal.read(resourceUrn, "start")).toMatchObject({ taskId: "task-1" });
  });

  test("is sent once where the server shows no trace", async () => {
    const later = await damagedBy(text);
    expect(await later.run((context) => start(context, given))).toEqual({ taskId: "task-1" });
    expect(later.server.starts).toHaveLength(1);
  });

  test("is an error with its candidates when there are several", async () => {
    const later = await damagedBy(text, 0, ({ server }) => {
      server.begin({ durationMs: hour });
      server.begin({ durationMs: hour });
    });
    const { message } = await later.error((context) => start(context, given));
    expect(message).toMatch(/may have started.*cannot be read.*task-1.*task-2.*adoptTaskId/s);
    expect(message).toContain(`or remove ${fileOf(later)} to start it once more`);
    // It could not tell whether they are other ones.
    expect(message).not.toContain("triggers");
    expect(later.server.starts).toHaveLength(0);
  });

  test("is an error when it is so old that the server may have forgotten the task", async () => {
    const later = await damagedBy(text, 25 * hour);
    const { message } = await later.error((context) => start(context, given));
    expect(message).toMatch(/may have forgotten.*adoptTaskId/s);
    expect(later.server.starts).toHaveLength(0);
    expect(readFileSync(fileOf(later), "utf8")).toBe(text);
  });
});

test("it is asked for what began up to one request before the record was written, not for more", async () => {
  const later = await damagedBy("x", hour);
  const writtenAt = later.clock.now() - hour;
  await later.run((context) => start(context, given));
  expect(later.server.searches[0]?.sentAt).toBe(writtenAt - 60_000);
});

test("adoptTaskId answers what was open", async () => {
  const later = await damagedBy("x", 25 * hour, ({ server }) => server.begin({ durationMs: hour }));
  await later.run((context) => start(context, { ...given, adoptTaskId: "task-1" }));
  expect(existsSync(fileOf(later))).toBe(false);
});

test("an update asks too, and names the file to remove where that does not help", async () => {
  const bed = bedOf();
  const file = bed.context.journal.fileOf(resourceUrn, "update");
  writeFileSync(file, "x");
  utimesSync(file, bed.clock.now() / 1000 - 100_000, bed.clock.now() / 1000 - 100_000);
  const { message } = await bed.error((context) => followUp(context, update));
  expect(message).toContain(`or remove ${file} to send it once more`);
  expect(bed.server.starts).toHaveLength(0);
});

test("when the resource goes, it is kept aside with a warning, and a later resource starts", async () => {
  const later = await damagedBy("x", 25 * hour);
  setAsideUnreadable(later.context, resourceUrn, "start");
  expect(readdirSync(later.folder).filter((name) => name.endsWith(".unreadable"))).toHaveLength(1);
  expect(later.deployment.warnings).toEqual([expect.stringContaining(join(later.folder, ""))]);
  setAsideUnreadable(later.context, resourceUrn, "start");
  await later.run((context) => start(context, given));
  expect(later.server.starts).toHaveLength(1);
});
