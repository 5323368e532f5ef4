import { readConfiguration } from "../../../../provider/operations";
import { lookUpProblems, type LookUp } from "../../../../provider/operations/arguments";
import type { snapservice } from "../../../../sdk";

const access = { url: "https://a.example.com", username: "u", password: "p" };
const configuration = readConfiguration({
  endpoints: JSON.stringify({
    snap: { product: "snapservice", ...access },
    vcenter: { product: "vcenter", ...access },
  }),
  environment: {},
});

const told = (lookUp: LookUp, given: object): string[] =>
  lookUpProblems(lookUp, { ...given }, configuration, "snapservice").map(
    ({ path, message }) => `${path}: ${message}`,
  );

type Filter = Parameters<typeof snapservice.getTasks>[0];

const whole: Required<Filter> = {
  endpoint: "snap",
  status: ["FAILED", "CANCELLED"],
  tasks: ["a"],
  operations: ["create"],
  services: ["com.vmware.snapservice.sites"],
  users: ["deploy@vsphere.local"],
  limit: 10,
};

test("tasks of Snapservice are looked up by every filter of the API, by none, and by id", () => {
  expect(told("snapserviceTasks", whole)).toEqual([]);
  expect(told("snapserviceTasks", { endpoint: "snap" })).toEqual([]);
  expect(told("snapserviceTask", { endpoint: "snap", id: "a", ifMissing: "undefined" })).toEqual([]);
});

test("the look-up of all products takes Snapservice without ids, for it lists all", () => {
  expect(lookUpProblems("tasks", { endpoint: "snap" }, configuration)).toEqual([]);
  expect(lookUpProblems("tasks", { endpoint: "vcenter" }, configuration)).not.toEqual([]);
});

test("what its API lacks is refused by the compiler and when the program runs", () => {
  // @ts-expect-error Snapservice has no filter by object.
  const byTarget: Filter = { endpoint: "snap", targets: [{ type: "VirtualMachine", id: "vm-1" }] };
  expect(told("snapserviceTasks", byTarget)).toEqual(["(all): there is no such argument: targets"]);
  // @ts-expect-error It has no such status.
  const byStatus: Filter = { endpoint: "snap", status: "DONE" };
  expect(told("snapserviceTasks", byStatus)).toEqual([expect.stringMatching(/^status: must be one/)]);
  // @ts-expect-error It tells all there is of a task, results included.
  const one: Parameters<typeof snapservice.getTask>[0] = { endpoint: "snap", id: "a", returnAll: true };
  expect(told("snapserviceTask", one)).toEqual(["(all): there is no such argument: returnAll"]);
});

test("an endpoint of another product is refused", () => {
  expect(told("snapserviceTasks", { endpoint: "vcenter" })).toEqual([
    "endpoint: is of product vcenter, but this looks tasks of snapservice up",
  ]);
});
