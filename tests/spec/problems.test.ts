import type { Exchange } from "../support/recording-proxy";
import { createInspector } from "./support/problems";
import { apis, shapesOf } from "./support/shapes";

const task = {
  description: { id: "a", default_message: "A", args: [] },
  service: "com.vmware.vcenter.VM",
  operation: "clone$task",
  status: "RUNNING",
  cancelable: true,
};

interface Said {
  readonly method?: string;
  readonly path?: string;
  readonly query?: string;
  readonly contentType?: string;
  readonly request?: unknown;
  readonly status?: number;
  readonly reply?: unknown;
}

/** An exchange: a good look at a task, but for what is said. */
function exchange({
  method = "GET",
  path = "/api/cis/tasks/1",
  query = "",
  status = 200,
  ...said
}: Said): Exchange {
  const text = (value: unknown): string => (value === undefined ? "" : JSON.stringify(value));
  return {
    method,
    path,
    query: new URLSearchParams(query),
    contentType: said.contentType ?? "application/json; charset=utf-8",
    requestText: text(said.request),
    status,
    replyText: text("reply" in said ? said.reply : task),
  };
}

const vcenter = createInspector("vcenter");
const sddc = createInspector("sddc-manager");
const list = { method: "POST", path: "/api/cis/tasks", query: "action=list", reply: { a: task } };
const tokens = { method: "POST", path: "/v1/tokens", status: 201, reply: { accessToken: "a" } };

test.each<[string, Said]>([
  ["a look", { query: "return_all=true&exclude_result=false" }],
  ["a look of an encoded id", { path: "/api/cis/tasks/1%3Acom.vmware.vcenter.VM" }],
  ["a list", { ...list, request: { filter_spec: { tasks: ["a"] }, result_spec: { exclude_result: true } } }],
  [
    "a legacy list",
    {
      path: "/rest/cis/tasks",
      query: "filter_spec.targets.1.type=A&filter_spec.targets.1.id=a",
      reply: { value: [] },
    },
  ],
  ["a documented error", { status: 404, reply: { error_type: "NOT_FOUND", messages: [] } }],
])("%s is found good", (_, said) => {
  expect(vcenter.problemsOf(exchange(said))).toEqual([]);
});

test.each<[string, Said, string]>([
  ["of an unknown path", { path: "/api/cis/task/1" }, "the API has no such operation"],
  ["of an unknown method", { method: "PATCH" }, "the API has no such operation"],
  ["of an unknown action", { method: "POST", query: "action=stop" }, "the API has no such operation"],
  ["with a parameter of another name", { query: "returnAll=true" }, "query: returnAll is not declared"],
  ["with a parameter of another type", { query: "return_all=yes" }, "query return_all: / must be boolean"],
  [
    "with a parameter twice",
    { query: "return_all=true&return_all=true" },
    "query return_all: / must be boolean",
  ],
  ["with a body where none is taken", { request: {} }, "body: the operation takes none"],
  [
    "with a body that is no JSON",
    { ...list, contentType: "text/plain", request: {} },
    'body: it is sent as "text/plain"',
  ],
  [
    "with a misspelled field",
    { ...list, request: { filter_spec: { task: [] } } },
    'body: /filter_spec has the field "task", which is not declared',
  ],
  [
    "with a field of another type",
    { ...list, request: { filter_spec: { tasks: "a" } } },
    "body: /filter_spec/tasks must be array",
  ],
  [
    "with another word of an enumeration",
    { ...list, request: { filter_spec: { status: ["DONE"] } } },
    "body: /filter_spec/status/0 must be equal to one of the allowed values",
  ],
])("a request %s is found", (_, said, problem) => {
  expect(vcenter.problemsOf(exchange(said)).join("\n")).toContain(problem);
});

test.each<[string, Said, string]>([
  ["of a status that is not listed", { status: 418 }, "reply: the status 418 is not declared"],
  ["without a body", { reply: undefined }, "reply 200: / must be object"],
  [
    "with a body where there is none",
    { method: "POST", query: "action=cancel", status: 204 },
    "reply 204: it has a body",
  ],
  [
    "without a field that must be there",
    { reply: { ...task, status: undefined } },
    "must have required property 'status'",
  ],
  [
    "with another word of an enumeration",
    { reply: { ...task, status: "DONE" } },
    "/status must be equal to one of the allowed values",
  ],
  [
    "with a date that is none",
    { reply: { ...task, start_time: "yesterday" } },
    '/start_time must match format "date-time"',
  ],
  [
    "with a field that is not declared",
    { reply: { ...task, state: "x" } },
    'has the field "state", which is not declared',
  ],
])("a reply %s is found", (_, said, problem) => {
  expect(vcenter.problemsOf(exchange(said)).join("\n")).toContain(problem);
});

test.each(apis)("every operation of %s can be held against its schemas", (api) => {
  const { operations } = shapesOf(api);
  const { problemsOf, operationOf } = createInspector(api);
  for (const [key, { body, replies }] of Object.entries(operations)) {
    const [method = "", address = ""] = key.split(" ");
    const [template = "", query = ""] = address.split("?");
    const path = template.replaceAll(/\{[^}]+\}/g, "1");
    const request = body === undefined ? undefined : 4;
    const exchanges = Object.keys(replies).map((status) =>
      exchange({ method, path, query, request, status: Number(status), reply: 4 }),
    );
    for (const one of exchanges) expect(problemsOf(one).join("\n")).not.toContain("no such operation");
    expect(exchanges.map(operationOf)).toContain(key);
  }
});

test("a body that must be there is missed", () => {
  expect(sddc.problemsOf(exchange(tokens))).toEqual(["POST /v1/tokens: body: it is missing"]);
  expect(sddc.problemsOf(exchange({ ...tokens, request: { username: "a", password: "b" } }))).toEqual([]);
});

test("the operation with the most of a request's query and path is meant", () => {
  const path = "/api/esx/settings/clusters/domain-c8/software";
  expect(vcenter.operationOf(exchange({ method: "POST", path, query: "vmw-task=true&action=scan" }))).toBe(
    "POST /api/esx/settings/clusters/{cluster}/software?action=scan&vmw-task=true",
  );
  expect(createInspector("vcf-installer").operationOf(exchange({ path: "/v1/sddcs/latest" }))).toBe(
    "GET /v1/sddcs/latest",
  );
});
