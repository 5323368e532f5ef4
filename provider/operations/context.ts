import { createClient as createRealClient, type EndpointSettings } from "../clients";
import {
  createRedactor,
  secretsIn,
  type ApiRequest,
  type Clock,
  type ProductClient,
  type Redactor,
} from "../tasks";
import { createWatcher, type Watcher } from "../watcher";
import type { Configuration, Endpoint } from "./arguments";
import type { Deployment } from "./deployment";
import { openDurations, type Durations } from "./durations";
import { discreet } from "./discreet-client";
import type { Journal } from "./journal";
import { createSlots, type Slots } from "./slots";
import { openTrace } from "./trace-file";
import { traced } from "./traced-source";

/** An endpoint in use: its client, the watcher of its tasks and its free slots. */
export interface OpenEndpoint {
  readonly settings: Endpoint;
  readonly client: ProductClient;
  readonly watcher: Watcher;
  readonly slots: Slots;
  /** Starting requests of this process that have left and have no reply yet. */
  readonly unanswered: Set<{ readonly request: ApiRequest }>;
}

/** What this process remembers of a server's tasks across its resources. */
export interface Memory {
  /** Tasks that this process started or follows, so that none is taken for somebody else's. */
  readonly knownTasks: Set<string>;
  /** Which resource started a task in this process. */
  readonly startedBy: Map<string, string>;
  /** Started tasks whose completion was part of this deployment. */
  readonly completed: Set<string>;
  /** Tasks whose delete request was registered anew by this process. */
  readonly keptObjects: Set<string>;
  /** Tasks whose delete request this process has run. */
  readonly deletedObjects: Set<string>;
}

/** Everything that operations work with; built once a process. */
export interface Context {
  readonly configuration: Configuration;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly deployment: Deployment;
  /** How long operations took, by all deployments of this machine. */
  readonly durations: Durations;
  /** Of the server of an endpoint, for each server gives ids such as `task-17` anew; known also of endpoints that cannot be used. */
  memoryOf(endpoint: string): Memory;
  /** URNs of completions that the program of this deployment has; a diff alone, as of a refresh, does not tell that. */
  readonly wanted: Set<string>;
  /** Whether the engine writes no state between two resources of one deployment. */
  readonly skipsCheckpoints: boolean;
  /** @throws ConfigurationError */
  open(endpoint: string): OpenEndpoint;
  /** Keeps secrets of the configuration and of these values out of texts. */
  redactor(...holders: readonly unknown[]): Redactor;
  /** Keeps what is not kept yet, and logs out everywhere. */
  close(signal: AbortSignal): Promise<void>;
}

/** What a context is built from. */
export interface ContextOptions extends Pick<
  Context,
  "configuration" | "journal" | "clock" | "deployment" | "skipsCheckpoints"
> {
  /** Where durations are kept; without it, only as long as the process lives. */
  readonly durationsFolder?: string | undefined;
  /** The file that a trace goes to; none is written without. */
  readonly traceFile?: string | undefined;
  /** Builds the client of an endpoint; the product's own unless a test gives another. */
  readonly createClient?: (settings: EndpointSettings) => ProductClient;
}

function emptyMemory(): Memory {
  return {
    knownTasks: new Set(),
    startedBy: new Map(),
    completed: new Set(),
    keptObjects: new Set(),
    deletedObjects: new Set(),
  };
}

/** Builds a context; endpoints are opened when they are first used. */
export function createContext({
  createClient = createRealClient,
  durationsFolder,
  traceFile,
  ...options
}: ContextOptions): Context {
  const { configuration, clock, deployment } = options;
  const durations = openDurations(durationsFolder, clock);
  const configured = configuration.secrets();
  // Tokens of sessions and the like, which nobody knows before they are sent.
  const sent = new Set<string>();
  // All that any request was known to hold too, for errors and the trace tell of all requests.
  const ever = new Set<string>(configured);
  const all = createRedactor([], ever);
  const usual = createRedactor(configured, sent);
  const trace =
    traceFile === undefined
      ? undefined
      : openTrace(traceFile, clock, all, (problem) => deployment.warn("", problem));
  const onSecret = (secret: string): void => {
    sent.add(secret);
    ever.add(secret);
  };
  const open = (settings: Endpoint): ProductClient => {
    const client = discreet(createClient({ ...settings, trace, onSecret }), all);
    return trace === undefined ? client : traced(client, settings.name, trace);
  };
  const endpoints = new Map<string, OpenEndpoint>();
  const memories = new Map<string, Memory>();
  return {
    ...options,
    durations,
    wanted: new Set(),
    memoryOf(endpoint) {
      const server = configuration.server(endpoint);
      const memory = memories.get(server) ?? emptyMemory();
      memories.set(server, memory);
      return memory;
    },
    open(name) {
      const settings = configuration.endpoint(name);
      let endpoint = endpoints.get(settings.name);
      if (endpoint === undefined) {
        const client = open(settings);
        endpoint = {
          settings,
          client,
          watcher: createWatcher({ source: client, clock, outageToleranceMs: settings.outageToleranceMs }),
          slots: createSlots(settings.maxConcurrentOperations),
          unanswered: new Set(),
        };
        endpoints.set(settings.name, endpoint);
      }
      return endpoint;
    },
    redactor(...holders) {
      const held = holders.flatMap((holder) =>
        Array.isArray(holder) && holder.every((value) => typeof value === "string")
          ? holder
          : secretsIn(holder),
      );
      // Most operations hold none, and there may be thousands.
      if (held.length === 0) return usual;
      for (const secret of held) ever.add(secret);
      return createRedactor([...configured, ...held], sent);
    },
    async close(signal) {
      durations.flush();
      await Promise.all(
        [...endpoints.values()].map(({ client }) => client.close(signal).catch(() => undefined)),
      );
      endpoints.clear();
    },
  };
}
