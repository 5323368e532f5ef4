import {
  completionProblems,
  followUpProblems,
  readConfiguration,
  startProblems,
  unknownValue,
  type Configuration,
} from "../../../../provider/operations";
import { operationProblems } from "../../../../provider/operations/arguments";
import { type Problem } from "../../../../provider/tasks";

const canary = "canary-9f3a";
const configuration: Configuration = readConfiguration({
  endpoints: JSON.stringify({
    vc: { product: "vcenter", url: "https://vc.example.com", username: "u", password: canary },
    sddc: { product: "sddc-manager", url: "https://sddc.example.com", username: "u", password: canary },
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

describe("what is not known yet", () => {
  const places: readonly Readonly<Record<string, unknown>>[] = [
    { ...good, endpoint: unknownValue },
    { ...good, request: unknownValue },
    { ...good, request: { ...request, path: unknownValue } },
    { ...good, request: { ...request, method: unknownValue, timeout: unknownValue, query: unknownValue } },
    { ...good, request: { ...request, headers: { "X-A": unknownValue }, body: { deep: [unknownValue] } } },
    {
      ...good,
      timeout: unknownValue,
      stallTimeout: unknownValue,
      onTimeout: unknownValue,
      acceptWarnings: unknownValue,
    },
    { ...good, retry: unknownValue },
    {
      ...good,
      retry: { maxAttempts: unknownValue, delay: unknownValue, when: unknownValue, how: unknownValue },
    },
    { ...good, expect: unknownValue },
    { ...good, expect: [{ path: unknownValue, equals: unknownValue }] },
    { ...good, observe: { request: unknownValue, until: [unknownValue], interval: unknownValue } },
    { ...good, kind: unknownValue, site: undefined, adoptTaskId: unknownValue, triggers: unknownValue },
    { ...good, triggers: [unknownValue] },
    { endpoint: "sddc", request: unknownValue, onRequestChange: "retryInPlace", onDelete: "cancel" },
    { endpoint: "sddc", request: { ...request, path: unknownValue }, onRequestChange: "retryInPlace" },
    { endpoint: "sddc", request, kind: unknownValue, onRequestChange: "retryInPlace" },
  ];

  test.each(places)("is taken as right: %j", (given) => {
    expect(problems(given)).toEqual([]);
  });

  test("hides no problem that every kind of the product has", () => {
    expect(lines({ ...good, request: unknownValue, retry: { how: "retryTask" } })).toEqual([
      expect.stringMatching(/^retry\.how: vCenter cannot continue a task/),
    ]);
  });

  test("hides no problem of what is known", () => {
    expect(
      lines({ endpoint: unknownValue, request: { method: unknownValue, path: "x" }, timeout: "soon" }),
    ).toEqual([expect.stringMatching(/^request\.path/), expect.stringMatching(/^timeout/)]);
  });
});

test.each([
  ["request.headers.X-A", { "X-A": "two\nlines" }, "has a character that a header cannot have"],
  ["request.headers.X-A", { "X-A": "\u4e2d" }, "has a character that a header cannot have"],
  ["request.headers", { "X A": "blank" }, "has a name that a header cannot have"],
])(
  "a header that Node would not send is refused before anything is started: %s",
  (path, headers, message) => {
    expect(problems({ ...good, request: { ...request, headers } })).toEqual([
      { path, message: expect.stringContaining(message) as string },
    ]);
  },
);

describe("the resources below an operation", () => {
  test("StartedTask takes its own arguments only", () => {
    expect(startProblems({ ...good, adoptTaskId: "task-1" }, configuration)).toEqual([]);
    expect(startProblems({ ...good, timeout: "5m" }, configuration)).toEqual([
      { path: "(all)", message: "there is no such argument: timeout" },
    ]);
  });

  test("CompletedTask needs a task", () => {
    expect(
      completionProblems({ endpoint: "vc", startedTaskId: "task-1", timeout: "5m" }, configuration),
    ).toEqual([]);
    expect(completionProblems({ endpoint: "vc" }, configuration)).toEqual([
      { path: "startedTaskId", message: "is missing: the id of a task" },
    ]);
  });

  test("UpdateTask and DeleteTask need the task that made the object", () => {
    expect(followUpProblems({ endpoint: "vc", request, of: "task-1", timeout: "5m" }, configuration)).toEqual(
      [],
    );
    expect(followUpProblems({ endpoint: "vc", request }, configuration).map(({ path }) => path)).toEqual([
      "of",
    ]);
  });

  test("bear values that are not known yet", () => {
    const unknown = {
      endpoint: unknownValue,
      request: unknownValue,
      startedTaskId: unknownValue,
      timeout: unknownValue,
    };
    expect(completionProblems(unknown, configuration)).toEqual([]);
    expect(
      followUpProblems({ endpoint: "vc", request: unknownValue, of: unknownValue }, configuration),
    ).toEqual([]);
    expect(startProblems({ endpoint: unknownValue, request: unknownValue }, configuration)).toEqual([]);
  });
});
