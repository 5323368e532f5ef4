// Pulumi's engine as far as a provider can tell: the order of steps, what is saved when, and how it goes away.
import { Server, ServerCredentials } from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import type { LogRequest } from "@pulumi/pulumi/proto/engine_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";

import { startProviderProcess, StepError, type Properties, type ProviderProcess } from "./provider-process";

/** A resource as the engine's state has it. */
export interface SavedResource {
  readonly urn: string;
  readonly id: string;
  readonly inputs: Properties;
  readonly outputs: Properties;
  /** Not empty: it exists and is not well, so the next deployment updates it. */
  readonly initErrors: readonly string[];
}

/** The state of a stack, which outlives the engines that work with it; in the order of creation. */
export type State = SavedResource[];

/** A resource that the program wants. */
export interface Goal {
  readonly urn: string;
  /** Its inputs, when the resources before it have their outputs. */
  readonly inputs: (outputsOf: (urn: string) => Properties) => Properties;
}

/** How a deployment ended. */
export interface Ending {
  readonly isWell: boolean;
  /** Errors and what was logged. */
  readonly text: string;
}

/** An engine with a provider process of its own. */
export interface FakeEngine {
  readonly provider: ProviderProcess;
  up(goals: readonly Goal[]): Promise<Ending>;
  destroy(): Promise<Ending>;
  /** Starts no step any more, as after the first Ctrl-C. */
  cancel(): Promise<void>;
  /** Is gone from one moment to the next, as by SIGKILL: saves nothing, answers nothing, holds no connection. */
  vanish(): void;
  /** Ends as at the second Ctrl-C: saves nothing more; plugins get SIGINT, and are killed when that does not help. */
  terminate(): Promise<void>;
  /** Ends as at the end of a command; the same for the plugins. */
  close(): Promise<void>;
}

const patienceMs = 5_000;

// It holds no process: most of what it limits ends sooner.
const wait = (ms: number): Promise<void> => new Promise((done) => void setTimeout(done, ms).unref());

/** Starts an engine and its provider process. */
export async function startFakeEngine(
  state: State,
  options: { readonly folder: string; readonly environment: Record<string, string> },
): Promise<FakeEngine> {
  const logged: string[] = [];
  const server = new Server();
  server.addService(EngineService, {
    log(call: { request: LogRequest }, callback: (error: null, answer: Empty) => void) {
      logged.push(call.request.getMessage());
      callback(null, new Empty());
    },
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) => {
      if (error === null) resolve(bound);
      else reject(error);
    });
  });
  const provider = await startProviderProcess(`127.0.0.1:${port}`, options).catch((error: unknown) => {
    server.forceShutdown();
    throw error;
  });
  let isGone = false;
  let isCancelled = false;

  const indexOf = (urn: string): number => state.findIndex((one) => one.urn === urn);
  /** Writes a checkpoint. */
  const save = (change: () => void): void => {
    if (isGone) throw new StepError("The engine is gone.");
    change();
  };
  const put = (resource: SavedResource): void =>
    save(() => {
      const index = indexOf(resource.urn);
      if (index < 0) state.push(resource);
      else state[index] = resource;
    });

  /** Runs a step whose failure may leave a resource that is not well. */
  const settle = async (
    urn: string,
    step: () => Promise<{ id: string; outputs: Properties }>,
    inputs: Properties,
    inputsOfFailure: Properties,
  ): Promise<void> => {
    try {
      put({ urn, inputs, ...(await step()), initErrors: [] });
    } catch (error) {
      const failure = error instanceof StepError ? error.initFailure : undefined;
      if (failure === undefined) throw error;
      const { id, properties: outputs, reasons: initErrors } = failure;
      put({ urn, id, inputs: inputsOfFailure, outputs, initErrors });
      throw new StepError(initErrors.join("\n"));
    }
  };
  const create = (urn: string, inputs: Properties): Promise<void> =>
    settle(urn, () => provider.create(urn, inputs), inputs, inputs);
  const update = (old: SavedResource, inputs: Properties): Promise<void> =>
    settle(
      old.urn,
      async () => ({ id: old.id, outputs: await provider.update(old.urn, old.id, old.outputs, inputs) }),
      inputs,
      old.inputs,
    );
  /** Deletes resources, those that were made last first. */
  const removeAll = async (some: readonly SavedResource[]): Promise<void> => {
    for (const { urn, id, outputs } of some.toReversed()) {
      if (isCancelled) throw new StepError("cancelled");
      await provider.remove(urn, id, outputs);
      save(() => state.splice(indexOf(urn), 1));
    }
  };

  const step = async ({ urn, inputs: wanted }: Goal): Promise<void> => {
    const outputsOf = (other: string): Properties => state[indexOf(other)]?.outputs ?? {};
    const old = state[indexOf(urn)];
    const inputs = await provider.check(urn, old?.inputs ?? {}, wanted(outputsOf));
    if (old === undefined) return create(urn, inputs);
    const difference = await provider.diff(urn, old.id, old.outputs, inputs);
    if (difference.replaces.length > 0) {
      if (!difference.deleteBeforeReplace) throw new Error("Only replacements that delete first are played.");
      // All that come later depend on it.
      await removeAll(state.slice(indexOf(urn)));
      return create(urn, inputs);
    }
    if (difference.changes || old.initErrors.length > 0) return update(old, inputs);
    put({ ...old, inputs });
  };

  const deploy = async (work: () => Promise<void>): Promise<Ending> => {
    const before = logged.length;
    const texts = (): string[] => [...logged.slice(before), provider.text()];
    try {
      await work();
      return { isWell: true, text: texts().join("\n") };
    } catch (error) {
      if (!(error instanceof StepError)) throw error;
      return { isWell: false, text: [error.message, ...texts()].join("\n") };
    }
  };

  const vanish = (): void => {
    isGone = true;
    provider.disconnect();
    server.forceShutdown();
  };

  const close = async (): Promise<void> => {
    if (!provider.hasEnded()) process.kill(provider.pid, "SIGINT");
    await Promise.race([provider.ended, wait(patienceMs)]);
    if (!provider.hasEnded()) process.kill(provider.pid, "SIGKILL");
    await provider.ended;
    vanish();
  };

  return {
    provider,
    up: (goals) =>
      deploy(async () => {
        for (const goal of goals) {
          if (isCancelled) throw new StepError("cancelled");
          await step(goal);
        }
        const urns = goals.map(({ urn }) => urn);
        await removeAll(state.filter(({ urn }) => !urns.includes(urn)));
      }),
    destroy: () => deploy(() => removeAll([...state])),
    async cancel() {
      isCancelled = true;
      await provider.cancel();
    },
    vanish,
    terminate() {
      isGone = true;
      return close();
    },
    close,
  };
}
