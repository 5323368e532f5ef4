import * as pulumi from "@pulumi/pulumi";
import * as vmware from "pulumi-vmware-tasks";

const config = new pulumi.Config();
const resourceName = config.require("host");
// Any other value rotates again: a date, a ticket, a number.
const rotation = config.require("rotation");

const rotated = new vmware.Operation("rotation", {
  endpoint: "sddc",
  request: {
    method: "PATCH",
    path: "/v1/credentials",
    body: {
      operationType: "ROTATE",
      elements: [
        {
          resourceName,
          resourceType: "ESXI",
          credentials: [{ credentialType: "SSH", username: config.get("username") ?? "root" }],
        },
      ],
    },
  },
  triggers: [rotation],
  // A rotation that failed is continued under its id, with the body as it is by then: mend it here, and `pulumi up`.
  onRequestChange: "retryInPlace",
  // While a failed one is there, SDDC Manager takes no other: destroying this cancels it.
  onDelete: "cancel",
  timeout: "1h",
});

export const status = rotated.status;
// The server tells old and new passwords of each account in clear; they are masked in everything that is stored.
export const subTasks = rotated.task.apply((task) => task?.native.subTaskCounts);

/** What else has been rotated lately; the list of this kind knows no filters but these. */
export const failures = vmware.sddcManager
  .getTasksOutput(
    { endpoint: "sddc", kind: "credentials", status: "FAILED", limit: 20 },
    { dependsOn: rotated },
  )
  .apply(({ tasks }) => tasks.map(({ id, causes }) => ({ id, why: causes[0]?.message })));
