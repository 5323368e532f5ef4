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

test.each([
  ["a Date", new Date(0), "body.at: is a Date"],
  ["a Map", new Map([["a", 1]]), "body.at: is a Map"],
  ["a URL", new URL("https://vc.example.com"), "body.at: is a URL"],
  ["a bigint", 1n, "body.at: is a bigint"],
  ["a list of them", [new Set()], "body.at[0]: is a Set"],
])("%s in a request, which would be sent as something else, is refused", (_title, at, message) => {
  expect(
    () => new sdk.Operation("odd", { endpoint: "vcenter", request: { ...request, body: { at } } }),
  ).toThrow(`request.${message}`);
});

test("resources and assets are good triggers, and null is no policy", () => {
  const first = new sdk.Operation("first", { endpoint: "vcenter", request });
  const asset = new pulumi.asset.StringAsset("text");
  const triggers = [first, asset, new pulumi.asset.AssetArchive({ asset })];
  expect(() => new sdk.Operation("second", { endpoint: "vcenter", request, triggers })).not.toThrow();
  expect(() => new sdk.Operation("third", { endpoint: "vcenter", request, retry: null as never })).toThrow(
    /retry: /,
  );
});

test("options of resources that an operation understands are there for TypeScript", () => {
  const options: sdk.OperationOptions = { additionalSecretOutputs: ["result"], deleteBeforeReplace: true };
  expect(() => new sdk.Operation("secret", { endpoint: "vcenter", request }, options)).not.toThrow();
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
