import * as pulumi from "@pulumi/pulumi";
import * as vmware from "pulumi-vmware-tasks";

const config = new pulumi.Config();

// Read while the program runs, in a preview too: what has failed here before?
const failed = vmware.sddcManager.getTasksOutput({
  endpoint: "sddc",
  status: "FAILED",
  type: "HOST_COMMISSION",
});

const clone = new vmware.Operation("report-server", {
  endpoint: "vcenter",
  request: {
    method: "POST",
    path: "/api/vcenter/vm?action=clone",
    body: { source: "vm-42", name: "report-server" },
  },
  delete: (done) => ({ method: "DELETE", path: `/api/vcenter/vm/${done.result}` }),
});

// Read after the clone has finished, and not at all in a preview while there is no clone yet.
const clones = vmware.vcenter.getTasksOutput(
  { endpoint: "vcenter", services: ["com.vmware.vcenter.VM"], operations: ["clone$task"], limit: 20 },
  { dependsOn: clone },
);

// One task by its id, as the server shows it now. Servers forget finished tasks, usually after a day.
const now = vmware.getTaskOutput({ endpoint: "vcenter", id: clone.taskId, ifMissing: "undefined" });

// The plain form is a promise, for arguments that are known at once.
async function describe(id: string): Promise<string> {
  const task = await vmware.sddcManager.getTask({ endpoint: "sddc", id });
  return `${task.name}: ${task.status}`;
}
const watched = config.get("taskId");

export const failuresOfHosts = failed.tasks.apply((tasks) => tasks.map(({ id, causes }) => ({ id, causes })));
export const clonesByStatus = clones.counts;
export const cloneAsTheServerKnowsIt = now.apply((task) => task?.nativeStatus ?? "forgotten");
export const watchedTask = watched === undefined ? "none" : describe(watched);
