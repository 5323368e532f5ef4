// What is deployed and what is measured of it: one cell is a kind of program, a number of operations, and a mode.

/** Programs, by what they do for each operation. */
export const kinds = {
  ours: { title: "this package", program: "operations", resourcesEach: 1 },
  naive: { title: "naive provider, polls every 10 s", program: "naive", resourcesEach: 1 },
  empty: { title: "as many empty resources", program: "empty", resourcesEach: 1 },
  twiceEmpty: { title: "twice as many empty", program: "empty", resourcesEach: 2 },
};

/** Whether the engine writes the state at every step. */
export const modes = { yes: {}, no: { PULUMI_SKIP_CHECKPOINTS: "true" } };

/** When the first resource that does nothing was created: its id says so. */
function firstCreateAt({ resources }) {
  return Math.min(...resources.map(({ id }) => Number(id)).filter((at) => at > 0));
}

const jsonBytes = (value) => Buffer.byteLength(JSON.stringify(value ?? null));

/** How long the JSON of an operation's request is. */
function requestBytes({ resources }) {
  const { inputs } = resources.find(({ type }) => type.endsWith(":StartedTask"));
  return jsonBytes(inputs.request);
}

/** What the engine does not write by itself. */
function payloadBytes({ resources }) {
  return resources.reduce(
    (sum, { inputs = {}, outputs = {} }) => sum + jsonBytes(inputs) + jsonBytes(outputs),
    0,
  );
}

/** Deploys cells, each to an empty stack and a server that knows nothing. */
export async function createCells({ stack, server, taskMs }) {
  const { stateBytes: bytesOfNothing } = await stack.up("nothing");

  return async ({ kind, size, mode }) => {
    const { program, resourcesEach } = kinds[kind];
    const resources = size * resourcesEach;
    await server.begin({ durationMs: taskMs });
    const { began, seconds, stateBytes, state } = await stack.up(program, {
      ...modes[mode],
      BENCH_COUNT: String(resources),
    });
    const { latest } = state.checkpoint;
    const firstAt = program === "empty" ? firstCreateAt(latest) : await server.firstRequestAt();
    return {
      seconds,
      secondsToFirst: (firstAt - began) / 1000,
      bytes: (stateBytes - bytesOfNothing) / resources,
      payloadBytes: payloadBytes(latest) / resources,
      requestBytes: kind === "ours" ? requestBytes(latest) : 0,
    };
  };
}
