import * as pulumi from "@pulumi/pulumi";
import * as vmware from "pulumi-vmware-tasks";

// vCenter answers "accepted, here is a task id"; the operation is done when that task has SUCCEEDED.
const clone = new vmware.Operation("web-server", {
  endpoint: "vcenter",
  request: {
    method: "POST",
    path: "/api/vcenter/vm?action=clone",
    body: { source: "vm-42", name: "web-server" },
  },
  delete: (done) => ({ method: "DELETE", path: `/api/vcenter/vm/${done.result}` }),
  timeout: "30m",
});

// The simulator takes any password; for real hosts: `pulumi config set --secret hostPassword`.
const password = new pulumi.Config().getSecret("hostPassword") ?? pulumi.secret("any");

// The same for SDDC Manager: the task's sub-tasks are its progress, its resources say what was made.
const fqdns = ["esx-1.example.com", "esx-2.example.com"];
const hosts = new vmware.Operation("new-hosts", {
  endpoint: "sddc",
  request: {
    method: "POST",
    path: "/v1/hosts",
    body: fqdns.map((fqdn) => ({
      fqdn,
      username: "root",
      password,
      storageType: "VSAN",
      networkPoolId: "58d74167-ee80-4eb8-90d9-cd3beddf5a11",
    })),
  },
  delete: () => ({ method: "DELETE", path: "/v1/hosts", body: fqdns.map((fqdn) => ({ fqdn })) }),
  retry: { maxAttempts: 2, delay: "10s" },
  timeout: "2h",
});

export const vm = clone.result;
export const cloneTask = clone.taskId;
export const commissioned = hosts.resources.apply((resources) =>
  resources.map(({ name, id }) => `${name ?? ""} ${id}`),
);
export const secondsForHosts = hosts.durationSeconds;
