import { causesOf, errorOfBody } from "../../../provider/clients/vcda/errors";
import { idQueries, toQuery } from "../../../provider/clients/vcda/filter";
import { parsePage } from "../../../provider/clients/vcda/pages";
import { parsePoll } from "../../../provider/clients/vcda/poll";
import { canBeStartedBy } from "../../../provider/clients/vcda/started-by";
import { toSnapshot } from "../../../provider/clients/vcda/task";
import type { ApiRequest, StartTrace } from "../../../provider/tasks";

const id = "f61d60d2-698a-46dc-a266-88df27644956";
const stacktrace = "com.vmware.h4.SomeException: x\n\tat com.vmware.h4.Job.run(Job.java:1)";
const at = { kind: "task", site: "site1" };

describe("an error of VCDA", () => {
  test.each<[string, unknown, string]>([
    ["fills its arguments in", { msg: "VM {0} of {1}.", args: ["web", "acme"] }, "VM web of acme."],
    ["fills one in twice", { msg: "{0} is not {0}.", args: ["a"] }, "a is not a."],
    ["lists arguments without a place", { msg: "Failed {0}.", args: ["a", "b", "c"] }, "Failed a. (b, c)"],
    ["lists no argument that the text has", { msg: "Site b is away.", args: ["Site b"] }, "Site b is away."],
    ["keeps a place without an argument", { msg: "{0} of {1}.", args: ["a"] }, "a of {1}."],
    ["shows arguments that are no texts", { msg: "After {0}", args: [3] }, "After 3"],
    ["bears odd arguments", { msg: "Odd", args: "x" }, "Odd"],
    ["has a text without one", { code: "Odd", msg: null, args: null }, "the server gives no message"],
  ])("%s", (_, body, message) => {
    expect(causesOf(body)).toEqual([expect.objectContaining({ message })]);
  });

  test("tells errors that hang below it, whatever their field is called, and no stack trace", () => {
    const body = {
      code: "A",
      msg: "first",
      stacktrace,
      cause: { code: "B", msg: "second", stacktrace, errors: [{ code: "C", msg: "third", args: [] }] },
    };
    const causes = causesOf(body);
    expect(causes.map(({ code, message }) => `${code ?? ""} ${message}`)).toEqual([
      "A first",
      "B second",
      "C third",
    ]);
    expect(JSON.stringify(causes)).not.toContain("Job.java");
  });

  test.each([undefined, null, "text", [], {}, { message: "of a proxy" }, { code: 4 }])(
    "is not what the body %j says",
    (body) => expect(errorOfBody(body)).toBeUndefined(),
  );

  test("that goes on for ever is cut", () => {
    const endless: Record<string, unknown> = { code: "A", msg: "again" };
    endless.cause = endless;
    expect(causesOf(endless).length).toBeLessThan(10);
  });
});

describe("a task of VCDA", () => {
  test("is told by its state alone, also when error and result are there together", () => {
    const body = { id, result: { id: "C4-1" }, error: { code: "X", msg: "old" }, warnings: [] };
    expect(toSnapshot(at, { ...body, state: "SUCCEEDED" })).toMatchObject({
      status: "SUCCEEDED",
      result: { id: "C4-1" },
      causes: [],
    });
    const failed = toSnapshot(at, { ...body, state: "FAILED" });
    expect(failed).toMatchObject({ status: "FAILED", causes: [{ path: [], code: "X", message: "old" }] });
    expect(failed.result).toBeUndefined();
  });

  test.each([
    ["QUEUED", "PENDING"],
    ["RUNNING", "RUNNING"],
    ["SUCCEEDED", "SUCCEEDED"],
    ["FAILED", "FAILED"],
    ["Succeeded", "SUCCEEDED"],
    ["string", "UNKNOWN"],
    ["DONE_SOMEHOW", "UNKNOWN"],
  ])("that says %s is %s", (state, status) => {
    expect(toSnapshot(at, { id, state })).toMatchObject({ status, nativeStatus: state });
  });

  test("has no end while it says -1, and stamps as text are read too", () => {
    const body = { id, state: "RUNNING", startTime: "1499929548951", endTime: -1, lastUpdated: -1 };
    const seen = toSnapshot(at, body);
    expect(seen.startedAt).toBe(1_499_929_548_951);
    expect(seen.finishedAt).toBeUndefined();
  });

  test("has no stamp beyond all dates", () => {
    const seen = toSnapshot(at, { id, state: "RUNNING", startTime: 1e300, endTime: 8.64e15 });
    expect(seen).toMatchObject({ startedAt: undefined, finishedAt: 8.64e15 });
  });

  test.each([
    [50, 0.5],
    [150, 1],
    [-1, 0],
    ["50", undefined],
    [null, undefined],
  ])("of progress %p has come as far as %p", (progress, fraction) => {
    expect(toSnapshot(at, { id, state: "RUNNING", progress }).progress.fraction).toBe(fraction);
  });

  test("is followed at the site that was asked, whatever site the reply names", () => {
    expect(toSnapshot(at, { id, state: "RUNNING", site: "site2" })).toMatchObject({
      ref: { id, kind: "task", site: "site1" },
      native: { site: "site2" },
    });
  });

  test("is named after its workflow, and works on its resource", () => {
    const info = { type: "failover", resourceType: "vappReplication", resourceId: "C4VAPP-1" };
    expect(
      toSnapshot(at, { id, state: "RUNNING", workflowInfo: { ...info, resourceName: "shop" } }),
    ).toMatchObject({
      name: "failover vappReplication shop",
      resources: [{ type: "vappReplication", id: "C4VAPP-1", name: "shop" }],
    });
    expect(
      toSnapshot(at, { id, state: "RUNNING", workflowInfo: { ...info, resourceName: null } }),
    ).toMatchObject({ name: "failover vappReplication C4VAPP-1" });
    for (const workflowInfo of [null, {}, "odd", { type: null, resourceId: null }])
      expect(toSnapshot(at, { id, state: "RUNNING", workflowInfo })).toMatchObject({
        name: "task",
        resources: [],
      });
  });

  test("that succeeded tells its warnings, each with the errors in it, once", () => {
    const warning = { time: 1, error: { code: "Slow", msg: "{0} is slow", args: ["disk 1"], stacktrace } };
    expect(
      toSnapshot(at, { id, state: "SUCCEEDED", warnings: [warning, warning, "plain", {}, null] }).warnings,
    ).toEqual(["Slow: disk 1 is slow", "plain"]);
  });

  test("holds no stack trace anywhere", () => {
    const error = { code: "A", msg: "a", stacktrace, cause: { code: "B", msg: "b", stacktrace } };
    for (const state of ["FAILED", "SUCCEEDED"]) {
      const body = { id, state, error, warnings: [{ error }], result: { lastError: error, ok: true } };
      const seen = toSnapshot(at, body);
      expect(JSON.stringify(seen)).not.toContain("Job.java");
      expect(seen.native).toMatchObject({ error: { code: "A", cause: { code: "B" } } });
    }
  });

  test.each([[{ state: "RUNNING" }], [{ id, state: 5 }], [{ id: "" }], [null], [[]], ["text"]])(
    "is not what %j is",
    (body) => expect(() => toSnapshot(at, body)).toThrow(/of a task is not what the API documents/),
  );
});

describe("a bulk poll", () => {
  test("makes rows tasks, whatever the order of its columns, nested by dots", () => {
    const rows = parsePoll({
      propertyNames: ["workflowInfo.type", "state", "workflowInfo.resourceId", "id", "error.code"],
      values: [
        ["failover", "FAILED", "C4-1", "a", "X"],
        ["sync", "RUNNING", null, "b", null],
      ],
    });
    expect(rows?.get("a")).toEqual({
      id: "a",
      state: "FAILED",
      workflowInfo: { type: "failover", resourceId: "C4-1" },
      error: { code: "X" },
    });
    expect([...(rows?.keys() ?? [])]).toEqual(["a", "b"]);
  });

  test("bears rows that are short, odd or without an id, and columns that contradict each other", () => {
    const rows = parsePoll({
      propertyNames: ["id", "error", "error.code", "error.msg", "", "state"],
      values: [
        ["a"],
        ["b", { code: "X" }, "Y", "m", 1, "FAILED"],
        "odd",
        [],
        null,
        [5, null],
        ["c", "text", "Y"],
      ],
    });
    expect(rows?.get("a")).toEqual({ id: "a" });
    expect(rows?.get("b")).toEqual({ id: "b", error: { code: "Y", msg: "m" }, state: "FAILED" });
    expect(rows?.get("c")).toEqual({ id: "c", error: "text" });
    expect(rows?.size).toBe(3);
  });

  test("bears names of columns that are no paths", () => {
    const names = ["id", "[", "a[0]", "a[", "b..c", "\\"];
    const rows = parsePoll({ propertyNames: names, values: [["a", 1, 2, 3, 4, 5]] });
    expect(rows?.get("a")).toEqual({ id: "a", "[": 1, "a[0]": 2, "a[": 3, b: { "": { c: 4 } }, "\\": 5 });
  });

  test("has no rows in the loose forms that 4.6 and 4.7 document", () => {
    expect(parsePoll({ propertyNames: ["id"], values: ["start"] })?.size).toBe(0);
    expect(parsePoll({ propertyNames: [], values: [] })?.size).toBe(0);
  });

  test.each([undefined, null, [], {}, { values: [] }, { propertyNames: ["id"] }, "page"])(
    "is not what %j is",
    (body) => expect(parsePoll(body)).toBeUndefined(),
  );

  test("changes no prototype", () => {
    parsePoll({
      propertyNames: ["id", "__proto__.polluted", "constructor.prototype.polluted"],
      values: [["a", 1, 1]],
    });
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

describe("a list", () => {
  test("is asked for under the API's own names, lists separated by commas", () => {
    expect(
      toQuery({
        site: "b",
        resourceType: ["site", "pair"],
        sort: "startTime-",
        startTimeAfter: 5,
        limit: 3,
        odd: 1,
      }),
    ).toEqual({ site: "b", resourceType: "site,pair", sort: "startTime-", startTimeAfter: "5" });
  });

  test("of very many ids is asked for in parts that fit into a URL", () => {
    const ids = Array.from({ length: 170 }, (_, n) => `${id.slice(0, -3)}${String(n).padStart(3, "0")}`);
    const parts = idQueries({ tasks: ids });
    expect(parts.flatMap(({ ids: some = "" }) => some.split(","))).toEqual(ids);
    for (const part of parts) expect(part.ids?.length).toBeLessThan(3_500);
    expect(idQueries({})).toEqual([{}]);
    expect(idQueries({ ids: [] })).toEqual([]);
  });

  test("is a page of items", () => {
    expect(parsePage({ items: [1], total: 4 })).toMatchObject({ items: [1], total: 4 });
    expect(parsePage({ items: [], total: "many" })?.total).toBeUndefined();
    expect(parsePage({ elements: [] })).toBeUndefined();
  });
});

describe("a task may be the one that a request started", () => {
  const sentAt = Date.UTC(2026, 0);
  const vapp = "C4VAPP-11111111-1111-4111-8111-111111111111";
  const other = "C4VAPP-22222222-2222-4222-8222-222222222222";
  const trace = (path: string, method: ApiRequest["method"] = "POST"): StartTrace => ({
    request: { method, path },
    kind: "task",
    sentAt,
  });
  const task = (workflowInfo: unknown, startTime: number = sentAt): ReturnType<typeof toSnapshot> =>
    toSnapshot(at, { id, state: "RUNNING", startTime, workflowInfo });
  const info = (type: string, resourceType: string, resourceId: string | null = vapp): unknown => ({
    type,
    resourceType,
    resourceId,
  });
  const migrate = `/vapp-replications/${vapp}/migrate`;

  test.each<[string, string, ReturnType<typeof toSnapshot>, boolean]>([
    ["the same replication and work", migrate, task(info("migrate", "vappReplication")), true],
    [
      "a migration that the server calls a failover",
      migrate,
      task(info("failover", "vappReplication")),
      true,
    ],
    ["an id in other letters", migrate, task(info("migrate", "vappReplication", vapp.toLowerCase())), true],
    ["another replication", migrate, task(info("migrate", "vappReplication", other)), false],
    ["other work", migrate, task(info("sync", "vappReplication")), false],
    ["work that we cannot place", migrate, task(info("somethingNew", "vappReplication")), true],
    ["another kind of thing", migrate, task(info("migrate", "vmReplication", null)), false],
    ["a kind of thing that we do not know", migrate, task(info("migrate", "newThing", null)), true],
    ["no word of what it is", migrate, task(undefined), true],
    ["an older one", migrate, task(info("migrate", "vappReplication"), sentAt - 60_000), false],
    [
      "one of a clock that differs a little",
      migrate,
      task(info("migrate", "vappReplication"), sentAt - 3_000),
      true,
    ],
    ["one without a stamp", migrate, task(info("migrate", "vappReplication"), -1), true],
    ["a new replication", "/vapp-replications?site=b", task(info("start", "vappReplication")), true],
    ["a backup", "/backups", task(info("backup", "appliance", "a")), true],
  ])("%s", (_, path, snapshot, can) => {
    expect(canBeStartedBy(trace(path), snapshot)).toBe(can);
  });
});
