// What the state holds of a task of SDDC Manager, by the number of its sub-tasks.

export const manySubTasks = 300;

const failure = {
  errorCode: "HOST_CONFIGURATION_FAILED",
  message: "The host could not be configured",
  remediationMessage: "Look at the host, then retry the task.",
  referenceToken: "ABC123",
};

/** Sub-tasks of three stages each; where the task fails, the last one does. */
function subTasks(count, outcome) {
  return Array.from({ length: count }, (_, index) => {
    const failed = index === count - 1 && outcome === "FAILED" ? { outcome, errors: [failure] } : {};
    return {
      name: `Configure host esx${index + 1}.example.com`,
      stages: [{ name: "Validate input" }, { name: "Apply", ...failed }, { name: "Verify" }],
    };
  });
}

/** How many bytes more the state has with many sub-tasks than with one, by how the task ends. */
export async function bytesOfSubTasks(stack, server) {
  const bytesWith = async (count, outcome) => {
    await server.begin({ durationMs: 1_000, subTasks: subTasks(count, outcome), outcome });
    const { stateBytes } = await stack.up("sub-tasks");
    return stateBytes;
  };
  const bytesMore = async (outcome) =>
    (await bytesWith(manySubTasks, outcome)) - (await bytesWith(1, outcome));
  return { succeeded: await bytesMore("SUCCEEDED"), failed: await bytesMore("FAILED") };
}
