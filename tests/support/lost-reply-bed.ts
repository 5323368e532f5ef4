// Starts whose replies are lost, over real HTTP: a simulator, a journal, and one process after the other.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import {
  createContext,
  openJournal,
  readConfiguration,
  start,
  type Context,
  type Journal,
  type StartArguments,
} from "../../provider/operations";
import {
  startSimulator,
  type Fault,
  type Simulator,
  type SimulatorOptions,
  type TaskPlan,
} from "../../provider/simulator";
import { hasCode, type Clock } from "../../provider/tasks";
import { endWriters } from "./journal-files";
import { createFakeDeployment, type FakeDeployment } from "./operation-bed";
import { endpointsOf } from "./endpoints";
import { until } from "./until";

/** A server, and an operation whose task it does not tell from others by name unless it says so. */
export interface Server {
  readonly product: "vcenter" | "snapservice" | "sddc-manager" | "vcda";
  readonly endpoint: string;
  readonly kind?: string;
  /** A request that makes or changes the thing of this name. */
  readonly request: (name: string) => NonNullable<StartArguments["request"]>;
  /** Fields of a task with these stamps. */
  readonly stamped: (start: string | undefined, end?: string) => Record<string, unknown>;
  /** How many lists a search asks for while it finds nothing. */
  readonly listsALook: number;
  /** Without it a task cannot be read. */
  readonly statusField: string;
  /** The list while it does not show any task. */
  readonly emptyList: unknown;
}

const stamps =
  (startField: string, endField: string) =>
  (began: string | undefined, ended?: string): Record<string, unknown> => ({
    [startField]: began ?? null,
    ...(ended === undefined ? {} : { [endField]: ended }),
  });

/** Every product, and the older API of vCenter. */
export const servers = {
  vcenter: {
    product: "vcenter",
    endpoint: "vcenter",
    request: (name) => ({
      method: "POST",
      path: "/api/vcenter/vm?action=clone",
      body: { source: "vm-1", name },
    }),
    stamped: stamps("start_time", "end_time"),
    listsALook: 1,
    statusField: "status",
    emptyList: {},
  },
  "vcenter vim": {
    product: "vcenter",
    endpoint: "vcenter",
    kind: "vim",
    request: () => ({ method: "POST", path: "/sdk/vim25/8.0.2.0/VirtualMachine/vm-1/PowerOnVM_Task" }),
    stamped: (began, ended) => ({
      queueTime: began ?? null,
      ...stamps("startTime", "completeTime")(began, ended),
    }),
    listsALook: 1,
    statusField: "state",
    emptyList: [],
  },
  snapservice: {
    product: "snapservice",
    endpoint: "snap",
    request: (name) => ({
      method: "POST",
      path: "/api/snapservice/clusters/domain-c8/protection-groups",
      body: { name, target_entities: { vms: ["vm-1"] } },
    }),
    stamped: stamps("start_time", "end_time"),
    listsALook: 1,
    statusField: "status",
    emptyList: { items: [] },
  },
  "sddc-manager": {
    product: "sddc-manager",
    endpoint: "sddc",
    request: (name) => ({ method: "POST", path: "/v1/domains", body: { domainName: name } }),
    stamped: stamps("creationTimestamp", "completionTimestamp"),
    listsALook: 1,
    statusField: "status",
    emptyList: {
      elements: [],
      pageMetadata: { pageNumber: 0, pageSize: 100, totalElements: 0, totalPages: 0 },
    },
  },
  vcda: {
    product: "vcda",
    endpoint: "vcda",
    request: (name) => ({ method: "POST", path: "/vapp-replications", body: { name } }),
    stamped: (began, ended) => ({
      startTime: began === undefined ? null : Date.parse(began),
      ...(ended === undefined ? {} : { endTime: Date.parse(ended) }),
    }),
    listsALook: 2,
    statusField: "state",
    emptyList: { items: [], total: 0 },
  },
} as const satisfies Readonly<Record<string, Server>>;
export type ServerName = keyof typeof servers;

/** How a start ended, and what it cost. */
export interface Ending {
  /** `own`: followed by the task that it started; `another`: by one that it did not. */
  readonly ends: "own" | "another" | "may have started" | "accepted" | "failed";
  readonly message: string;
  /** How many tasks the error lists. */
  readonly listed: number;
  /** Requests that start, and what the server took of them. */
  readonly requests: number;
  readonly starts: number;
}

/** What a test can do at the server and to the process. */
export interface Hands {
  readonly server: Server;
  readonly simulator: Simulator;
  readonly journal: Journal;
  /** Moves the server's clock. */
  readonly step: (ms: number) => void;
  /** Lets the next requests that start, or that list tasks, meet a fault. */
  readonly onStart: (fault: Omit<Fault, "match">) => void;
  readonly onList: (fault: Omit<Fault, "match">) => void;
  /** Starts the like of the operation behind its back, with the same account unless another is given. */
  readonly foreign: (given?: { readonly plan?: TaskPlan; readonly user?: string }) => string;
  /** Runs when the first reply is found to be lost, before the server is asked. */
  readonly atSilence: (act: () => void) => void;
  /** Starts the operation in a process of its own. */
  readonly up: (more?: Partial<StartArguments>) => Promise<Ending>;
  /** Starts the operation and kills the process when the reply does not come. */
  readonly killedUp: () => Promise<void>;
  /** Starts several operations at once, each with a name of its own, in one process or each in its own. */
  readonly upTogether: (names: readonly string[], processes: "one process" | "two") => Promise<Ending[]>;
}

const urnOf = (name: string): string => `urn:pulumi:dev::p::pulumi-nodejs:vmware:StartedTask::${name}`;

/** Runs one cell: a simulator of its own at the given clock, and everything gone afterwards. */
export async function withLostReplies<T>(
  server: Server,
  clock: Clock,
  use: (hands: Hands) => Promise<T>,
  options: SimulatorOptions = {},
): Promise<T> {
  let offset = 0;
  const simulator = await startSimulator({
    clock: { now: () => clock.now() + offset },
    // Tasks outlive the test unless they are told to end.
    defaultDurationMs: 3_600_000,
    scripts: [{ pendingMs: 0 }],
    ...options,
  });
  simulator.addObject("/api/vcenter/vm", { name: "source" }, "vm-1");
  const folder = mkdtempSync(join(tmpdir(), "lost-replies-"));
  const contexts: Context[] = [];
  const atSilence: (() => void)[] = [];

  const newProcess = (): { context: Context; deployment: FakeDeployment } => {
    endWriters(folder);
    const deployment = createFakeDeployment();
    const status = deployment.status.bind(deployment);
    deployment.status = (urn, text) => {
      status(urn, text);
      if (deployment.statuses.at(-1)?.includes("was lost") === true)
        for (const act of atSilence.splice(0)) act();
    };
    const context = createContext({
      configuration: readConfiguration({
        endpoints: JSON.stringify(endpointsOf(simulator, { requestTimeout: "60s", outageTolerance: "1m" })),
        environment: {},
      }),
      journal: openJournal(folder),
      clock,
      deployment,
      skipsCheckpoints: false,
    });
    contexts.push(context);
    return { context, deployment };
  };

  const begin = async (
    context: Context,
    name: string,
    more: Partial<StartArguments> = {},
    others: readonly string[] = [],
  ): Promise<Ending> => {
    const { endpoint, kind, request } = server;
    const result = await start(context, {
      resourceUrn: urnOf(name),
      endpoint,
      kind,
      request: request(name),
      ...more,
    }).catch((error: unknown) => error as Error);
    const isOwn = (taskId: string): boolean =>
      simulator.starts.some(
        (one) =>
          one.taskId !== undefined &&
          // Some ids of SDDC Manager are paths.
          taskId.endsWith(one.taskId) &&
          !others.some((other) => JSON.stringify(one.body).includes(other)),
      );
    const counts = { requests: simulator.counts().start, starts: simulator.starts.length };
    if (!(result instanceof Error))
      return { ends: isOwn(result.taskId) ? "own" : "another", message: "", listed: 0, ...counts };
    const listed = hasCode(result, "VMWARE_MAY_HAVE_STARTED") ? result.candidates.length : 0;
    const ends = hasCode(result, "VMWARE_MAY_HAVE_STARTED")
      ? "may have started"
      : hasCode(result, "VMWARE_UNEXPECTED_REPLY")
        ? "accepted"
        : "failed";
    return { ends, message: result.message, listed, ...counts };
  };

  const { product } = server;
  const hands: Hands = {
    server,
    simulator,
    journal: openJournal(folder),
    step: (ms) => (offset += ms),
    atSilence: (act) => void atSilence.push(act),
    onStart: (fault) => simulator.fault({ ...fault, match: { product, operation: "start" } }),
    onList: (fault) => simulator.fault({ ...fault, match: { product, operation: "list" } }),
    foreign({ plan = {}, user = simulator.username } = {}) {
      const { method, path, body } = server.request("another");
      return simulator.startForeignTask({ product, method, path, body, user, plan });
    },
    up: (more) => begin(newProcess().context, "web", more),
    async killedUp() {
      const { context, deployment } = newProcess();
      const ending = begin(context, "web");
      await until(() => deployment.statuses.some((text) => text.includes("was lost")), "the reply is missed");
      deployment.end();
      await ending;
    },
    async upTogether(names, processes) {
      const shared = newProcess().context;
      return Promise.all(
        names.map((name) => {
          const context = processes === "two" ? newProcess().context : shared;
          return begin(
            context,
            name,
            {},
            names.filter((other) => other !== name),
          );
        }),
      );
    },
  };
  try {
    return await use(hands);
  } finally {
    await Promise.all(contexts.map((context) => context.close(AbortSignal.timeout(500))));
    await simulator.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
