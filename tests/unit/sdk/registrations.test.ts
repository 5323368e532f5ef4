// What an operation hands to the engine, which keeps all of it and writes it again with every step.
import * as pulumi from "@pulumi/pulumi";

import * as sdk from "../../../sdk";

const inputs = new Map<string, string[]>();
const secrets = new Map<string, unknown>();
const request = { method: "POST", path: "/api/a" } as const;

beforeAll(async () => {
  process.env.VMWARE_TASKS_ENDPOINTS = JSON.stringify({
    vcenter: { product: "vcenter", url: "https://vc.example.com", username: "a", password: "b" },
  });
  await pulumi.runtime.setMocks({
    newResource: (resource) => {
      inputs.set(resource.type, Object.keys(resource.inputs as object).sort());
      secrets.set(
        `${resource.type} ${resource.name}`,
        (resource.inputs as { secretValues?: unknown }).secretValues,
      );
      return { id: resource.name, state: { taskId: "t-1", status: "SUCCEEDED" } };
    },
    call: () => ({}),
  });
});

test("what need not be said is not there", async () => {
  const operation = new sdk.Operation("web", { endpoint: "vcenter", request });
  await new Promise((done) => operation.status.apply(done));
  expect(inputs.get("vmware-tasks:index:Operation")).toEqual([]);
  expect(inputs.get("pulumi-nodejs:vmware:StartedTask")).toEqual([
    "__provider",
    "endpoint",
    "request",
    "resourceUrn",
  ]);
});

test("what is secret in a request stays so, and nothing else becomes so, where other arguments are known later", async () => {
  const operation = new sdk.Operation("marked", {
    endpoint: "vcenter",
    request: {
      ...request,
      body: { name: "web-server-01", license: pulumi.secret("abcd"), pin: pulumi.secret(482913) },
    },
    triggers: [pulumi.output("later")],
  });
  await new Promise((done) => operation.status.apply(done));
  expect(secrets.get("pulumi-nodejs:vmware:StartedTask marked")).toMatchObject({ value: ["abcd", "482913"] });
});

test("a transformation of the program's that throws keeps the line where it did, and traces are whole afterwards", () => {
  const { stackTraceLimit } = Error;
  const transformations: pulumi.ResourceTransformation[] = [
    ({ type }) => {
      if (type.endsWith(":StartedTask")) throw new Error("by the program");
      return undefined;
    },
  ];
  let thrown: Error | undefined;
  try {
    new sdk.Operation("transformed", { endpoint: "vcenter", request }, { transformations });
  } catch (error) {
    thrown = error as Error;
  }
  expect(thrown?.message).toBe("by the program");
  // One line only: that shows too that whole traces are not paid for.
  expect(thrown?.stack?.match(/\n\s+at .*/g)).toEqual([expect.stringContaining("registrations.test.ts")]);
  expect(Error.stackTraceLimit).toBe(stackTraceLimit);
});
