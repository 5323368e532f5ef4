import * as pulumi from "@pulumi/pulumi";
import * as vmware from "pulumi-vmware-tasks";

const config = new pulumi.Config();
const source = config.get("source") ?? "vm-42";
const count = config.getNumber("count") ?? 2;

function cloneVm(name: string): vmware.Operation {
  const clone = new vmware.Operation(name, {
    endpoint: "vcenter",
    request: {
      method: "POST",
      path: "/api/vcenter/vm?action=clone",
      body: { source, name, power_on: true },
    },
    // The task's result is the VM's id. It SUCCEEDED when the VM is there; its guest is up some time later.
    observe: (done) => ({
      request: { method: "GET", path: `/api/vcenter/vm/${done.result}/guest/identity` },
      until: [{ path: "ip_address", matches: "." }],
      interval: "2s",
      timeout: "10m",
    }),
    delete: (done) => ({ method: "DELETE", path: `/api/vcenter/vm/${done.result}` }),
    timeout: "30m",
  });

  // vCenter deletes no VM that runs. What depends on the clone is destroyed before it: so this stops the VM first.
  new vmware.DeleteTask(
    `${name}-power-off`,
    {
      endpoint: "vcenter",
      of: clone.taskId,
      request: {
        method: "POST",
        path: pulumi.interpolate`/api/vcenter/vm/${clone.result}/power?action=stop`,
      },
    },
    { dependsOn: clone },
  );
  return clone;
}

const clones = Array.from({ length: count }, (_, index) => cloneVm(`web-${index + 1}`));

/** The id and the address of each VM. */
export const vms = clones.map((clone) => ({
  id: clone.result,
  // The address is the guest's own; nothing has looked at it since the deployment that made the VM.
  address: clone.observed.apply((guest: { ip_address?: string } | undefined) => guest?.ip_address),
}));
