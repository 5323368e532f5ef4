import * as pulumi from "@pulumi/pulumi";
import * as vmware from "pulumi-vmware-tasks";

const config = new pulumi.Config();
const fqdns = config.requireObject<string[]>("hosts");
const networkPoolId = config.require("networkPoolId");
// Secret values stay encrypted in the state, and are masked in messages when the server echoes them.
const password = config.requireSecret("hostPassword");

const hosts = new vmware.Operation("hosts", {
  endpoint: "sddc",
  request: {
    method: "POST",
    path: "/v1/hosts",
    // One request for all hosts is one task: SDDC Manager prepares them side by side.
    body: fqdns.map((fqdn) => ({ fqdn, username: "root", password, storageType: "VSAN", networkPoolId })),
  },
  // Only a task that SUCCEEDED has something to decommission. Stored with the stack, so it needs no password later.
  delete: (done) => ({
    method: "DELETE",
    path: "/v1/hosts",
    body: done.resources.filter(({ type }) => type === "ESXI").map(({ name }) => ({ fqdn: name })),
  }),
  // SDDC Manager continues a failed task where it stopped, when the task says that it is retryable.
  retry: { how: "auto", maxAttempts: 3, delay: "30s" },
  timeout: "2h",
});

/** What the task made, by name. */
export const commissioned = hosts.resources.apply((resources) =>
  Object.fromEntries(resources.map(({ name, id }) => [name ?? id, id])),
);
export const attempts = hosts.attempts;
export const seconds = hosts.durationSeconds;
