// Each kind of asynchronous operation in its own words: the start, the look while it runs, the look once it has ended.
import type { SddcVersion, TaskScript } from "../../../provider/simulator";
import { midnight, withSimulator } from "./with-simulator";

const failed: TaskScript = { outcome: "FAILED", error: ["No."] };
const at = (ms: number): string => new Date(midnight + ms).toISOString();
const reason = { errorCode: "TASK_FAILED", message: "No." };

interface Case {
  readonly what: string;
  readonly start: readonly [method: string, path: string, body?: unknown];
  readonly status?: number;
  readonly script?: TaskScript;
  /** Where it is looked at; `{id}` is the simulator's id of the task. */
  readonly look: string;
  readonly running: Record<string, unknown>;
  readonly ended: Record<string, unknown>;
  readonly statuses?: readonly [running: number, ended: number];
  readonly version?: SddcVersion;
}

const domain = "/v1/domains/mgmt";

const cases: Case[] = [
  {
    what: "a support bundle",
    start: ["POST", "/v1/system/support-bundles", {}],
    look: "/v1/system/support-bundles/{id}",
    running: { id: "{id}", status: "IN_PROGRESS", bundleAvailable: "false", creationTimestamp: at(0) },
    ended: { status: "COMPLETED_WITH_SUCCESS", bundleAvailable: "true", completionTimestamp: at(1000) },
  },
  {
    what: "a failed health summary",
    start: ["POST", "/v1/system/health-summary", {}],
    script: failed,
    look: "/v1/system/health-summary/{id}",
    running: { status: "IN_PROGRESS" },
    ended: { status: "COMPLETED_WITH_FAILURE", bundleAvailable: "false" },
  },
  {
    what: "a validation of certificates",
    start: [
      "PUT",
      `${domain}/resource-certificates/validations`,
      [{ resourceId: "r", resourceFqdn: "a.test" }],
    ],
    status: 201,
    script: failed,
    look: `${domain}/resource-certificates/validations/{id}`,
    running: { validationId: "{id}", completed: false, validations: [{ validationStatus: "INPROGRESS" }] },
    ended: { completed: true, validations: [{ resourceFqdn: "a.test", validationStatus: "FAILED" }] },
  },
  {
    what: "a backup, which is a task",
    start: ["POST", "/v1/backups/tasks", { elements: [] }],
    look: "/v1/tasks/{id}",
    running: { id: "{id}", status: "In Progress" },
    ended: { status: "Successful" },
  },
  {
    what: "a restore",
    start: ["POST", "/v1/restores/tasks", {}],
    look: "/v1/restores/tasks/{id}",
    running: { id: "{id}", status: "In Progress" },
    ended: { status: "Successful" },
  },
  {
    what: "a query",
    start: ["POST", "/v1/nsxt-clusters/queries", {}],
    script: { result: [{ id: "nsx-1" }] },
    look: "/v1/nsxt-clusters/queries/{id}",
    running: { queryInfo: { queryId: "{id}", completed: false, processing: true, failure: false } },
    ended: {
      queryInfo: { completed: true, processing: false, failure: false },
      result: { elements: [{ id: "nsx-1" }], pageMetadata: { totalElements: 1 } },
    },
    statuses: [202, 200],
  },
  {
    what: "a failed query",
    start: ["POST", "/v1/hosts/queries", {}],
    status: 200,
    script: failed,
    look: "/v1/hosts/queries/{id}",
    running: { queryInfo: { processing: true } },
    ended: { queryInfo: { completed: true, failure: true, errorResponse: reason } },
  },
  {
    what: "an import",
    version: "9.0",
    start: ["POST", "/v1/sddcs/imports", {}],
    script: failed,
    look: "/v1/sddcs/imports/{id}",
    running: { taskId: "{id}", status: "IN_PROGRESS", startTimestamp: midnight },
    ended: { status: "FAILED", endTimestamp: midnight + 1000, error: { ...reason, cause: [] } },
  },
  {
    what: "an import with warnings",
    version: "9.0",
    start: ["POST", "/v1/sddcs/imports/validations", {}],
    script: { warnings: ["Look."] },
    look: "/v1/sddcs/imports/validations/{id}",
    running: { operationType: "VALIDATION" },
    ended: { status: "COMPLETED", validationResult: { nestedErrors: [{ message: "Look." }] } },
  },
  {
    what: "an audit of compliance",
    start: ["POST", `${domain}/compliance-audits`, {}],
    look: `${domain}/compliance-audits/tasks/{id}`,
    running: { id: "{id}", status: "In Progress" },
    ended: { status: "Successful", complianceAuditId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string },
  },
  {
    what: "a check of health",
    start: ["PATCH", `${domain}/health-checks`, [{ resourceType: "ESXI" }]],
    look: `${domain}/health-checks/tasks/{id}`,
    running: { id: "{id}", resourceStatus: { ESXI: "IN_PROGRESS" } },
    ended: { status: "COMPLETED", resourceStatus: { ESXI: "COMPLETED" } },
  },
  {
    what: "a look for passwords that expire",
    start: ["POST", "/v1/credentials/expirations", { resourceType: "ESXI", credentialIds: ["c-1"] }],
    look: "/v1/credentials/expirations/{id}",
    running: { id: "{id}", status: "IN_PROGRESS", elements: [{ id: "c-1" }] },
    ended: { status: "COMPLETED", completionTimestamp: at(1000) },
  },
  {
    what: "a task of the management components",
    version: "9.0",
    start: ["POST", "/v1/vcf-management-components", { a: 1 }],
    look: "/v1/vcf-management-components/tasks/latest",
    running: { id: "{id}", status: "In Progress" },
    ended: { status: "Successful" },
  },
  {
    what: "a reconciliation of drift",
    start: ["POST", "/v1/config-drift-reconciliations", {}],
    look: "/v1/config-drift-reconciliations/{id}",
    running: { id: "{id}", status: "In Progress" },
    ended: { status: "Successful" },
  },
  {
    what: "a run of checks, which finds something although its task succeeds",
    start: ["POST", "/v1/system/check-sets", {}],
    script: { result: { message: "Too little space." } },
    look: "/v1/system/check-sets/{id}",
    running: { status: "IN_PROGRESS", discoveryProgress: { percentageComplete: 44 } },
    ended: { status: "COMPLETED_WITH_SUCCESS", validationResult: { message: "Too little space." } },
  },
  {
    what: "an upload of a catalog",
    version: "9.1",
    start: ["POST", "/v1/product-version-catalogs", {}],
    script: failed,
    look: "/v1/product-version-catalogs/upload-tasks/{id}",
    running: { taskId: "{id}", status: "IN_PROGRESS" },
    ended: { status: "FAILED", errorResponse: reason },
    statuses: [206, 200],
  },
  {
    what: "a remediation",
    version: "9.1",
    start: ["POST", "/v1/clusters/c-1/remediations", {}],
    script: failed,
    look: "/v1/clusters/c-1/remediations/{id}",
    running: { id: "{id}", status: "IN_PROGRESS" },
    ended: { status: "FAILED", errorResponse: "No." },
  },
  {
    what: "a check of licences",
    start: ["POST", "/v1/resources/license-checks", {}],
    look: "/v1/resources/license-checks/{id}",
    running: { id: "{id}", status: "In Progress", startTimestamp: at(0) },
    ended: { status: "Successful", endTimestamp: at(1000) },
  },
  {
    what: "a precheck of hosts",
    start: ["POST", "/v1/hosts/prechecks", {}],
    status: 200,
    script: failed,
    look: "/v1/hosts/prechecks/{id}",
    running: { id: "{id}", executionStatus: "IN_PROGRESS" },
    ended: { executionStatus: "COMPLETED", result: "FAILED", hostPrechecks: [{ error: "No." }] },
  },
  {
    what: "a precheck of an isolation",
    start: ["POST", `${domain}/isolation-prechecks`, {}],
    script: failed,
    look: `${domain}/isolation-prechecks/{id}`,
    running: { executionStatus: "IN_PROGRESS" },
    ended: { executionStatus: "COMPLETED", precheckFailures: ["No."] },
  },
  {
    what: "settings of the depot, which have no id and do not show the password",
    start: ["PUT", "/v1/system/settings/depot", { vmwareAccount: { username: "u", password: "VMw@re" } }],
    script: failed,
    look: "/v1/system/settings/depot",
    running: { vmwareAccount: { username: "u", password: "*****" } },
    ended: { vmwareAccount: { username: "u", status: "DEPOT_INVALID_CREDENTIAL", message: "No." } },
  },
  {
    what: "an upload of a catalog of 9.0",
    version: "9.0",
    start: ["PATCH", "/v1/product-version-catalogs", {}],
    look: "/v1/product-version-catalogs/upload-tasks/{id}",
    running: { taskId: "{id}", status: "IN_PROGRESS" },
    ended: { status: "SUCCEEDED" },
  },
  {
    what: "a synchronization of the depot",
    version: "9.0",
    start: ["PATCH", "/v1/system/settings/depot/depot-sync-info", {}],
    look: "/v1/system/settings/depot/depot-sync-info",
    running: { syncStatus: "SYNCING" },
    ended: { syncStatus: "SYNCED", lastSyncCompletionTimestamp: at(1000) },
  },
  {
    what: "an export of checks, which has no id",
    version: "9.1",
    start: ["POST", "/v1/system/check-sets/run-1/exports", {}],
    look: "/v1/system/check-sets/run-1/exports",
    running: { status: "IN_PROGRESS", progress: 44 },
    ended: { status: "COMPLETED", progress: 100, endTimestamp: at(1000) },
  },
  {
    what: "a calculation of capacity",
    version: "9.1",
    start: ["POST", "/v1/sddcs/resources-calculation", {}],
    look: "/v1/sddcs/resources-calculation/{id}",
    running: { id: "{id}", executionStatus: "IN_PROGRESS", requiredCapacity: {} },
    ended: { executionStatus: "COMPLETED", resultStatus: "SUCCEEDED", availableCapacity: {} },
  },
];

test.each(cases)("shows $what", async (one) => {
  const { start, status = 202, script = {}, look, statuses = [200, 200], version = "5.2" } = one;
  const options = { sddcVersion: version, scripts: [script] };
  await withSimulator(options, async ({ sddc, simulator, pass }) => {
    const started = await sddc(...start);
    expect(started.status).toBe(status);
    const id = simulator.starts[0]?.taskId ?? "";
    const fill = (value: Record<string, unknown>): unknown =>
      JSON.stringify(value).includes("{id}")
        ? Object.fromEntries(
            Object.entries(value).map(([key, inner]) => [
              key,
              inner === "{id}" ? id : key === "queryInfo" ? { ...(inner as object), queryId: id } : inner,
            ]),
          )
        : value;
    pass(500);
    const path = look.replace("{id}", id);
    const running = await sddc("GET", path);
    expect(running).toMatchObject({ status: statuses[0], body: fill(one.running) });
    pass(500);
    const ended = await sddc("GET", path);
    expect(ended).toMatchObject({ status: statuses[1], body: fill(one.ended) });
    expect(`${started.text}${running.text}${ended.text}`).not.toContain("VMw@re");
  });
});
