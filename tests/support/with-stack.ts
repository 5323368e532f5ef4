import { startSimulator, type Simulator, type SimulatorOptions } from "../../provider/simulator";
import { canaryOf } from "./canary";
import { createStack, type Stack, type StackOptions } from "./stack";

/** A simulator and a stack against it, both gone afterwards. The password is a canary, which must not be shown. */
export async function withStack(
  options: Omit<StackOptions, "simulator"> & { readonly simulate?: SimulatorOptions },
  test: (stack: Stack, simulator: Simulator) => Promise<void>,
): Promise<void> {
  const { simulate, ...rest } = options;
  const simulator = await startSimulator({
    defaultDurationMs: 600,
    password: canaryOf("endpoint"),
    ...simulate,
  });
  let stack: Stack | undefined;
  try {
    stack = await createStack({ ...rest, simulator });
    await test(stack, simulator);
  } finally {
    stack?.remove();
    await simulator.close();
  }
}
