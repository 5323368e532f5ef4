import type { Simulator } from "../../provider/simulator";
import { createForwarder, type Forwarder } from "./forwarder";
import type { Stack } from "./stack";
import { withStack } from "./with-stack";

/** A stack, its simulator, and the network between the two. */
export interface NetworkBed {
  readonly stack: Stack;
  readonly simulator: Simulator;
  readonly network: Forwarder;
}

/** A simulator and a stack whose way to it can be cut; all gone afterwards. */
export async function withNetwork(
  options: Parameters<typeof withStack>[0],
  test: (bed: NetworkBed) => Promise<void>,
): Promise<void> {
  await withStack(options, async (stack, simulator) => {
    const network = await createForwarder(simulator.url);
    const endpoints = stack.environment.VMWARE_TASKS_ENDPOINTS ?? "";
    stack.environment.VMWARE_TASKS_ENDPOINTS = endpoints.replaceAll(simulator.url, network.url);
    try {
      await test({ stack, simulator, network });
    } finally {
      await network.refuse();
    }
  });
}
