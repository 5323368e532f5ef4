// What people read when work of SDDC Manager fails: whole reports, as the CLI shows them.
import { toSnapshot } from "../../../provider/clients/sddc-manager/task";
import { complete } from "../../../provider/operations";
import { resourceUrn } from "../../support/operation-bed";
import { bedOf } from "../../support/with-bed";

const at = "2026-01-01T00:00:00.000Z";
const end = "2026-01-01T00:12:00.000Z";

/** The report of an operation whose task ends with this body. */
async function reportOf(kind: string, body: object, path: string): Promise<string[]> {
  const { run, server } = bedOf({ product: "sddc-manager", endpointName: "sddc" });
  const snapshot = toSnapshot(kind, body, "9e6d7853");
  server.onLook.push([{ kind: "seen", snapshot }]);
  const { failure = "" } = await run((context) =>
    complete(context, {
      resourceUrn: resourceUrn.replace(/::vm$/, "::domain"),
      endpoint: "sddc",
      startedTaskId: "9e6d7853",
      request: { method: "POST", path },
    }),
  );
  return failure.split("\n");
}

const next = [
  'The next `pulumi up` tries again; `retry: { onNextUp: "look" }` makes it only look.',
  "To start it again at any time: change `triggers`, or `pulumi up --replace '**StartedTask::domain'`.",
  "If another task has done it already: `adoptTaskId` takes that one.",
];

test("a tree of 40 sub-tasks, three deep, with two causes", async () => {
  const subTasks = Array.from({ length: 40 }, (_, index) => ({
    name: `Step${index}Action`,
    description: `Step ${index}`,
    status: index < 30 ? "SUCCESSFUL" : index === 30 ? "FAILED" : "PENDING",
    subTasks:
      index !== 30
        ? []
        : [
            {
              name: "DeployAction",
              description: "Deploy NSX Manager",
              status: "FAILED",
              stages: [
                { name: "ova", description: "Upload the OVA", status: "SUCCESSFUL" },
                {
                  name: "power",
                  description: "Power on nsx-1",
                  status: "FAILED",
                  errors: [
                    {
                      errorCode: "NSX_POWER_ON",
                      message: "The VM nsx-1 cannot be powered on.",
                      remediationMessage: "Free 24 GB of memory on the cluster.",
                      referenceToken: "QX3T7A",
                      causes: [{ type: "com.vmware.InsufficientResources", message: "Too little memory." }],
                    },
                  ],
                },
              ],
            },
            {
              name: "DnsAction",
              description: "Register the names",
              status: "FAILED",
              errors: [{ errorCode: "DNS_NO_RECORD", message: "nsx-1.example.com has no record." }],
            },
          ],
    errors: index === 30 ? [{ errorCode: "WORKFLOW_FAILED", message: "Step 30 has failed." }] : [],
  }));
  const body = {
    ...{ id: "9e6d7853", name: "Creating domain sfo-w01", type: "DOMAIN_CREATION", status: "Failed" },
    ...{ creationTimestamp: at, completionTimestamp: end, subTasks, errors: [] },
  };
  expect(await reportOf("task", body, "/v1/domains")).toEqual([
    'Operation "domain" failed after 12m: Creating domain sfo-w01, task 9e6d7853 at endpoint "sddc" (Failed)',
    "  at Step 30 › Deploy NSX Manager › Power on nsx-1",
    "  NSX_POWER_ON: The VM nsx-1 cannot be powered on.",
    "  what to do: Free 24 GB of memory on the cluster.",
    "  reference: QX3T7A",
    "  com.vmware.InsufficientResources: Too little memory.",
    "  at Step 30 › Register the names",
    "  DNS_NO_RECORD: nsx-1.example.com has no record.",
    "  at Step 30",
    "  WORKFLOW_FAILED: Step 30 has failed.",
    ...next,
  ]);
});

test("a validation with nested checks", async () => {
  const body = {
    ...{ id: "9e6d7853", description: "Validating domain sfo-w01", executionStatus: "COMPLETED" },
    resultStatus: "FAILED",
    validationChecks: [
      { description: "Licenses", severity: "ERROR", resultStatus: "SUCCEEDED" },
      {
        description: "Hosts",
        severity: "ERROR",
        resultStatus: "FAILED",
        nestedValidationChecks: [
          {
            description: "Versions of esx-2.example.com",
            severity: "WARNING",
            resultStatus: "FAILED",
            errorResponse: { errorCode: "OLD_ESXI", message: "esx-2 has an older build." },
          },
          {
            description: "Network of esx-1.example.com",
            severity: "ERROR",
            resultStatus: "FAILED",
            errorResponse: {
              errorCode: "HOST_MTU",
              message: "vmk1 has an MTU of 1500.",
              nestedErrors: [{ errorCode: "PING", message: "A packet of 8972 bytes got no reply." }],
            },
          },
        ],
      },
    ],
  };
  const report = await reportOf("validation", body, "/v1/domains/validations");
  expect(report.slice(1)).toEqual([
    "  at Hosts › Network of esx-1.example.com",
    "  HOST_MTU: vmk1 has an MTU of 1500.",
    "  PING: A packet of 8972 bytes got no reply.",
    "  at Hosts › Versions of esx-2.example.com",
    "  OLD_ESXI: esx-2 has an older build.",
    ...next,
  ]);
  expect(report[0]).toMatch(
    /^Operation "domain" failed after \S+: Validating domain sfo-w01, task 9e6d7853 at endpoint "sddc" \(FAILED\)$/,
  );
});

test("credentials, whose passwords are in clear, and a bring-up", async () => {
  const secret = "Sh0rt-lived!";
  const credentials = {
    ...{ id: "9e6d7853", name: "Credentials rotate operation", type: "ROTATE", status: "FAILED" },
    ...{ creationTimestamp: at, completionTimestamp: end },
    subTasks: [
      {
        description: "Password rotate for esx-1.example.com and credential type SSH",
        status: "FAILED",
        newPassword: secret,
        errors: [{ errorCode: "PASSWORD_POLICY", message: `${secret} is too short.` }],
      },
    ],
  };
  const rotated = await reportOf("credentials", credentials, "/v1/credentials");
  expect(rotated.slice(1, 3)).toEqual([
    "  at Password rotate for esx-1.example.com and credential type SSH",
    "  PASSWORD_POLICY: [secret] is too short.",
  ]);
  const sddc = {
    ...{ id: "9e6d7853", name: "sfo-m01", status: "COMPLETED_WITH_FAILURE", creationTimestamp: at },
    sddcSubTasks: [
      { name: "a", description: "Deploy vCenter", status: "COMPLETED_WITH_SUCCESS" },
      {
        name: "b",
        description: "Configure vSAN",
        status: "POSTVALIDATION_COMPLETED_WITH_FAILURE",
        errors: [{ errorCode: "VSAN_DISKS", message: "No disks are eligible.", referenceToken: "A1" }],
      },
      { name: "c", description: "Deploy NSX", status: "INITIALIZED" },
    ],
  };
  const brought = await reportOf("bringUp", sddc, "/v1/sddcs");
  expect(brought.slice(1, 4)).toEqual([
    "  at Configure vSAN",
    "  VSAN_DISKS: No disks are eligible.",
    "  reference: A1",
  ]);
});
