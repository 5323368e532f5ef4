// Many operations at the endpoints of simulators, followed over real HTTP by the operations room, without Pulumi.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import {
  complete,
  createContext,
  openJournal,
  readConfiguration,
  start,
  type Completion,
  type CompletionArguments,
  type Context,
  type Outcome,
} from "../../provider/operations";
import { startSimulator, type Simulator, type SimulatorOptions } from "../../provider/simulator";
import { products, type Clock, type Product } from "../../provider/tasks";
import { createFakeDeployment, type FakeDeployment } from "./operation-bed";
import { endpointsOf } from "./endpoints";

/** The endpoint that {@link endpointsOf} has for a product, and a request that starts something of that name there. */
export function startable(
  product: Product,
  name: string,
): Required<Pick<CompletionArguments, "endpoint" | "request">> {
  const post = (path: string, body: object): Required<CompletionArguments>["request"] => ({
    method: "POST",
    path,
    body,
  });
  switch (product) {
    case "vcenter":
      return { endpoint: "vcenter", request: post("/api/vcenter/vm?action=clone", { source: "vm-1", name }) };
    case "sddc-manager":
      return { endpoint: "sddc", request: post("/v1/domains", { domainName: name }) };
    case "snapservice": {
      const path = "/api/snapservice/clusters/domain-c8/protection-groups";
      return { endpoint: "snap", request: post(path, { name, target_entities: { vms: ["vm-1"] } }) };
    }
    case "vcda":
      return { endpoint: "vcda", request: post("/vapp-replications", { name }) };
  }
}

/** A deployment of its own: what another `pulumi up` on the same machine is. */
export interface Deployed {
  readonly context: Context;
  readonly deployment: FakeDeployment;
  /** Starts so many operations and gives what their completions are called with. */
  readonly start: (product: Product, count: number) => Promise<CompletionArguments[]>;
  readonly follow: (given: CompletionArguments, previous?: Outcome) => Promise<Completion>;
}

/** A simulator for each product, all at one clock, and deployments against them. */
export interface FollowBench {
  readonly simulators: Readonly<Record<Product, Simulator>>;
  /** `endpoint` has more fields for each endpoint. */
  readonly deploy: (endpoint?: Record<string, unknown>) => Deployed;
}

/** What a bench is made with. */
export interface FollowBenchOptions {
  readonly clock: Clock;
  readonly simulate?: SimulatorOptions;
}

let names = 0;

/** What a deployment works with. */
export interface DeployOptions {
  readonly endpoints: Readonly<Record<string, object>>;
  readonly clock: Clock;
  /** Of the journal. */
  readonly folder: string;
}

/** A deployment to endpoints; close its context afterwards. */
export function deployTo({ endpoints, clock, folder }: DeployOptions): Deployed {
  const deployment = createFakeDeployment();
  const context = createContext({
    configuration: readConfiguration({ endpoints: JSON.stringify(endpoints), environment: {} }),
    journal: openJournal(folder),
    clock,
    deployment,
    skipsCheckpoints: false,
  });
  return {
    context,
    deployment,
    start: (product, count) =>
      Promise.all(
        Array.from({ length: count }, async () => {
          names += 1;
          const name = `operation-${process.pid}-${names}`;
          const given = { resourceUrn: `urn:pulumi:dev::p::t::${name}`, ...startable(product, name) };
          return { ...given, startedTaskId: (await start(context, given)).taskId };
        }),
      ),
    follow: (given, previous) => complete(context, given, previous),
  };
}

/** Runs a test on a bench; all that it opened is closed afterwards. */
export async function withFollowBench(
  { clock, simulate }: FollowBenchOptions,
  use: (bench: FollowBench) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "follow-bench-"));
  const simulators = {} as Record<Product, Simulator>;
  const contexts: Context[] = [];
  try {
    for (const product of products) simulators[product] = await startSimulator({ clock, ...simulate });
    const deploy = (endpoint: Record<string, unknown> = {}): Deployed => {
      const endpoints = products.map((product) => {
        const { endpoint: name } = startable(product, "");
        return [name, endpointsOf(simulators[product], endpoint)[name]];
      });
      const deployed = deployTo({
        endpoints: Object.fromEntries(endpoints) as Record<string, object>,
        clock,
        folder,
      });
      contexts.push(deployed.context);
      return deployed;
    };
    await use({ simulators, deploy });
  } finally {
    await Promise.all(contexts.map((context) => context.close(AbortSignal.timeout(500))));
    await Promise.all(Object.values(simulators).map((simulator) => simulator.close()));
    rmSync(folder, { recursive: true, force: true });
  }
}
