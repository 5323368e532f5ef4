import {
  createContext,
  openJournal,
  readConfiguration,
  stateFolder,
  traceFile,
  type Context,
} from "../operations";
import { systemClock } from "../tasks";
import { createEngineDeployment, type EngineDeployment } from "./engine-deployment";
import { engineAddress, openEngineLink } from "./engine-link";
import { skipsCheckpoints } from "./skips-checkpoints";

/** The stack's configuration as the host of dynamic providers hands it over. */
export interface ConfigureRequest {
  readonly config: { get(key: string): string | undefined };
}

// Plugins get SIGINT at every normal end and are killed soon after.
const logOutMs = 1_000;
const finishMs = 3_000;

const wait = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms).unref());

let context: Promise<Context> | undefined;

function endWithTheEngine(
  deployment: EngineDeployment,
  opened: Context,
  onGone: (callback: () => void) => void,
): void {
  const leave = async (isGone: boolean): Promise<void> => {
    const ended = deployment.end();
    // A living engine kills what does not end soon; one that is gone does not.
    await (isGone ? ended : Promise.race([ended, wait(finishMs)]));
    await opened.close(AbortSignal.timeout(logOutMs));
    process.exit(0);
  };
  onGone(() => void leave(true));
  process.once("SIGINT", () => void leave(false));
}

function open({ config }: ConfigureRequest): Context {
  const address = engineAddress(process.argv.slice(2));
  const link = address === undefined ? undefined : openEngineLink(address);
  const deployment = createEngineDeployment(link, process.env);
  const opened = createContext({
    configuration: readConfiguration({
      endpoints: config.get("vmware-tasks:endpoints"),
      retryPolicies: config.get("vmware-tasks:retryPolicies"),
      environment: process.env,
    }),
    journal: openJournal(stateFolder(process.env)),
    durationsFolder: stateFolder(process.env),
    clock: systemClock,
    deployment,
    skipsCheckpoints: skipsCheckpoints(process.env),
    traceFile: traceFile(process.env),
  });
  if (link !== undefined) endWithTheEngine(deployment, opened, (callback) => link.onGone(callback));
  return opened;
}

/**
 * Takes the configuration. Each provider of a process is configured by itself, and the host forgets a failure:
 * so the first one counts for all, and a failure comes back from every method.
 */
export function configure(request: ConfigureRequest): void {
  context ??= Promise.resolve().then(() => open(request));
  context.catch(() => undefined);
}

/** What all methods work with. */
export function theContext(): Promise<Context> {
  return context ?? Promise.reject(new Error("The provider is not configured yet."));
}
