// What is on the screen when a task of Snapservice fails, word for word. `golden/` is read by people, too.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { complete, createContext, openJournal, readConfiguration } from "../../../provider/operations";
import { startSimulator, type Simulator, type TaskPlan } from "../../../provider/simulator";
import { systemClock } from "../../../provider/tasks";
import { createFakeDeployment } from "../../support/operation-bed";
import { endpointsOf } from "../../support/endpoints";
import { midnight } from "../../support/with-simulator";

const groups = "/api/snapservice/clusters/domain-c8/protection-groups";
const quiesce = {
  error_type: "ERROR",
  messages: [
    {
      id: "msg.snapshot.error-QUIESCINGERROR",
      default_message: "Failed to quiesce the virtual machine db-01.",
      args: ["db-01"],
    },
    {
      id: "vob.vix.tools",
      default_message: "VMware Tools in the guest did not answer within 15 minutes.",
      args: [],
    },
  ],
  data: { is_transient: true },
};
const stack = {
  "@class": "com.vmware.vapi.std.errors.unable_to_allocate_resource",
  error_type: "UNABLE_TO_ALLOCATE_RESOURCE",
  messages: [
    {
      id: "com.vmware.snapservice.pg.snapshot.failed",
      default_message: "Snapshot of protection group nightly failed.",
      localized: "Taking a snapshot of protection group “nightly” failed for 2 of 14 virtual machines.",
      args: ["nightly", "2", "14"],
      params: { pg: { s: "nightly" }, failed: { i: 2 }, share: { d: 0.14, precision: 2 } },
    },
    {
      id: "com.vmware.snapservice.vm.snapshot.failed",
      default_message:
        "Virtual machine db-01 (vm-1042): the datastore vsanDatastore has 12 GB free and needs 80 GB.",
      args: ["vm-1042"],
      params: { vm: { l: { id: "com.vmware.vm", params: { name: { s: "db-01" } } } } },
    },
    {
      id: "com.vmware.vsan.capacity",
      default_message:
        "The capacity of vSAN cluster domain-c8 is used to 96 %, above the limit of 95 % for new snapshots.",
      args: [],
    },
  ],
  data: { is_transient: false },
};

interface Case {
  readonly golden: string;
  readonly plan: TaskPlan;
  readonly behind?: TaskPlan;
}

const cases: Case[] = [
  { golden: "stack-of-messages", plan: { error: stack } },
  {
    golden: "vcenter-task",
    plan: {
      error: {
        error_type: "ERROR",
        messages: [
          {
            id: "com.vmware.snapservice.vc.task.failed",
            default_message: "The vCenter task of this operation failed.",
            args: [],
          },
        ],
      },
    },
    behind: { error: quiesce },
  },
  { golden: "only-the-vcenter-task-says-why", plan: { error: null }, behind: { error: quiesce } },
  { golden: "no-reason", plan: { error: {}, fields: { vc_task: "task-4711" } } },
  {
    golden: "hundred-messages",
    plan: {
      error: {
        error_type: "ERROR",
        messages: Array.from({ length: 100 }, (_, index) => ({
          id: `vm.${index}`,
          default_message: `Virtual machine vm-${1000 + index}: no snapshot, for its disk chain is 32 deep already.`,
          args: [],
        })),
      },
    },
  },
];

async function reportOf(
  simulator: Simulator,
  pass: (ms: number) => void,
  { plan, behind }: Case,
): Promise<string> {
  const fields = ((): Record<string, unknown> => {
    if (behind === undefined) return {};
    const path = "/api/vcenter/vm/vm-1?action=relocate";
    simulator.addObject("/api/vcenter/vm", { name: "db-01" }, "vm-1");
    return {
      vc_task: simulator.startForeignTask({
        product: "vcenter",
        path,
        plan: { ...behind, outcome: "FAILED" },
      }),
    };
  })();
  const group = simulator.addObject(groups, { name: "nightly" });
  const startedTaskId = simulator.startForeignTask({
    product: "snapservice",
    path: `${groups}/${group}/snapshots`,
    body: { name: "before-upgrade" },
    plan: { durationMs: 754_000, outcome: "FAILED", fields, ...plan },
  });
  pass(754_000);
  const folder = mkdtempSync(join(tmpdir(), "failures-"));
  const { snap, vcenter } = endpointsOf(simulator);
  const context = createContext({
    configuration: readConfiguration({
      endpoints: JSON.stringify({ snap: { ...snap, vcenter: "vcenter" }, vcenter }),
      environment: {},
    }),
    journal: openJournal(folder),
    clock: systemClock,
    deployment: createFakeDeployment(),
    skipsCheckpoints: false,
  });
  try {
    const { failure = "" } = await complete(context, {
      resourceUrn: "urn:pulumi:dev::backup::pulumi-nodejs:vmware:CompletedTask::before-upgrade",
      endpoint: "snap",
      startedTaskId,
      request: { method: "POST", path: `${groups}/${group}/snapshots`, body: { name: "before-upgrade" } },
    });
    return failure;
  } finally {
    await context.close(AbortSignal.timeout(1_000));
    rmSync(folder, { recursive: true });
  }
}

test.each(cases)("$golden", async (one) => {
  let now = midnight;
  const simulator = await startSimulator({ clock: { now: () => now } });
  try {
    const report = await reportOf(simulator, (ms) => (now += ms), one);
    expect(`${report}\n`).toBe(
      readFileSync(join(__dirname, "golden", `snapservice-${one.golden}.txt`), "utf8"),
    );
    const lines = report.split("\n");
    expect(lines.length).toBeLessThanOrEqual(40);
  } finally {
    await simulator.close();
  }
});
