// Tasks of the simulator, and what a client sees of them.
import { randomUUID } from "node:crypto";

import type { TaskPlan } from "../../provider/simulator";
import type { Look, TaskSnapshot } from "../../provider/tasks";
import { never, type ClientBench } from "./with-simulator";

/** The kind of all tasks that have no API of their own. */
export const kind = "task";

/** Starts a task of vCenter that works on the virtual machine `vm-1`, and gives its id. */
export function startVcenterTask(
  { simulator }: ClientBench,
  plan: TaskPlan = {},
  path = "/api/vcenter/vm/vm-1?action=relocate",
): string {
  if (simulator.objects("/api/vcenter/vm").length === 0)
    simulator.addObject("/api/vcenter/vm", { name: "one" }, "vm-1");
  return simulator.startForeignTask({ product: "vcenter", path, plan });
}

/** Starts a task of SDDC Manager and gives its id. */
export function startSddcTask({ simulator }: ClientBench, plan: TaskPlan = {}, path = "/v1/bundles"): string {
  return simulator.startForeignTask({ product: "sddc-manager", path, plan });
}

/** Starts a task of Snapservice and gives its id. */
export function startSnapTask(
  { simulator }: Pick<ClientBench, "simulator">,
  plan: TaskPlan = {},
  path = "/api/snapservice/clusters/domain-c8/virtual-machines/vm-1?action=revert",
): string {
  return simulator.startForeignTask({
    product: "snapservice",
    path,
    body: { name: randomUUID(), target_entities: {}, snapshot: "snapshot-1" },
    plan,
  });
}

/** The task that a look has seen; fails when it has not. */
export function seen(look: Look | undefined): TaskSnapshot {
  if (look?.kind !== "seen") throw new Error(`It is ${look?.kind ?? "absent"}.`);
  return look.snapshot;
}

/** The task as one look shows it. */
export async function lookAt({ client }: ClientBench, id: string): Promise<TaskSnapshot> {
  const [look] = await client.look([{ id, kind }], never);
  return seen(look);
}
