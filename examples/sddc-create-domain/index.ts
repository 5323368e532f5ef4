import * as pulumi from "@pulumi/pulumi";
import * as vmware from "pulumi-vmware-tasks";

const config = new pulumi.Config();
const domainName = config.require("domainName");

// The whole DomainCreationSpec is longer; both requests take the same.
const spec = {
  domainName,
  orgName: config.get("orgName") ?? "example",
  vcenterSpec: {
    name: `${domainName}-vc01`,
    rootPassword: config.requireSecret("vcenterPassword"),
    datacenterName: `${domainName}-dc01`,
  },
};

// A validation is no task: it has a path of its own, and two statuses, one for its execution and one for what it
// found. The kind follows from the request.
const validation = new vmware.Operation("validation", {
  endpoint: "sddc",
  request: { method: "POST", path: "/v1/domains/validations", body: spec },
  // A validation that warns has SUCCEEDED, too; here nothing but a clean one is good enough.
  expect: [{ path: "native.resultStatus", equals: "SUCCEEDED" }],
  timeout: "30m",
});

const domain = new vmware.Operation(
  "domain",
  {
    endpoint: "sddc",
    request: { method: "POST", path: "/v1/domains", body: spec },
    delete: (done) => ({
      method: "DELETE",
      path: `/v1/domains/${done.resources.find(({ type }) => type === "DOMAIN")?.id ?? ""}`,
    }),
    retry: { maxAttempts: 2, delay: "30s" },
  },
  // Nothing is created while the validation has not ended as expected.
  { dependsOn: validation },
);

export const domainId = domain.resources.apply(
  (resources) => resources.find(({ type }) => type === "DOMAIN")?.id,
);

// SDDC Manager deletes only what was marked before. What depends on the domain goes first, so this mark is set in time.
new vmware.DeleteTask(
  "deletion-mark",
  {
    endpoint: "sddc",
    of: domain.taskId,
    request: {
      method: "PATCH",
      path: pulumi.interpolate`/v1/domains/${domainId}`,
      body: { markForDeletion: true },
    },
  },
  { dependsOn: domain },
);

export const verdict = validation.nativeStatus;
