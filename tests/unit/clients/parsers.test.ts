import { retryAfterMs } from "../../../provider/clients/http/retry-after";
import { causesOf, causesOfBody } from "../../../provider/clients/sddc-manager/errors";
import { parsePage } from "../../../provider/clients/sddc-manager/pages";
import {
  toFilterSpec,
  toRestQuery,
  toResultSpec,
  type FilterSpec,
} from "../../../provider/clients/vcenter/filter";
import {
  partsOf,
  servicesBeside,
  splitByMatches,
  splitByProvider,
} from "../../../provider/clients/vcenter/filter-parts";
import { parseVapiError, textOf } from "../../../provider/clients/vapi/messages";
import { asTaskRequest, taskIdOf } from "../../../provider/clients/vapi/task-request";

const reply = (value?: string | string[]): Parameters<typeof retryAfterMs>[0] => ({
  status: 503,
  headers: { "retry-after": value },
  body: undefined,
  isMalformed: false,
});

test.each([
  [undefined, undefined],
  ["0", 0],
  ["7", 7_000],
  ["-3", 0],
  ["soon", undefined],
  ["Thu, 01 Jan 1970 00:00:00 GMT", 0],
  ["Infinity", undefined],
  ["", undefined],
])("Retry-After %p is %p ms", (value, ms) => {
  expect(retryAfterMs(reply(value))).toBe(ms);
});

test("Retry-After as a date counts by the clock of the server, which may be years apart from ours", () => {
  const headers = {
    date: "Thu, 01 Jan 2015 10:00:00 GMT",
    "retry-after": "Thu, 01 Jan 2015 10:00:30 GMT",
  };
  expect(retryAfterMs({ ...reply(), headers })).toBe(30_000);
});

describe("an error of vAPI", () => {
  const messages = [{ id: "a", default_message: "No room.", args: [] }];

  test.each<[string, unknown, unknown]>([
    [
      "of /api",
      { error_type: "NOT_FOUND", messages },
      { type: "NOT_FOUND", causes: [{ code: "NOT_FOUND", message: "No room." }] },
    ],
    [
      "of /rest",
      { type: "com.vmware.vapi.std.errors.not_found", value: { messages } },
      { type: "NOT_FOUND", causes: [{ message: "No room." }] },
    ],
    [
      "of /rest without a value",
      { type: "com.vmware.vapi.std.errors.error", value: null },
      { type: "ERROR", causes: [{ message: "the server gives no message" }] },
    ],
    [
      "of a task, with its class only",
      { "@class": "com.vmware.vapi.std.errors.timed_out", messages },
      { type: "TIMED_OUT" },
    ],
    [
      "of a router that knows no such path",
      { error_type: "NOT_FOUND", messages: [{ id: "com.vmware.vapi.rest.httpNotFound", args: [] }] },
      { type: "OPERATION_NOT_FOUND" },
    ],
    [
      "of a router of /rest that knows no such path",
      {
        type: "com.vmware.vapi.std.errors.not_found",
        value: { messages: [{ id: "com.vmware.vapi.rest.operationsForUrlNotFound" }] },
      },
      { type: "OPERATION_NOT_FOUND", causes: [{ code: "OPERATION_NOT_FOUND" }] },
    ],
    ["of an old server, without a type", { messages }, { type: "ERROR" }],
    [
      "without messages",
      { error_type: "CANCELED" },
      { type: "CANCELED", causes: [{ message: "the server gives no message" }] },
    ],
    [
      "with odd messages",
      { error_type: "ERROR", messages: [{ id: 4, default_message: 5 }, "a"] },
      { causes: [{ message: "the server gives no message" }] },
    ],
    [
      "that is pointless to repeat",
      { error_type: "ERROR", messages, data: { is_transient: false } },
      { causes: [{ isTransient: false }] },
    ],
    [
      "that names schemes",
      { error_type: "UNAUTHENTICATED", messages, challenge: "Basic" },
      { challenge: "Basic" },
    ],
  ])("%s is understood", (_title, body, wanted) => {
    expect(parseVapiError(body)).toMatchObject(wanted as object);
  });

  test.each([[null], [undefined], ["error"], [4], [[]], [{}], [{ value: "a" }], [{ type: "x" }]])(
    "is not %j",
    (body) => {
      expect(parseVapiError(body)).toBeUndefined();
    },
  );
});

test.each([
  [{ id: "i", default_message: "d", localized: "l" }, "l"],
  [{ id: "i", default_message: "d", localized: "" }, "d"],
  [{ id: "i", default_message: "" }, "i"],
  [{ id: "", default_message: "" }, undefined],
  [{ id: 1, default_message: null, localized: 3 }, undefined],
  ["text", undefined],
  [null, undefined],
])("the text of %j is %p", (value, text) => {
  expect(textOf(value)).toBe(text);
});

describe("an open place in a message", () => {
  const text = "Host {0} of {cluster} is in state {1}; see {unknown}.";

  test.each<[string, unknown, string]>([
    ["by position", { args: ["esx-1", 5] }, "Host esx-1 of {cluster} is in state 5; see {unknown}."],
    [
      "by name",
      { params: { cluster: { s: "c-8" }, "0": { i: 7 }, "1": { l: { id: "state.bad" } } } },
      "Host 7 of c-8 is in state state.bad; see {unknown}.",
    ],
    [
      "by name, as /rest lists it",
      { params: [{ key: "cluster", value: { dt: "2026-01-01T00:00:00Z" } }, null, 4] },
      "Host {0} of 2026-01-01T00:00:00Z is in state {1}; see {unknown}.",
    ],
    ["by nothing", { args: null, params: "odd" }, text],
    ["by what every object has", { params: {} }, text],
  ])("is filled in %s", (_title, more, wanted) => {
    expect(textOf({ id: "i", default_message: text, ...(more as object) })).toBe(wanted);
  });

  test("is filled in a translated text, too, and braces of its own stay", () => {
    expect(textOf({ id: "i", localized: "{0}: { a } {constructor}", args: ["b"], params: {} })).toBe(
      "b: { a } {constructor}",
    );
  });
});

describe("errors of SDDC Manager", () => {
  test.each([[null], ["a"], [{}], [[null, 4, "a", {}]]])("are none in %j", (errors) => {
    expect(causesOf(errors, [])).toEqual([]);
  });

  test("are told from warnings", () => {
    const errors = [
      { errorType: "Warning", errorCode: "W", message: "w" },
      { errorType: "ERROR", errorCode: "E", message: "e" },
      { errorCode: "N", message: "n" },
    ];
    const codes = (severity?: "error" | "warning"): unknown[] =>
      causesOf(errors, [], severity).map(({ code }) => code);
    expect(codes()).toEqual(["W", "E", "N"]);
    expect(codes("error")).toEqual(["E", "N"]);
    expect(codes("warning")).toEqual(["W"]);
  });

  test.each([
    [undefined, undefined],
    ["<html>", undefined],
    [[], undefined],
    [{ status: 404 }, undefined],
    [{ message: "m" }, [{ path: [], message: "m" }]],
    [{ errorCode: "C" }, [{ code: "C", message: "the server gives no message" }]],
    [{ errorCode: null, message: null, nestedErrors: [{ message: "deep" }] }, [{ message: "deep" }]],
    [
      {
        code: "C",
        message: { id: "i", localizedMessage: "l", defaultMessage: "d" },
        resolution: { id: "i", defaultMessage: "r" },
        referenceId: "4711",
      },
      [{ code: "C", message: "l", remediation: "r", reference: "4711" }],
    ],
  ])("in the body %j are %j", (body, causes) => {
    if (causes === undefined) expect(causesOfBody(body)).toBeUndefined();
    else expect(causesOfBody(body)).toMatchObject(causes);
  });

  test("tell what a precheck found", () => {
    const notifications = [
      {
        severity: "ERROR",
        message: "esx-1 has no space.",
        impactMessage: "It stays old.",
        remediations: [{ message: "Free 4 GB." }, { message: "Try again." }],
      },
      { severity: "WARNING", message: "esx-2 is slow." },
      { severity: "INFO", message: "esx-3 is fine." },
    ];
    expect(causesOf([{ errorCode: "C", message: "m", notifications }], ["a"])).toMatchObject([
      { path: ["a"], code: "C", message: "m" },
      {
        path: ["a"],
        message: "esx-1 has no space. It stays old.",
        remediation: "Free 4 GB. Try again.",
      },
      { path: ["a"], message: "esx-2 is slow." },
    ]);
  });
});

describe("a page of SDDC Manager", () => {
  const page = (pageMetadata: unknown, elements: unknown = [1]): unknown => ({ elements, pageMetadata });

  test.each([
    ["the first of two, counted from 0", page({ pageNumber: 0, totalPages: 2 }), 1, 1],
    ["the first of two, counted from 1", page({ pageNumber: 1, totalPages: 2 }), 1, 2],
    ["the last, counted from 0", page({ pageNumber: 1, totalPages: 2 }), 2, undefined],
    ["the last, counted from 1", page({ pageNumber: 2, totalPages: 2 }), 2, undefined],
    ["an empty one", page({ pageNumber: 0, totalPages: 9 }, []), 1, undefined],
    ["one without metadata", page(undefined), 1, undefined],
    ["one with odd metadata", page({ pageNumber: "0", totalPages: "2" }), 1, undefined],
  ])("%s names the next one", (_title, body, read, next) => {
    expect(parsePage(body, read)?.next).toBe(next);
  });

  test.each([[null], [[]], [{}], [{ elements: null }], ["a"]])("is not %j", (body) => {
    expect(parsePage(body, 1)).toBeUndefined();
  });
});

describe("a filter of CIS tasks", () => {
  const filter = {
    services: "com.vmware.a",
    status: ["FAILED", "RUNNING"],
    targets: [
      { type: "T", id: "1" },
      { type: "U", id: "2" },
    ],
    limit: 5,
    users: undefined,
    excludeResult: true,
    returnAll: "yes",
  };

  test("takes the API's own fields, as lists", () => {
    expect(toFilterSpec(filter)).toEqual({
      services: ["com.vmware.a"],
      status: ["FAILED", "RUNNING"],
      targets: filter.targets,
    });
    expect(toResultSpec(filter)).toEqual({ exclude_result: true });
  });

  test("is a query at /rest, its targets counted from 1", () => {
    expect(toRestQuery(toFilterSpec(filter), toResultSpec(filter))).toEqual({
      "filter_spec.services": ["com.vmware.a"],
      "filter_spec.status": ["FAILED", "RUNNING"],
      "filter_spec.targets.1.type": "T",
      "filter_spec.targets.1.id": "1",
      "filter_spec.targets.2.type": "U",
      "filter_spec.targets.2.id": "2",
      "result_spec.exclude_result": true,
    });
  });

  test.each([
    [["FAILED", "CANCELLED"], ["FAILED"]],
    [
      ["CANCELLED", "RUNNING"],
      ["FAILED", "RUNNING"],
    ],
    [["UNKNOWN"], undefined],
    [["FAILED", "UNKNOWN"], undefined],
  ])("has the server's words for %j: %j", (status, words) => {
    expect(toFilterSpec({ status }).status).toEqual(words);
  });

  test("of tasks of several services comes in one part for each, each id once, the services apart", () => {
    const spec = { tasks: ["a:s", "b:t", "c:s", "a:s", "d"], services: ["s", "t"], users: ["u"] };
    expect(partsOf(spec, 10)).toEqual([
      { tasks: ["a:s", "c:s"], users: ["u"] },
      { tasks: ["b:t"], users: ["u"] },
      { tasks: ["d"], users: ["u"] },
    ]);
    expect(servicesBeside(spec)).toEqual(["s", "t"]);
    expect(partsOf({ services: ["s", "t"] }, 10)).toEqual([{ services: ["s", "t"] }]);
    expect(servicesBeside({ services: ["s", "t"] })).toEqual([]);
  });

  test("is halved until each part names one of everything, and no value is lost", () => {
    const leaves = (spec: FilterSpec): FilterSpec[] => splitByMatches(spec)?.flatMap(leaves) ?? [spec];
    const found = leaves({ services: ["a", "b", "c"], users: [] });
    expect(found).toHaveLength(15);
    expect(found.slice(0, 5).map(({ status }) => status)).toEqual(
      ["PENDING", "RUNNING", "BLOCKED", "SUCCEEDED", "FAILED"].map((word) => [word]),
    );
    expect(new Set(found.flatMap(({ services }) => services))).toEqual(new Set(["a", "b", "c"]));
    expect(splitByProvider({ services: ["a"], status: ["FAILED", "RUNNING"] })).toBeUndefined();
    expect(splitByProvider({ tasks: ["a", "b", "c"] })).toEqual([{ tasks: ["a", "b"] }, { tasks: ["c"] }]);
  });

  test.each([
    [0, [0]],
    [2, [2]],
    [3, [2, 1]],
    [4, [2, 2]],
  ])("of %p tasks comes in parts of two: %j", (count, sizes) => {
    const tasks = Array.from({ length: count }, (_, index) => `t${index}`);
    const parts = partsOf({ tasks, status: ["FAILED"] }, 2);
    expect(parts.map((part) => part.tasks?.length)).toEqual(sizes);
    expect(parts.flatMap((part) => part.tasks)).toEqual(tasks);
    expect(parts.every((part) => part.status?.[0] === "FAILED")).toBe(true);
  });
});

test.each([
  [undefined, { "vmw-task": "true" }],
  [{ action: "a" }, { action: "a", "vmw-task": "true" }],
  [{ "vmw-task": true }, { "vmw-task": true }],
  [{ "vmw-task": false }, {}],
  [{ "vmw-task": "false", action: "a" }, { action: "a" }],
])("the query %j of a start becomes %j", (query, wanted) => {
  expect(asTaskRequest({ method: "POST", path: "/api/a", query }).query).toEqual(wanted);
});

const id = "52f9f1b0-160a-25fe-fd1e-e7526df80e0d:com.vmware.esx.settings.clusters.software";

test.each([
  ["/api/a", true, 202, "anything", true],
  ["/api/a", false, 202, "anything", true],
  ["/api/a", true, 200, id, true],
  ["/api/a", true, 200, "vm-7", false],
  ["/api/a", false, 200, id, false],
  ["/rest/a", true, 200, "anything", true],
  ["/rest/a", false, 200, "vm-7", false],
  ["/api/a", true, 202, "", false],
  ["/api/a", true, 202, { id }, false],
])("%s, asked for a task: %p, answered by %p %j: has a task id: %p", (path, asked, status, body, has) => {
  const request = { method: "POST", path, ...(asked ? { query: { "vmw-task": "true" } } : {}) } as const;
  expect(taskIdOf(request, status, body)).toBe(has ? body : undefined);
});
