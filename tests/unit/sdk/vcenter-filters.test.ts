// What a program may ask of vCenter's tasks: held by the compiler, and at run time for programs in JavaScript.
import { lookUpProblems, readConfiguration } from "../../../provider/operations/arguments";
import type { vcenter } from "../../../sdk";

const configuration = readConfiguration({
  endpoints: JSON.stringify({
    vc: { product: "vcenter", url: "https://vc.example.com", username: "a", password: "b" },
  }),
  environment: {},
});

type GetTasks = vcenter.VcenterGetTasksArguments;

const everyFilter: Required<GetTasks> = {
  endpoint: "vc",
  status: ["FAILED"],
  tasks: ["a:com.vmware.vcenter.VM"],
  services: ["com.vmware.vcenter.VM"],
  operations: ["clone$task"],
  targets: [{ type: "VirtualMachine", id: "vm-1" }],
  users: ["VSPHERE.LOCAL\\Administrator"],
  limit: 5,
  returnAll: true,
  excludeResult: true,
};

// @ts-expect-error: a filter of SDDC Manager's
const ofAnotherProduct: GetTasks = { endpoint: "vc", services: ["a"], type: "HOST_COMMISSION" };

// @ts-expect-error: a word of vCenter's own is no status that all products share
const aNativeWord: GetTasks = { endpoint: "vc", services: ["a"], status: "CANCELED" };

// @ts-expect-error: half a target
const halfATarget: GetTasks = { endpoint: "vc", services: ["a"], targets: [{ id: "vm-1" }] };

function lines(given: object): string[] {
  return lookUpProblems("vcenterTasks", { ...given }, configuration, "vcenter").map(
    ({ path, message }) => `${path}: ${message}`,
  );
}

test("every filter that the type has is one at run time", () => {
  expect(lines(everyFilter)).toEqual([]);
});

test.each([
  ["a filter that vCenter lacks", ofAnotherProduct, /there is no such argument: type/],
  ["a status that is none", aNativeWord, /^status: must be one .*of PENDING, /],
  ["half a target", halfATarget, /^targets\[0\]\.type: /],
  ["neither tasks nor services", { endpoint: "vc" }, /vCenter lists no tasks without `tasks` or `services`/],
])("%s is told before anything is asked", (_title, given, wanted) => {
  expect(lines(given)).toContainEqual(expect.stringMatching(wanted));
});

test("the fields of a task are typed", () => {
  const native: vcenter.TaskInfo = {
    description: { id: "a", default_message: "b", args: [] },
    service: "com.vmware.vcenter.VM",
    operation: "clone$task",
    status: "FAILED",
    error: { error_type: "RESOURCE_BUSY", messages: [{ id: "a", default_message: "b" }] },
    target: { type: "VirtualMachine", id: "vm-1" },
  };
  const read = ({ native: info }: vcenter.VcenterTask): string | undefined =>
    info.target?.id ?? info.error?.error_type;
  expect(read({ native } as vcenter.VcenterTask)).toBe("vm-1");
  // @ts-expect-error: `completed` is a number
  native.progress?.completed.length satisfies number;
});
