// What Snapservice answers: the example of its documentation as it stands there, and how servers depart from it.
import { readFileSync } from "node:fs";
import { join } from "node:path";

import fc from "fast-check";

import { partsOf, toQuery } from "../../../provider/clients/snapservice/filter";
import { signHeader } from "../../../provider/clients/vapi/saml";
import { toSnapshot } from "../../../provider/clients/vapi/task-info";
import { gunzipSync } from "node:zlib";
import { runs } from "../../support/properties";

const ref = { id: "a", kind: "task" };

interface Listed {
  readonly items: readonly { readonly task: string; readonly info: Record<string, unknown> }[];
}

const example = JSON.parse(
  readFileSync(join(__dirname, "fixtures", "snapservice-tasks.json"), "utf8"),
) as Listed;

test("reads the example of `GET /api/snapservice/tasks`", () => {
  const [item, ...more] = example.items;
  expect(more).toEqual([]);
  expect(toSnapshot({ id: item?.task ?? "", kind: "task" }, item?.info)).toEqual({
    ref: { id: "string", kind: "task" },
    status: "UNKNOWN",
    nativeStatus: "string",
    name: "string string",
    progress: { fraction: undefined, message: "string" },
    startedAt: undefined,
    finishedAt: undefined,
    result: undefined,
    resources: [{ type: "string", id: "string" }],
    warnings: [],
    causes: [],
    isCancellable: false,
    native: item?.info,
  });
});

test("no odd field but the status fails a look", () => {
  const odd = {
    status: "FAILED",
    progress: { total: "number", completed: "number", message: null },
    vc_task: 17,
    description: null,
    service: null,
    operation: null,
    parent: null,
    target: null,
    cancelable: "false",
    error: {},
    result: null,
    start_time: "string",
    end_time: 0,
    user: [],
    items: [{}],
    grown_since: { a: 1 },
  };
  expect(toSnapshot(ref, odd)).toMatchObject({
    status: "FAILED",
    name: "task",
    progress: {},
    resources: [],
    causes: [],
    native: odd,
  });
  expect(() => toSnapshot(ref, { ...odd, status: null })).toThrow('the field "status"');
});

test("tells the whole stack of messages, in the server's language where there is one", () => {
  const error = {
    error_type: "UNABLE_TO_ALLOCATE_RESOURCE",
    messages: [
      {
        id: "com.vmware.snapservice.pg.snapshot.failed",
        default_message: "Snapshot of protection group nightly failed.",
        localized: "Die Momentaufnahme der Schutzgruppe nightly ist fehlgeschlagen.",
        args: ["nightly"],
        params: { pg: { s: "nightly", l: { id: "x", params: { n: { i: 3 } } } } },
      },
      { id: "com.vmware.vsan.full", default_message: "The datastore vsanDatastore is full.", args: [] },
    ],
    data: { is_transient: true },
  };
  expect(toSnapshot(ref, { status: "FAILED", error }).causes).toEqual([
    {
      path: [],
      code: "UNABLE_TO_ALLOCATE_RESOURCE",
      message: "Die Momentaufnahme der Schutzgruppe nightly ist fehlgeschlagen.",
      isTransient: true,
    },
    { path: [], message: "The datastore vsanDatastore is full." },
  ]);
});

test("a filter has the API's names, repeats each for its values, and leaves the rest out", () => {
  expect(
    toQuery({
      tasks: ["a", "b"],
      operations: "create",
      services: [],
      users: undefined,
      limit: 3,
      status: "FAILED",
    }),
  ).toEqual({ tasks: ["a", "b"], operations: ["create"], status: ["FAILED"] });
  expect(toQuery({ status: ["CANCELLED", "FAILED", "BLOCKED"] })).toEqual({ status: ["FAILED", "BLOCKED"] });
  expect(toQuery({ status: ["UNKNOWN", "FAILED"] })).toEqual({});
});

test("parts of a filter name every task once, in their order, and fit a URL", () => {
  const id = fc.string({ minLength: 1, maxLength: 3_000 });
  fc.assert(
    fc.property(fc.array(id, { minLength: 1, maxLength: 300 }), (tasks) => {
      const parts = partsOf({ tasks, users: ["deploy@vsphere.local"] });
      expect(parts.flatMap(({ tasks: some = [] }) => some)).toEqual(tasks);
      for (const { tasks: some = [], users } of parts) {
        expect(users).toEqual(["deploy@vsphere.local"]);
        const length = new URLSearchParams(some.map((one): [string, string] => ["tasks", one])).toString()
          .length;
        expect(some.length === 1 || length < 4_096 - 200).toBe(true);
      }
    }),
    runs(100),
  );
  expect(partsOf({})).toEqual([{}]);
});

test("an assertion is sent compressed and in base64, on one line", () => {
  const header = signHeader("<saml2:Assertion>\n  ä\n</saml2:Assertion>");
  const [, token = ""] = /^SIGN token="([A-Za-z0-9+/=]+)"$/.exec(header) ?? [];
  expect(gunzipSync(Buffer.from(token, "base64")).toString()).toBe(
    "<saml2:Assertion>\n  ä\n</saml2:Assertion>",
  );
});
