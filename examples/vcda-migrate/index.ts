import * as pulumi from "@pulumi/pulumi";
import * as vmware from "pulumi-vmware-tasks";

const config = new pulumi.Config();
// The id of a vApp replication: C4VAPP-…
const replication = config.require("replication");
// The site that does the work; its tasks live there. The session is extended to it with the endpoint's `remoteSites`.
const site = config.require("site");

const path = `/vapp-replications/${replication}`;

// The last changes first, while the vApp still runs: the migration itself is short then.
const sync = new vmware.Operation("sync", {
  endpoint: "vcda",
  site,
  request: { method: "POST", path: `${path}/sync` },
  timeout: "6h",
  // A replication that is busy is waited for; nothing was started then.
  retry: { maxAttempts: 3, delay: "1m", busyTimeout: "30m" },
});

const migration = new vmware.Operation(
  "migration",
  {
    endpoint: "vcda",
    site,
    request: { method: "POST", path: `${path}/migrate`, body: { type: "vcloud" } },
    timeout: "2h",
    // A vApp that was moved half-way is a matter for people: the next deployment only looks.
    retry: { onNextUp: "look" },
    expect: [{ path: "resources[0].id", equals: replication }],
  },
  { dependsOn: sync },
);

// What else has worked on this replication there.
const history = vmware.vcda.getTasksOutput(
  { endpoint: "vcda", site, resourceId: replication },
  { dependsOn: migration },
);

export const migrated = migration.resources.apply((resources) => resources.map(({ id }) => id));
export const seconds = migration.durationSeconds;
export const warnings = migration.warnings;
export const tasks = history.tasks.apply((all) => all.map(({ name, status }) => `${name}: ${status}`));
