// Which of several tasks is followed after a lost reply, or none.
import { openJournal, start, type StartArguments } from "../../../provider/operations";
import { fault, refusal, type ScriptedTask } from "../../support/fake-server";
import { resourceUrn } from "../../support/operation-bed";
import { bedOf } from "../../support/with-bed";

const clone = { method: "POST", path: "/api/vcenter/vm?action=clone", body: { name: "web.a" } } as const;
const relocate = { method: "POST", path: "/api/vcenter/vm/vm-1?action=relocate" } as const;
const hosts = {
  method: "POST",
  path: "/v1/hosts",
  body: [{ fqdn: "esx-1.lab" }, { fqdn: "esx-2.lab" }],
} as const;

interface Lost {
  readonly request: NonNullable<StartArguments["request"]>;
  readonly tasks: readonly ScriptedTask[];
  /** Whether another process waits for a task of its own at this endpoint, and since when. */
  readonly rival?: { readonly endpoint?: string; readonly agoMs?: number; readonly taskId?: string };
}

/** The tasks that the start follows, or the ids that its error lists. */
async function follows({ request, tasks, rival }: Lost): Promise<string | readonly string[]> {
  const { folder, clock, server, run } = bedOf();
  server.onStart.push(() => {
    for (const task of tasks) server.begin(task);
    throw fault("lost", { sent: "maybe" });
  });
  if (rival !== undefined)
    openJournal(folder).write({
      resourceUrn: `${resourceUrn}-of-another-stack`,
      kind: "start",
      endpoint: rival.endpoint ?? "vc",
      request: {},
      sentAt: clock.now() - (rival.agoMs ?? 0),
      ...(rival.taskId === undefined ? {} : { taskId: rival.taskId }),
    });
  const given = { resourceUrn, endpoint: "vc", request };
  const result = await run((all) => start(all, given).catch((error: unknown) => error));
  expect(server.starts).toHaveLength(1);
  return (result as { taskId?: string }).taskId ?? (result as { candidates: string[] }).candidates;
}

const on = (id: string, name?: string): ScriptedTask => ({
  resources: [{ type: "VirtualMachine", id, name }],
});
const described = (text: string): ScriptedTask => ({ native: { description: { args: [text] } } });

test.each<[string, Lost, string | string[]]>([
  [
    "the name of the request",
    { request: clone, tasks: [on("vm-7", "web.b"), on("vm-8", "Web.A")] },
    "task-2",
  ],
  [
    "the name in its description",
    { request: clone, tasks: [described("clone to web.a"), described("web.b")] },
    "task-1",
  ],
  [
    "a name that only begins like it",
    { request: clone, tasks: [on("vm-7", "web.a-2"), on("vm-8", "web.a.b")] },
    ["task-1", "task-2"],
  ],
  [
    "the same name twice",
    { request: clone, tasks: [on("vm-7", "web.a"), on("vm-8", "web.a")] },
    ["task-1", "task-2"],
  ],
  ["no name", { request: clone, tasks: [{}, {}] }, ["task-1", "task-2"]],
  [
    "all names of a list",
    { request: hosts, tasks: [described("esx-1.lab, esx-2.lab"), described("esx-1.lab")] },
    "task-1",
  ],
])("of several tasks, %s decides", async (_title, lost, expected) => {
  expect(await follows(lost)).toEqual(expected);
});

test.each<[string, Lost, string | string[]]>([
  ["a name that is not told", { request: clone, tasks: [on("vm-1")], rival: {} }, ["task-1"]],
  ["its name", { request: clone, tasks: [on("vm-1", "web.a")], rival: {} }, "task-1"],
  ["the object of its path", { request: relocate, tasks: [on("vm-1")], rival: {} }, "task-1"],
  ["another object", { request: relocate, tasks: [on("vm-2")], rival: {} }, ["task-1"]],
  [
    "anything, long after the other left",
    { request: clone, tasks: [{}], rival: { agoMs: 3_600_000 } },
    "task-1",
  ],
  [
    "anything, where the other has its task",
    { request: clone, tasks: [{}], rival: { taskId: "task-9" } },
    "task-1",
  ],
  [
    "no name, the other at an endpoint we do not know",
    { request: clone, tasks: [{}], rival: { endpoint: "?" } },
    ["task-1"],
  ],
  // The next vCenter has a `task-1` too, so it is neither followed nor taken for none.
  ["an id that the other has", { request: clone, tasks: [{}], rival: { taskId: "task-1" } }, ["task-1"]],
])("while another process may have started it, a task with %s", async (_title, lost, expected) => {
  expect(await follows(lost)).toEqual(expected);
});

test("an ended task without a stamp is not followed", async () => {
  const { run, server } = bedOf();
  server.onStart.push(() => {
    server.begin({ durationMs: 0 }).startedAt = 0;
    throw fault("lost", { sent: "maybe" });
  });
  server.onFind.push(() => [{ ...server.snapshot("task-1"), finishedAt: undefined }]);
  const given = { resourceUrn, endpoint: "vc", request: clone };
  expect(await run((all) => start(all, given).catch((error: unknown) => error))).toMatchObject({
    code: "VMWARE_MAY_HAVE_STARTED",
    candidates: ["task-1"],
  });
});

test("the older API of vCenter names the user in the reason of a task", async () => {
  const tasks = [{ native: { reason: { userName: "VSPHERE.LOCAL\\Other" } } }];
  expect(await follows({ request: relocate, tasks })).toEqual(["task-1"]);
  const own = [...tasks, { native: { reason: { userName: "VSPHERE.LOCAL\\Deploy" } } }];
  expect(await follows({ request: relocate, tasks: own })).toBe("task-2");
});

test("a refusal of the second sending lists what is in the way, where that is not its own", async () => {
  const { run, server } = bedOf();
  server.onStart.push(fault("lost", { sent: "maybe" }), () => {
    server.begin({ native: { user: "somebody" } });
    throw refusal("The name is taken.");
  });
  const given = { resourceUrn, endpoint: "vc", request: clone };
  const thrown = await run((all) => start(all, given).catch((error: unknown) => error as Error));
  expect(thrown).toMatchObject({ code: "VMWARE_MAY_HAVE_STARTED", candidates: ["task-1"] });
  expect((thrown as Error).message).toMatch(/name is taken.*task-1/s);
});
