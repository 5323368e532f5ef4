// Failed tasks as vCenter shows them, and the whole text that a person reads of each. The texts are in reports/.
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { toSnapshot } from "../../../provider/clients/vapi/task-info";
import { toVimSnapshot } from "../../../provider/clients/vcenter/vim-task-info";
import { complete, type CompletionArguments } from "../../../provider/operations";
import type { TaskSnapshot } from "../../../provider/tasks";
import { resourceUrn } from "../../support/operation-bed";
import { bedOf } from "../../support/with-bed";

const clusterTask = "52f9f1b0-160a-25fe-fd1e-e7526df80e0d:com.vmware.esx.settings.clusters.software";
const stamps = { start_time: "2026-01-01T00:00:00Z", end_time: "2026-01-01T00:12:30Z" };
const apply = {
  ...stamps,
  service: "com.vmware.esx.settings.clusters.software",
  operation: "apply$task",
  status: "FAILED",
  cancelable: false,
  parent: "",
  target: { type: "ClusterComputeResource", id: "domain-c8" },
  user: "VSPHERE.LOCAL\\Administrator",
  description: {
    id: "com.vmware.vcIntegrity.lifecycle.Task.Description",
    default_message: "Task created by VMware vSphere Lifecycle Manager",
    args: [],
  },
};

const reports: Record<string, [string, TaskSnapshot["ref"], Record<string, unknown>]> = {
  "stack-of-messages": [
    "an error with causes of causes, open places and a class",
    { id: clusterTask, kind: "task" },
    {
      ...apply,
      progress: { total: 100, completed: 40, message: { id: "p", default_message: "Remediating", args: [] } },
      error: {
        "@class": "com.vmware.vapi.std.errors.error",
        error_type: "ERROR",
        messages: [
          {
            id: "com.vmware.vcIntegrity.lifecycle.EsxImage.RemediationFailed",
            default_message: "Remediation of cluster {0} failed.",
            args: ["domain-c8"],
          },
          {
            id: "com.vmware.vcIntegrity.lifecycle.HostFailed",
            default_message: "Host {host} could not enter maintenance mode: {0}",
            localized: "Host {host} could not enter maintenance mode: {0}",
            args: ["a VM is pinned to it."],
            params: { host: { s: "esx-7.example.com" } },
          },
        ],
        data: { is_transient: false },
      },
      result: { status: "ERROR" },
    },
  ],
  notifications: [
    "a failure that only notifications explain",
    { id: clusterTask, kind: "task" },
    {
      ...apply,
      notifications: {
        info: [{ id: "i", message: { id: "i", default_message: "Started.", args: [] } }],
        warnings: [],
        errors: [
          {
            id: "com.vmware.vcIntegrity.lifecycle.EULA",
            type: "ERROR",
            time: "2026-01-01T00:12:00Z",
            message: { id: "m", default_message: "The EULA of {0} is not accepted.", args: ["ESXi 8.0 U3"] },
            resolution: { id: "r", default_message: "Set accept_eula in the request.", args: [] },
          },
        ],
      },
    },
  ],
  "reason-in-result": [
    "a failure whose reason is in its result",
    { id: clusterTask, kind: "task" },
    {
      ...apply,
      result: {
        error_type: "RESOURCE_BUSY",
        messages: [{ id: "b", default_message: "Another operation runs on the cluster.", args: [] }],
        data: { is_transient: true },
      },
    },
  ],
  "no-reason": [
    "a failure with an empty error and no result",
    { id: clusterTask, kind: "task" },
    { ...apply, error: {} },
  ],
  "many-causes": [
    "more causes than a screen holds",
    { id: clusterTask, kind: "task" },
    {
      ...apply,
      error: {
        error_type: "INTERNAL_SERVER_ERROR",
        messages: Array.from({ length: 60 }, (_, index) => ({
          id: "m",
          default_message: `Cause number ${index + 1}. ${"It is told at length. ".repeat(index === 1 ? 60 : 1)}`,
          args: [],
        })),
      },
    },
  ],
  vim: [
    "a task of the kind vim",
    { id: "task-123", kind: "vim" },
    {
      key: "task-123",
      descriptionId: "VirtualMachine.powerOn",
      entity: { type: "VirtualMachine", value: "vm-42" },
      entityName: "web-1",
      state: "error",
      cancelled: false,
      startTime: "2026-01-01T00:00:00Z",
      completeTime: "2026-01-01T00:00:09Z",
      error: {
        _typeName: "InsufficientMemoryResourcesFault",
        faultMessage: [{ key: "a", message: "The host does not have enough memory for the VM." }],
        faultCause: {
          _typeName: "SystemError",
          faultMessage: [{ key: "b", message: "Admission check failed." }],
        },
      },
    },
  ],
};

test.each(Object.entries(reports))("%s", async (name, [, ref, body]) => {
  const task = ref.kind === "vim" ? toVimSnapshot(ref, body) : toSnapshot(ref, body);
  const { run, server } = bedOf();
  server.onLook.push([{ kind: "seen", snapshot: task }]);
  const given: CompletionArguments = {
    resourceUrn,
    endpoint: "vc",
    startedTaskId: ref.id,
    kind: ref.kind,
    request: { method: "POST", path: "/api/esx/settings/clusters/domain-c8/software?action=apply" },
  };
  const { failure = "" } = await run((context) => complete(context, given));
  const wanted = readFileSync(join(__dirname, "reports", `${name}.txt`), "utf8").trimEnd();
  expect(failure).toBe(wanted);
  const lines = failure.split("\n");
  expect(lines.length).toBeLessThanOrEqual(40);
  const [first] = task.causes;
  if (first !== undefined)
    expect(lines.slice(0, 5).join("\n")).toContain(
      first.message.replaceAll(/\s+/g, " ").trim().slice(0, 100),
    );
});
