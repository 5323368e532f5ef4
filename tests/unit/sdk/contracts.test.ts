// Names that stacks and programs of others hold: changing one of them breaks somebody's state.
import * as pulumi from "@pulumi/pulumi";

import packageJson from "../../../package.json";
import * as provider from "../../../provider";
import * as sdk from "../../../sdk";
import { until } from "../../support/until";

interface Registered {
  readonly type: string;
  readonly name: string;
  readonly inputs: Record<string, unknown>;
}

const registered: Registered[] = [];

beforeAll(async () => {
  process.env.VMWARE_TASKS_ENDPOINTS = JSON.stringify({
    vcenter: { product: "vcenter", url: "https://vc.example.com", username: "a", password: "b" },
  });
  await pulumi.runtime.setMocks({
    newResource: ({ type, name, inputs }) => {
      registered.push({ type, name, inputs: inputs as Record<string, unknown> });
      return {
        id: name,
        state: { ...(inputs as object), taskId: "t-1", status: "SUCCEEDED", result: "vm-1" },
      };
    },
    call: () => ({}),
  });
  const operation = new sdk.Operation("web", {
    endpoint: "vcenter",
    request: { method: "POST", path: "/api/a" },
    update: () => ({ method: "PATCH", path: "/api/a" }),
    delete: () => ({ method: "DELETE", path: "/api/a" }),
  });
  await new Promise((done) => operation.urn.apply(done));
  const isThere = (type: string): boolean => registered.some((one) => one.type === type);
  await until(() => Object.keys(typeTokens).every(isThere), "the operation and its children are registered");
});

const typeTokens = {
  "vmware-tasks:index:Operation": undefined,
  "pulumi-nodejs:vmware:StartedTask":
    'exports.handler = () => require("pulumi-vmware-tasks/provider").startedTask',
  "pulumi-nodejs:vmware:CompletedTask":
    'exports.handler = () => require("pulumi-vmware-tasks/provider").completedTask',
  "pulumi-nodejs:vmware:UpdateTask":
    'exports.handler = () => require("pulumi-vmware-tasks/provider").updateTask',
  "pulumi-nodejs:vmware:DeleteTask":
    'exports.handler = () => require("pulumi-vmware-tasks/provider").deleteTask',
};

it.each(Object.entries(typeTokens))("%s has its type and its provider text", (type, text) => {
  const found = registered.find((one) => one.type === type);
  expect(found).toBeDefined();
  expect(found?.inputs.__provider).toBe(text);
});

it("the entry that states name is where it was, with all that they name", () => {
  expect(packageJson.exports["./provider"].default).toBe("./dist/provider/index.js");
  expect(Object.keys(provider).sort()).toEqual(["completedTask", "deleteTask", "startedTask", "updateTask"]);
  for (const one of Object.values(provider)) {
    expect(Object.keys(one).sort()).toEqual(
      ["check", "configure", "create", "delete", "diff", "read", "update"].sort(),
    );
  }
});

it("inputs and outputs of the resources have their names", () => {
  const names = (type: string): string[] =>
    Object.keys(registered.find((one) => one.type.endsWith(`:${type}`))?.inputs ?? {}).sort();
  expect(names("StartedTask")).toEqual([
    "__provider",
    "deleteBeforeReplace",
    "endpoint",
    "onRequestChange",
    "request",
    "resourceUrn",
  ]);
  expect(names("CompletedTask")).toEqual([
    "__provider",
    "endpoint",
    "request",
    "resourceUrn",
    "startedTaskId",
  ]);
  expect(names("DeleteTask")).toEqual(["__provider", "endpoint", "of", "request", "resourceUrn"]);
});

it("the package exports its names", () => {
  expect(Object.keys(packageJson.exports)).toEqual([".", "./provider", "./simulator", "./package.json"]);
  expect(Object.keys(packageJson.bin)).toEqual(["vmware-tasks"]);
  expect(Object.keys(sdk).sort()).toEqual([
    "CompletedTask",
    "DeleteTask",
    "Operation",
    "StartedTask",
    "UpdateTask",
    "errorCodes",
    "getTask",
    "getTaskOutput",
    "getTasks",
    "getTasksOutput",
    "hasCode",
    "isTerminal",
    "isVmwareTasksError",
    "sddcManager",
    "snapservice",
    "taskStatuses",
    "vcda",
    "vcenter",
  ]);
});

it("a child is named after its operation, so that the commands in failure texts find it", () => {
  expect(new Set(registered.map(({ name }) => name))).toEqual(new Set(["web"]));
});
