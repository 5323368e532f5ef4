// A start that a deployment of another machine could not save: the journal that would tell of it is not here.
import { readdirSync, utimesSync } from "node:fs";
import { join } from "node:path";

import { start, type StartArguments } from "../../../provider/operations";
import { fault, refusal } from "../../support/fake-server";
import { resourceUrn } from "../../support/operation-bed";
import { bedOf } from "../../support/with-bed";

const given: StartArguments = {
  resourceUrn,
  endpoint: "vc",
  request: { method: "POST", path: "/api/vcenter/vm", body: { name: "web" } },
};
const web = { type: "VirtualMachine", id: "vm-42", name: "web" };
const minute = 60_000;

test("a task that does the same and runs is followed, and the user is told", async () => {
  const { run, server, deployment, records } = bedOf({ isNewMachine: true });
  const { id } = server.begin({ durationMs: minute, resources: [web] });
  expect(await run((context) => start(context, given))).toEqual({ taskId: id });
  expect(server.starts).toEqual([]);
  expect(deployment.warnings).toEqual([
    expect.stringMatching(/does the same and runs already.*another machine/),
  ]);
  expect(records()).toEqual([expect.stringContaining(`"taskId":"${id}"`)]);
});

test("where the request names nothing, the object in its path tells", async () => {
  const { run, server } = bedOf({ isNewMachine: true });
  const { id } = server.begin({ durationMs: minute, resources: [web] });
  const request = { method: "POST" as const, path: "/api/vcenter/vm/vm-42/power?action=start" };
  expect(await run((context) => start(context, { ...given, request }))).toEqual({ taskId: id });
  expect(server.starts).toEqual([]);
});

test.each([
  ["of another user", { native: { user: "somebody.else@vsphere.local" } }],
  ["on another object", { resources: [{ ...web, name: "web-2" }] }],
  ["that names nothing", { resources: [] }],
  ["that has ended", { durationMs: 0 }],
])("a task %s is none", async (_what, more) => {
  const bed = bedOf({ isNewMachine: true });
  bed.server.begin({ durationMs: minute, resources: [web], ...more });
  await bed.clock.advance(1_000);
  await bed.run((context) => start(context, given));
  expect(bed.server.starts).toHaveLength(1);
});

test("of several nobody knows, so the operation starts", async () => {
  const { run, server } = bedOf({ isNewMachine: true });
  for (let count = 0; count < 2; count += 1) server.begin({ durationMs: minute, resources: [web] });
  await run((context) => start(context, given));
  expect(server.starts).toHaveLength(1);
});

test("a task that this deployment follows is not taken", async () => {
  const { run, server, context } = bedOf({ isNewMachine: true });
  const { id } = server.begin({ durationMs: minute, resources: [web] });
  context.memory.knownTasks.add(id);
  await run((opened) => start(opened, given));
  expect(server.starts).toHaveLength(1);
});

test.each([fault("away"), refusal("no rights", { httpStatus: 403 })])(
  "a server that cannot be asked stands in the way of nothing",
  async (error) => {
    const { run, server } = bedOf({ isNewMachine: true });
    server.onFind.push(error);
    await run((context) => start(context, given));
    expect(server.starts).toHaveLength(1);
  },
);

test("the journal of a machine that has just deployed the stack needs no look", async () => {
  const bed = bedOf();
  await bed.run((context) => start(context, given));
  const later = bed.restart();
  bed.server.begin({ durationMs: minute, resources: [web] });
  const other = { ...given, resourceUrn: `${resourceUrn}-2` };
  await later.run((context) => start(context, other));
  expect(bed.server.starts).toHaveLength(2);
});

test("after an hour others may have deployed the stack since", async () => {
  const bed = bedOf();
  await bed.run((context) => start(context, given));
  const mark = readdirSync(bed.folder).find((name) => name.endsWith(".stack")) ?? "";
  const long = new Date(Date.now() - 61 * minute);
  utimesSync(join(bed.folder, mark), long, long);
  const { id } = bed.server.begin({ durationMs: minute, resources: [web] });
  const other = { ...given, resourceUrn: `${resourceUrn}-2` };
  expect(await bed.restart({ isNewMachine: true }).run((context) => start(context, other))).toEqual({ taskId: id });
});
