import * as pulumi from "@pulumi/pulumi";
import * as vmware from "pulumi-vmware-tasks";

const config = new pulumi.Config();

// Nothing is sent but looks: without `request`, a task that failed is never started again from here.
const upgrade = new vmware.CompletedTask("upgrade", {
  endpoint: config.get("endpoint") ?? "sddc",
  startedTaskId: config.require("taskId"),
  timeout: "8h",
  // The task goes on, whatever becomes of this deployment.
  onTimeout: "detach",
  // Say so early when nobody works on it any more.
  stallTimeout: "2h",
  // "Completed with warnings" is a matter for people here.
  acceptWarnings: false,
});

export const { status, durationSeconds, resources } = upgrade;
export const what = upgrade.task.apply((task) => task?.name);
