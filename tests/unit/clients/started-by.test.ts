import { canBeStartedBy as canBeSddc, reachesBack } from "../../../provider/clients/sddc-manager/started-by";
import { canBeStartedBy as canBeVcenter, serviceOf } from "../../../provider/clients/vapi/started-by";
import { kindOfTask, productTraits } from "../../../provider/clients/traits";
import type { ApiRequest, StartTrace, TaskSnapshot } from "../../../provider/tasks";

const sentAt = Date.UTC(2026, 0);

const task = (native: Record<string, unknown>, startedAt?: number): TaskSnapshot => ({
  ref: { id: "a", kind: "task" },
  status: "RUNNING",
  nativeStatus: "RUNNING",
  name: "a",
  progress: {},
  startedAt,
  resources: [],
  warnings: [],
  causes: [],
  native,
});

const trace = (method: ApiRequest["method"], path: string): StartTrace => ({
  request: { method, path },
  kind: "task",
  sentAt,
});

describe("the service behind a path of vCenter", () => {
  // Paths and operations of the 8.0U2 bindings, the odd ones among them.
  test.each([
    ["/api/vcenter/vm?action=clone", "com.vmware.vcenter.VM"],
    ["/rest/vcenter/vm/vm-7?action=relocate", "com.vmware.vcenter.VM"],
    ["/api/appliance/support-bundle", "com.vmware.appliance.support_bundle"],
    [
      "/api/esx/settings/clusters/domain-c8/software?action=apply",
      "com.vmware.esx.settings.clusters.software",
    ],
    [
      "/api/esx/settings/clusters/domain-c8/software/drafts/17?action=commit",
      "com.vmware.esx.settings.clusters.software.drafts",
    ],
    [
      "/api/esx/settings/clusters/domain-c8/vms/solutions?action=apply",
      "com.vmware.esx.settings.clusters.vms.solutions",
    ],
    [
      "/api/esx/settings/clusters/domain-c8/vms/solutions/s1",
      "com.vmware.esx.settings.clusters.vms.solutions",
    ],
    [
      "/api/esx/settings/clusters/domain-c8/vms/transition/s1?action=enable",
      "com.vmware.esx.settings.clusters.vms.transition",
    ],
    [
      "/api/esx/settings/clusters/domain-c8/software/solutions/com.vmware.vsphere-ha",
      "com.vmware.esx.settings.clusters.software.solutions",
    ],
    [
      "/api/esx/settings/clusters/domain-c8/vms/transition/com.vmware.nsx?action=enable",
      "com.vmware.esx.settings.clusters.vms.transition",
    ],
    [
      "/api/vcenter/trusted-infrastructure/trust-authority-clusters/domain-c8/kms/providers/vault/credential",
      "com.vmware.vcenter.trusted_infrastructure.trust_authority_clusters.kms.providers.credential",
    ],
    ...["attestation/tpm2/ca-certificates", "attestation/tpm2/endorsement-keys", "consumer-principals"].map(
      (folder) => [
        `/api/vcenter/trusted-infrastructure/trust-authority-clusters/domain-c8/${folder}/main`,
        `com.vmware.vcenter.trusted_infrastructure.trust_authority_clusters.${folder.replaceAll("/", ".").replaceAll("-", "_")}`,
      ],
    ),
    [
      "/api/vcenter/lcm/update/pending/8.0.2.1/precheck-report",
      "com.vmware.vcenter.lcm.update.precheck_report",
    ],
    [
      "/api/vcenter/trusted-infrastructure/trust-authority-clusters/domain-c8/attestation/tpm2/settings",
      "com.vmware.vcenter.trusted_infrastructure.trust_authority_clusters.attestation.tpm2.settings",
    ],
    [
      "/api/vcenter/trusted-infrastructure/trust-authority-clusters/domain-c8/kms/providers/p1/peer-certs/trusted",
      "com.vmware.vcenter.trusted_infrastructure.trust_authority_clusters.kms.providers.trusted_peer_certificates",
    ],
  ])("of %s is %s", (path, service) => {
    expect(serviceOf(path)).toBe(service);
  });
});

test.each([
  ["POST", "/api/appliance/infraprofile/configs?action=import", "import_profile$task", true],
  ["POST", "/api/esx/hcl/compatibility-data?action=download", "update$task", true],
  ["POST", "/api/a/consumer-principals?action=query", "list$task", true],
  ["PUT", "/api/esx/settings/hosts/host-1/enablement/software", "enable$task", true],
  [
    "POST",
    "/api/esx/settings/clusters/domain-c8/software?action=check-compliance",
    "check_compliance$task",
    true,
  ],
  ["POST", "/api/esx/settings/clusters/domain-c8/software?action=apply", "scan$task", false],
  ["POST", "/api/esx/settings/clusters/domain-c8/software?action=apply", "delete$task", false],
] as const)("a %s of %s can have started %s: %p", (method, path, operation, can) => {
  expect(canBeVcenter(trace(method, path), task({ operation }))).toBe(can);
});

test.each([
  ["domain-c8", true],
  ["domain-c8:5f3c", true],
  ["domain-c81", false],
  ["xdomain-c8", false],
  ["host-1", false],
])("a task on %s can be one of a request to domain-c8: %p", (id, can) => {
  const request = trace("POST", "/api/esx/settings/clusters/domain-c8/software?action=apply");
  expect(canBeVcenter(request, task({ operation: "apply$task", target: { id, type: "t" } }))).toBe(can);
});

test.each([
  ["domain-c8", true],
  ["vault", true],
  ["safe", false],
])("a task on %s can be one of a request to vault in domain-c8: %p", (id, can) => {
  const path = "/api/vcenter/trusted-infrastructure/trust-authority-clusters/domain-c8/kms/providers/vault";
  const native = { operation: "delete$task", target: { id, type: "t" } };
  expect(canBeVcenter(trace("DELETE", path), task(native))).toBe(can);
});

test.each([
  ["pg-7", true],
  ["5f3c8a52-0b5c-4f5e-9d3e-6b1a2c3d4e5f", true],
  ["domain-c8", true],
  ["domain-c9", false],
])("a task that tells of %s can have made something in domain-c8: %p", (id, can) => {
  const request = trace("POST", "/api/snapservice/clusters/domain-c8/protection-groups");
  expect(canBeVcenter(request, task({ operation: "create$task", target: { id, type: "t" } }))).toBe(can);
});

test.each([
  [undefined, true],
  [0, true],
  [Date.parse("1970-01-20T23:06:29.526Z"), true],
  [sentAt - 4_999, true],
  [sentAt, true],
  [sentAt + 86_400_000, true],
  [sentAt - 5_001, false],
  [Date.UTC(2000, 0), false],
])("a task started at %p can be of a request sent at the start of 2026: %p", (startedAt, can) => {
  expect(canBeVcenter(trace("POST", "/api/vcenter/vm?action=clone"), task({}, startedAt))).toBe(can);
  expect(canBeSddc(trace("POST", "/v1/domains"), task({}, startedAt))).toBe(can);
});

test.each<[string, (number | undefined)[], boolean]>([
  ["nothing", [], false],
  ["newer ones only", [sentAt + 9, sentAt + 5], false],
  ["back to before it", [sentAt + 9, sentAt - 6_000], true],
  ["back to it, within what clocks differ", [sentAt + 9, sentAt - 4_000], false],
  ["an old one that is not last", [sentAt - 9_000, sentAt + 9, sentAt - 10_000], false],
  ["the oldest first", [sentAt - 9_000, sentAt], false],
  ["stamps that cannot be true", [0, undefined, 5], false],
  ["true stamps among others", [sentAt + 9, 0, undefined, sentAt - 9_000], true],
])("tasks that show %s", (_title, stamps, isBack) => {
  expect(
    reachesBack(
      stamps.map((stamp) => task({}, stamp)),
      sentAt,
    ),
  ).toBe(isBack);
});

test.each<[ApiRequest["method"], string, Record<string, unknown>, boolean]>([
  ["DELETE", "/v1/hosts", { type: "HOST_DECOMMISSION" }, true],
  ["DELETE", "/v1/hosts", { type: "HOST_COMMISSION" }, false],
  ["POST", "/v1/hosts", { type: "HOST_COMMISSION" }, true],
  ["POST", "/v1/hosts", { type: "HOST_DECOMMISSION" }, false],
  ["POST", "/v1/domains", { type: "DOMAIN_DELETION" }, false],
  ["PATCH", "/v1/clusters/4f2a1", { type: "CLUSTER_CREATION" }, true],
  ["POST", "/v1/upgrades", { type: "DOMAIN_UPGRADE" }, true],
  ["POST", "/v1/system/check-sets", { type: "CLUSTER_CHECK_SET" }, true],
  ["PATCH", "/v1/system/ceip", { type: "HOST_COMMISSION" }, false],
])("at SDDC Manager a %s of %s can have started %p: %p", (method, path, native, can) => {
  expect(canBeSddc(trace(method, path), task(native))).toBe(can);
});

test.each([
  ["the cluster of the path", [{ type: "CLUSTER", id: "4f2a1" }], true],
  ["another cluster", [{ type: "CLUSTER", id: "9e6d2" }], false],
  [
    "several, one of them the path's",
    [
      { type: "Cluster", id: "9e6d2" },
      { type: "CLUSTER", id: "4f2a1" },
    ],
    true,
  ],
  ["things of other kinds", [{ type: "ESXI", id: "9e6d2" }], true],
  ["nothing", [], true],
])("at SDDC Manager a task on %s can be one of a request to that cluster: %p", (_title, resources, can) => {
  expect(canBeSddc(trace("PATCH", "/v1/clusters/4f2a1"), { ...task({}), resources })).toBe(can);
});

test.each([
  ["/sdk/vim25/8.0.3.0/VirtualMachine/vm-42/Destroy_Task", "vim"],
  ["/api/vcenter/vm?action=clone", "task"],
])(
  "a request to %s of vCenter starts a task of the kind %s, unless the program says otherwise",
  (path, kind) => {
    const request = { method: "POST", path };
    expect(kindOfTask(productTraits.vcenter, { request })).toBe(kind);
    expect(kindOfTask(productTraits.vcenter, { request, kind: "other" })).toBe("other");
  },
);

test.each([
  ["DELETE", "bundle", "task"],
  ["PATCH", "bundle", "bundle"],
  ["DELETE", "credentials", "credentials"],
])("a %s about the kind %s of SDDC Manager starts a task of the kind %s", (method, kind, started) => {
  const request = { method, path: "/v1/bundles/b-1" };
  expect(kindOfTask(productTraits["sddc-manager"], { request, kind })).toBe(started);
});
