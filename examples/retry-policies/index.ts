import * as pulumi from "@pulumi/pulumi";
import * as vmware from "pulumi-vmware-tasks";

// The policies themselves are in Pulumi.yaml, for all stacks. A stack only says which one its clones take.
const retry = new pulumi.Config().get("retry") ?? "quick";

const server = new vmware.Operation("report-server", {
  endpoint: "vcenter",
  request: {
    method: "POST",
    path: "/api/vcenter/vm?action=clone",
    body: { source: "vm-42", name: `report-server-${pulumi.getStack()}` },
  },
  delete: (done) => ({ method: "DELETE", path: `/api/vcenter/vm/${done.result}` }),
  retry,
});

// Names no policy: the one whose `applyTo` fits holds.
const telemetry = new vmware.Operation("telemetry", {
  endpoint: "sddc",
  request: { method: "PATCH", path: "/v1/system/ceip", body: { status: "DISABLE" } },
});

export const vm = server.result;
export const attempts = { server: server.attempts, telemetry: telemetry.attempts };
