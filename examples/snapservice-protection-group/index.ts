import * as pulumi from "@pulumi/pulumi";
import * as vmware from "pulumi-vmware-tasks";

const config = new pulumi.Config();
const cluster = config.get("cluster") ?? "domain-c8";
const vms = config.getObject<string[]>("vms") ?? ["vm-42"];
const hours = config.getNumber("everyHours") ?? 24;
const days = config.getNumber("keepDays") ?? 14;

const groups = `/api/snapservice/clusters/${cluster}/protection-groups`;
const spec = {
  name: "nightly",
  target_entities: { vms },
  snapshot_policies: [
    {
      name: "regular",
      schedule: { unit: "HOUR", interval: hours },
      retention: { unit: "DAY", duration: days },
    },
  ],
};

const protection = new vmware.Operation("nightly", {
  endpoint: "snap",
  request: { method: "POST", path: groups, body: spec },
  // The task's result is the group's id. Another spec changes this very group, so its snapshots stay.
  update: (done) => ({ method: "PATCH", path: `${groups}/${done.result}`, body: spec }),
  // Without `force=true` the group's snapshots would outlive it until they expire, and it with them.
  delete: (done) => ({ method: "DELETE", path: `${groups}/${done.result}`, query: { force: true } }),
  timeout: "30m",
});

/** The id of the protection group. */
export const group = protection.result;

/** What has been done to protection groups, the newest first. */
export const history = vmware.snapservice
  .getTasksOutput(
    { endpoint: "snap", services: ["com.vmware.snapservice.clusters.protection_groups"], limit: 10 },
    { dependsOn: protection },
  )
  .tasks.apply((tasks) => tasks.map(({ name, status }) => ({ name, status })));
