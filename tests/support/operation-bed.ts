// The operations room over a fake server, a fake clock, a journal in a folder of its own and a made-up deployment.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import {
  createContext,
  openJournal,
  readConfiguration,
  type CompletionArguments,
  type Context,
  type Deployment,
} from "../../provider/operations";
import { EngineGoneError, type Product } from "../../provider/tasks";
import { createFakeClock, type FakeClock } from "./fake-clock";
import { createFakeServer, type FakeServer } from "./fake-server";
import { endWriters, recordPaths } from "./journal-files";

/** What a made-up deployment has shown. */
export interface FakeDeployment extends Deployment {
  readonly statuses: string[];
  readonly warnings: string[];
  /** From now on the engine is gone: the signal is aborted. */
  end(): void;
  /** From now on the engine says that it is gone when it is asked; nothing is aborted yet. */
  isGone: boolean;
  /** How often the engine was asked. */
  asked: number;
}

/** Builds a deployment that lives until it is ended. */
export function createFakeDeployment(): FakeDeployment {
  const controller = new AbortController();
  const deployment: FakeDeployment = {
    signal: controller.signal,
    statuses: [],
    warnings: [],
    isGone: false,
    asked: 0,
    end: () => controller.abort(new EngineGoneError()),
    confirmAlive() {
      deployment.asked += 1;
      return deployment.isGone || controller.signal.aborted
        ? Promise.reject(new EngineGoneError())
        : Promise.resolve();
    },
    finish: (work) => work,
    status: (_urn, text) => deployment.statuses.push(typeof text === "string" ? text : text()),
    warn: (_urn, text) => deployment.warnings.push(text),
  };
  return deployment;
}

/** What a bed is made of. */
export interface BedOptions {
  readonly product?: Product;
  /** The endpoint's name, "vc" unless given. */
  readonly endpointName?: string;
  /** More fields of the endpoint. */
  readonly endpoint?: Readonly<Record<string, unknown>>;
  /** Whether the endpoint names another one, "behind", as the vCenter that does its work. */
  readonly hasVcenterBehind?: boolean;
  readonly retryPolicies?: Readonly<Record<string, unknown>>;
  readonly skipsCheckpoints?: boolean;
}

/** Everything a test of the operations room works with. */
export interface Bed {
  readonly clock: FakeClock;
  readonly server: FakeServer;
  /** The vCenter that does the work of the server's tasks. */
  readonly behind: FakeServer;
  readonly folder: string;
  readonly deployment: FakeDeployment;
  readonly context: Context;
  /** Runs the clock until the work has ended. */
  readonly run: <T>(work: (context: Context) => Promise<T>) => Promise<T>;
  /** Runs the clock until the work has failed, and gives the error. */
  readonly error: (work: (context: Context) => Promise<unknown>) => Promise<Error>;
  /** The process is killed and another one works with the same folder and server. */
  readonly restart: (options?: BedOptions) => Bed;
  /** The texts of the journal's records. */
  readonly records: () => string[];
  readonly remove: () => void;
}

/** The URN of the resource under test. */
export const resourceUrn = "urn:pulumi:dev::project::pulumi-nodejs:vmware:StartedTask::vm";

/** Follows the first task of the bed's server to its end. */
export const completion: CompletionArguments = {
  resourceUrn,
  endpoint: "vc",
  startedTaskId: "task-1",
  request: { method: "POST", path: "/api/vcenter/vm" },
};

/** The password of the endpoint, which no text may show. */
export const password = "hunter2-canary";

interface Servers {
  readonly server: FakeServer;
  readonly behind: FakeServer;
}

function assemble(options: BedOptions, folder: string, clock: FakeClock, servers: Servers): Bed {
  const { server, behind } = servers;
  const access = { username: "deploy", password };
  const deployment = createFakeDeployment();
  const configuration = readConfiguration({
    endpoints: JSON.stringify({
      [options.endpointName ?? "vc"]: {
        product: options.product ?? "vcenter",
        url: "https://vc.example.com",
        ...access,
        ...(options.hasVcenterBehind === true ? { vcenter: "behind" } : {}),
        ...options.endpoint,
      },
      ...(options.hasVcenterBehind === true
        ? { behind: { product: "vcenter", url: "https://behind.example.com", ...access } }
        : {}),
    }),
    retryPolicies: JSON.stringify(options.retryPolicies ?? {}),
    environment: {},
  });
  const context = createContext({
    configuration,
    journal: openJournal(folder),
    durationsFolder: folder,
    clock,
    deployment,
    skipsCheckpoints: options.skipsCheckpoints ?? false,
    createClient: ({ name }) => (name === "behind" ? behind : server).client,
  });
  return {
    clock,
    ...servers,
    folder,
    deployment,
    context,
    run: (work) => clock.run(work(context)),
    error: (work) =>
      clock.run(
        work(context).then(
          () => {
            throw new Error("It did not fail.");
          },
          (error: unknown) => error as Error,
        ),
      ),
    restart(others = options) {
      deployment.end();
      endWriters(folder);
      return assemble(others, folder, clock, servers);
    },
    records: () => recordPaths(folder).map((path) => readFileSync(path, "utf8")),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Builds a bed; remove it afterwards. */
export function createBed(options: BedOptions = {}): Bed {
  const clock = createFakeClock();
  const servers = { server: createFakeServer(clock), behind: createFakeServer(clock) };
  return assemble(options, mkdtempSync(join(tmpdir(), "operations-test-")), clock, servers);
}
