// What a program may ask of each product's tasks: held by the compiler, and at run time for programs in JavaScript.
import { lookUpProblems, readConfiguration, type LookUp } from "../../../provider/operations/arguments";
import type { Product } from "../../../provider/tasks";
import type { sddcManager, snapservice, vcda } from "../../../sdk";

const access = { url: "https://a.example.com", username: "a", password: "b" };
const configuration = readConfiguration({
  endpoints: JSON.stringify({
    snapservice: { product: "snapservice", ...access },
    "sddc-manager": { product: "sddc-manager", ...access },
    vcda: { product: "vcda", login: "localUser", ...access },
  }),
  environment: {},
});

const everySnapserviceFilter: Required<snapservice.SnapserviceGetTasksArguments> = {
  endpoint: "snapservice",
  status: ["FAILED"],
  tasks: ["a"],
  operations: ["create"],
  services: ["com.vmware.snapservice.sites"],
  users: ["root"],
  limit: 5,
};

const everySddcFilter: Required<Omit<sddcManager.SddcManagerGetTasksArguments, "kind">> = {
  endpoint: "sddc-manager",
  status: "FAILED",
  type: "HOST_COMMISSION",
  name: "Commission",
  resourceId: "a",
  resourceType: "ESXI",
  completedAfter: "2026-01-01T00:00:00Z",
  orderBy: "name",
  orderDirection: "ASC",
  doLiveRefresh: true,
  limit: 5,
};

const everyVcdaFilter: Required<
  Omit<vcda.VcdaGetTasksArguments, "status" | "user"> & { user?: string | undefined }
> = {
  endpoint: "vcda",
  site: "site1",
  state: "FAILED",
  ids: ["a"],
  user: "root",
  sourceOrg: "org",
  destinationOrg: "org",
  startTimeBefore: "2026-01-01T00:00:00Z",
  startTimeAfter: "2026-01-01T00:00:00Z",
  endTimeBefore: "2026-01-01T00:00:00Z",
  endTimeAfter: "2026-01-01T00:00:00Z",
  type: "failover",
  resourceId: "a",
  resourceName: "b",
  resourceType: ["vappReplication"],
  sort: ["startTime-"],
  limit: 5,
  offset: 5,
};

const targetsOfSnapservice: snapservice.SnapserviceGetTasksArguments = {
  endpoint: "snapservice",
  // @ts-expect-error: a filter of vCenter's
  targets: [],
};
const servicesOfSddc: sddcManager.SddcManagerGetTasksArguments = {
  endpoint: "sddc-manager",
  // @ts-expect-error: a filter of vCenter's
  services: ["a"],
};
// @ts-expect-error: a filter of SDDC Manager's
const kindOfVcda: vcda.VcdaGetTasksArguments = { endpoint: "vcda", kind: "task" };

function lines(lookUp: LookUp, product: Product, given: object): string[] {
  return lookUpProblems(lookUp, { ...given }, configuration, product).map(
    ({ path, message }) => `${path}: ${message}`,
  );
}

const { user, destinationOrg, ...withoutUser } = everyVcdaFilter;

test.each([
  ["snapserviceTasks", "snapservice", everySnapserviceFilter],
  ["sddcTasks", "sddc-manager", everySddcFilter],
  // The API takes one of the two.
  ["vcdaTasks", "vcda", { ...withoutUser, user }],
  ["vcdaTasks", "vcda", { ...withoutUser, destinationOrg }],
] as const)("every filter that %s has by its type is one at run time", (lookUp, product, given) => {
  expect(lines(lookUp, product, given)).toEqual([]);
});

test.each([
  ["snapserviceTasks", "snapservice", targetsOfSnapservice, "targets"],
  ["sddcTasks", "sddc-manager", servicesOfSddc, "services"],
  ["vcdaTasks", "vcda", kindOfVcda, "kind"],
] as const)("a filter that %s lacks is told before anything is asked", (lookUp, product, given, name) => {
  expect(lines(lookUp, product, given)).toContainEqual(
    expect.stringContaining(`there is no such argument: ${name}`),
  );
});

test("the fields of tasks are typed", () => {
  const ofSnapservice: Pick<snapservice.TaskInfo, "vc_task"> = { vc_task: "task-1" };
  const ofSddc: sddcManager.TaskFields = {
    id: "a",
    subTasks: [{ status: "FAILED", stages: [{ errors: [{ errorCode: "A", nestedErrors: [] }] }] }],
  };
  const ofVcda: vcda.TaskFields = {
    id: "a",
    state: "QUEUED",
    workflowInfo: { type: "failover" },
    endTime: -1,
  };
  expect([ofSnapservice.vc_task, ofSddc.subTasks?.length, ofVcda.workflowInfo?.type]).toEqual([
    "task-1",
    1,
    "failover",
  ]);
});
