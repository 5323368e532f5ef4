import { readConfiguration, type Configuration } from "../../../../provider/operations";
import {
  lookUpProblems,
  operationProblems,
  traitProblems,
  unknownValue,
} from "../../../../provider/operations/arguments";
import { productTraits, type ProductTraits } from "../../../../provider/clients/traits";
import type { Problem } from "../../../../provider/tasks";

const canary = "canary-9f3a";
const configuration: Configuration = readConfiguration({
  endpoints: JSON.stringify({
    vc: { product: "vcenter", url: "https://vc.example.com", username: "u", password: canary },
    sddc: { product: "sddc-manager", url: "https://sddc.example.com", username: "u", password: canary },
    snap: { product: "snapservice", url: "https://snap.example.com", username: "u", password: canary },
    bare: { product: "vcenter", url: "https://vc.example.com", username: "u" },
    odd: { product: "esx", url: `ftp://user:${canary}@x`, username: "u", password: canary, colour: "red" },
  }),
  retryPolicies: JSON.stringify({ gentle: { maxAttempts: 3 }, bad: { maxAttempts: 0, delay: "soon" } }),
  environment: {},
});
const request = { method: "POST", path: "/api/vcenter/vm", body: { name: "vm" } };
const good = { endpoint: "vc", request };

const problems = (given: Readonly<Record<string, unknown>>): Problem[] =>
  operationProblems(given, configuration);
const lines = (given: Readonly<Record<string, unknown>>): string[] =>
  problems(given).map(({ path, message }) => `${path}: ${message}`);

test("arguments that are right have no problems", () => {
  expect(
    problems({
      ...good,
      timeout: "45m",
      stallTimeout: "10m",
      onTimeout: "cancel",
      onDelete: "leave",
      onFailure: "warn",
      retry: {
        maxAttempts: 3,
        when: { codes: ["BUSY"], message: "locked" },
        cleanup: { method: "DELETE", path: "/x" },
      },
      expect: [{ path: "native.status", equals: "OK" }],
      observe: { request: { method: "GET", path: "/x" }, until: [{ path: "a", in: [1, 2] }], interval: "5s" },
      triggers: { version: 1 },
      kind: "task",
    }),
  ).toEqual([]);
});

test.each<[string, Record<string, unknown>, string | RegExp]>([
  [
    "an unknown endpoint",
    { ...good, endpoint: "vx" },
    'endpoint: "vx" is not configured; vmware-tasks:endpoints has: vc, sddc, snap, bare, odd',
  ],
  ["no endpoint", { request }, "endpoint: is missing: the name of an endpoint in the configuration"],
  ["an endpoint that is a number", { ...good, endpoint: 7 }, /^endpoint: must be/],
  ...["value[", "a[b", "constructor.name"].flatMap((path): [string, Record<string, unknown>, RegExp][] => [
    [
      `a place of the id that is no path: ${path}`,
      { ...good, taskIdFrom: path },
      /^taskIdFrom: must be a path/,
    ],
    [
      `a condition on no path: ${path}`,
      { ...good, expect: [{ path, equals: 1 }] },
      /^expect\[0\]\.path: must be a path/,
    ],
  ]),
  [
    "the name of what every object has",
    { ...good, endpoint: "constructor" },
    /^endpoint: "constructor" is not configured/,
  ],
  [
    "an unknown product",
    { ...good, endpoint: "odd" },
    /odd\.product: must be one of vcenter, snapservice, sddc-manager/,
  ],
  ["a URL that is no HTTP URL", { ...good, endpoint: "odd" }, /odd\.url: must be an http or https URL/],
  [
    "an unknown field of an endpoint",
    { ...good, endpoint: "odd" },
    /odd.*: there is no such argument: colour/,
  ],
  [
    "a missing password",
    { ...good, endpoint: "bare" },
    /bare\.password: is missing: .*VMWARE_TASKS_BARE_PASSWORD/,
  ],
  [
    "an unknown policy",
    { ...good, retry: "rough" },
    'retry: there is no policy "rough"; vmware-tasks:retryPolicies has: gentle, bad',
  ],
  [
    "a policy with the name of what every object has",
    { ...good, retry: "toString" },
    /retry: there is no policy "toString"/,
  ],
  [
    "a policy that is wrong in the configuration",
    { ...good, retry: "bad" },
    "vmware-tasks:retryPolicies.bad.maxAttempts: must be a whole number from 1",
  ],
  ["an unknown argument", { ...good, timeOut: "5m" }, /: there is no such argument: timeOut/],
  [
    "an unknown argument of a request",
    { ...good, request: { ...request, payload: {} } },
    "request: there is no such argument: payload",
  ],
  [
    "a request without a path",
    { ...good, request: { method: "POST" } },
    'request.path: is missing: the path below the endpoint\'s URL, such as "/api/vcenter/vm"',
  ],
  [
    "a path that is a number",
    { ...good, request: { method: "POST", path: 7 } },
    /^request\.path: must be .*such as "\/api\/vcenter\/vm"/,
  ],
  [
    "a path with a host",
    { ...good, request: { ...request, path: "https://vc/api" } },
    /^request\.path: must begin with "\/"/,
  ],
  ...[
    "/v1/licenses/web#2",
    "/v1/hosts?name=a#b",
    "/v1/hosts/a\\b",
    "/v1/a/../b",
    "/v1/./b",
    "/v1/%2E%2e",
  ].map((path): [string, Record<string, unknown>, RegExp] => [
    `the path ${path}, of which a URL makes another one`,
    { ...good, request: { ...request, path } },
    /^request\.path: has a `#`, .* by encodeURIComponent$/,
  ]),
  [
    "an unknown method",
    { ...good, request: { ...request, method: "post" } },
    "request.method: must be GET, POST, PUT, PATCH or DELETE",
  ],
  ["neither request nor task", { endpoint: "vc" }, /^request: is missing: what to send, or `adoptTaskId`/],
  [
    "a duration without a unit",
    { ...good, timeout: "90" },
    /^timeout: must be a number with a unit, such as "90s"/,
  ],
  ["a duration that is a number", { ...good, timeout: 90 }, /^timeout: must be a number with a unit/],
  ["a negative duration", { ...good, timeout: "-1m" }, /^timeout: must be a number with a unit/],
  [
    "a very long duration",
    { ...good, timeout: `${"9".repeat(200)}s` },
    /^timeout: must be a number with a unit/,
  ],
  [
    "a duration within a policy",
    { ...good, retry: { delay: "soon" } },
    /^retry\.delay: must be a number with a unit/,
  ],
  ["no attempts", { ...good, retry: { maxAttempts: 0 } }, "retry.maxAttempts: must be a whole number from 1"],
  [
    "half an attempt",
    { ...good, retry: { maxAttempts: 1.5 } },
    "retry.maxAttempts: must be a whole number from 1",
  ],
  [
    "an unknown way",
    { ...good, retry: { how: "again" } },
    "retry.how: must be auto, retryTask or startAgain",
  ],
  [
    "a pattern that is none",
    { ...good, retry: { when: { message: "(" } } },
    "retry.when.message: must be a regular expression",
  ],
  ["an unknown choice", { ...good, onTimeout: "kill" }, "onTimeout: must be detach or cancel"],
  [
    "a condition without a test",
    { ...good, expect: [{ path: "a" }] },
    "expect[0]: needs one of equals, in and matches",
  ],
  [
    "the second condition",
    {
      ...good,
      expect: [
        { path: "a", equals: 1 },
        { path: "b", matches: "(" },
      ],
    },
    "expect[1].matches: must be a regular expression",
  ],
  [
    "a kind that the product lacks",
    { ...good, kind: "upgrade" },
    "kind: vCenter has no tasks of this kind; it has: task, vim",
  ],
  [
    "an observation that would start work",
    { ...good, observe: { request: { method: "GET", path: "/api/a?b=1&vmw-task=true" } } },
    /^observe\.request: reads, maybe many times, and `vmw-task` starts work/,
  ],
  [
    "an observation that would start work by its query",
    { ...good, observe: { request: { method: "GET", path: "/api/a", query: { "vmw-task": true } } } },
    /^observe\.request: reads/,
  ],
  [
    "a cancel that Snapservice does not have",
    { ...good, endpoint: "snap", onTimeout: "cancel" },
    "onTimeout: Snapservice cannot cancel a task; leave it out",
  ],
  [
    "another cancel that Snapservice does not have",
    { ...good, endpoint: "snap", onDelete: "cancel" },
    "onDelete: Snapservice cannot cancel a task; leave it out",
  ],
  ["a site where there are none", { ...good, site: "a" }, "site: vCenter has no sites"],
  [
    "retryTask at vCenter",
    { ...good, retry: { how: "retryTask" } },
    /^retry\.how: vCenter cannot continue a task that failed; use startAgain or auto/,
  ],
])("%s is told with its path and what is allowed", (_title, given, expected) => {
  expect(lines(given)).toContainEqual(
    typeof expected === "string" ? expected : expect.stringMatching(expected),
  );
});

test.each([
  `/v1/licenses/${encodeURIComponent("web#2 a\\b/..")}`,
  "/v1/..a/b../.well-known/c.d",
  "/v1/hosts?path=/a/../b\\c",
])("a URL leads where the path %s says", (path) => {
  expect(lines({ ...good, request: { ...request, path } })).toEqual([]);
});

test("what a product cannot do is told by its traits", () => {
  const traits: ProductTraits = {
    ...productTraits.vcenter,
    title: "Snapservice",
    kinds: {
      task: { cancels: "none", retries: "no" },
      bringUp: { cancels: "none", retries: "withBody" },
    },
  };
  const told = (given: Record<string, unknown>): string[] =>
    traitProblems(given, traits).map(({ path, message }) => `${path}: ${message}`);
  expect(told({ onTimeout: "cancel", onDelete: "cancel" })).toEqual([
    "onTimeout: Snapservice cannot cancel a task; leave it out",
    "onDelete: Snapservice cannot cancel a task; leave it out",
  ]);
  expect(told({ onRequestChange: "retryInPlace" })).toEqual([
    expect.stringContaining("only these kinds do: bringUp"),
  ]);
  expect(told({ onRequestChange: "retryInPlace", kind: "bringUp" })).toEqual([]);
  expect(told({ onTimeout: "detach", kind: "task" })).toEqual([]);
});

test("all problems are told together, each once", () => {
  const given = {
    endpoint: "vx",
    request: { method: "post" },
    timeout: "soon",
    retry: "rough",
    colour: "red",
  };
  expect(problems(given).map(({ path }) => path)).toEqual([
    "request.method",
    "request.path",
    "timeout",
    "(all)",
    "endpoint",
    "retry",
  ]);
});

describe("what a kind of SDDC Manager's tasks cannot do", () => {
  const told = (given: Record<string, unknown>): string[] => lines({ endpoint: "sddc", ...given });
  const rotate = { method: "PATCH", path: "/v1/credentials", body: {} };
  const validate = { method: "POST", path: "/v1/domains/validations", body: {} };

  test("is known by the request that starts it", () => {
    expect(told({ request: validate, onTimeout: "cancel", retry: { how: "retryTask" } })).toEqual([
      "onTimeout: SDDC Manager cannot cancel a task of the kind validation; leave it out",
      "retry.how: SDDC Manager cannot continue a task of the kind validation that failed; use startAgain or auto",
    ]);
    expect(told({ request: validate, kind: "task", onTimeout: "cancel" })).toEqual([]);
  });

  test("a credentials task is cancelled when it has failed, so not when its time is up", () => {
    expect(told({ request: rotate, onTimeout: "cancel", onDelete: "cancel" })).toEqual([
      "onTimeout: SDDC Manager cancels a task of the kind credentials only when it has failed, so not one that still runs; leave it out",
    ]);
  });

  test("retryInPlace is for kinds whose retry takes a request", () => {
    expect(told({ request: rotate, onRequestChange: "retryInPlace" })).toEqual([]);
    expect(told({ request: { method: "POST", path: "/v1/sddcs" }, onRequestChange: "retryInPlace" })).toEqual(
      [],
    );
    expect(told({ request: validate, onRequestChange: "retryInPlace" })).toEqual([
      "onRequestChange: the retry of this kind of SDDC Manager task takes no changed request; only these kinds do: credentials, bringUp",
    ]);
  });

  test("a request that is not known yet says nothing", () => {
    expect(told({ request: { method: "POST", path: unknownValue }, onTimeout: "cancel" })).toEqual([]);
  });
});

describe("look-ups of SDDC Manager", () => {
  const told = (lookUp: "sddcTask" | "sddcTasks", given: Record<string, unknown>): string[] =>
    lookUpProblems(lookUp, { endpoint: "sddc", ...given }, configuration, "sddc-manager").map(
      ({ path, message }) => `${path}: ${message}`,
    );

  test("take the kinds of the product", () => {
    expect(told("sddcTask", { id: "a", kind: "bringUp" })).toEqual([]);
    expect(told("sddcTask", { id: "a", kind: "constructor" })).toEqual([
      expect.stringMatching(/^kind: SDDC Manager has no tasks of this kind; it has: task, credentials/),
    ]);
  });

  test("list the kinds that have a list, by the filters of that list", () => {
    expect(told("sddcTasks", { type: "HOST_COMMISSION", doLiveRefresh: true })).toEqual([]);
    expect(told("sddcTasks", { kind: "credentials", status: "FAILED", limit: 5 })).toEqual([]);
    expect(told("sddcTasks", { kind: "credentials", type: "ROTATE" })).toEqual([
      "type: the list of this kind (credentials) cannot filter by it",
    ]);
    expect(told("sddcTasks", { kind: "query" })).toEqual([
      expect.stringMatching(
        /^kind: has no list; these kinds have one: task, credentials, validation, bringUp/,
      ),
    ]);
  });
});
