// What becomes of a wait when the server or the way to it misbehaves: real HTTP, real watcher, a fast clock.
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import {
  complete,
  createContext,
  openJournal,
  readConfiguration,
  start,
  type CompletionArguments,
} from "../../../provider/operations";
import { startSimulator, type Fault as SimulatedFault, type Simulator } from "../../../provider/simulator";
import { createFastClock } from "../../support/fast-clock";
import { createForwarder, type Forwarder } from "../../support/forwarder";
import { createFakeDeployment } from "../../support/operation-bed";
import { createName, forgetNames, type Name } from "../../support/small-dns";
import { endpointsOf } from "../../support/stack";
import { errorOf } from "../../support/with-simulator";

jest.setTimeout(120_000);

const factor = 120;
const minute = 60_000;

/** How an operation starts at each product, and which fields of its task hold what. */
const products = {
  vcenter: {
    endpoint: "vcenter",
    request: {
      method: "POST" as const,
      path: "/api/vcenter/vm?action=clone",
      body: { source: "vm-1", name: "web" },
    },
  },
  "sddc-manager": {
    endpoint: "sddc",
    request: { method: "POST" as const, path: "/v1/domains", body: { domainName: "one" } },
  },
  snapservice: {
    endpoint: "snap",
    request: {
      method: "POST" as const,
      path: "/api/snapservice/clusters/domain-c8/protection-groups",
      body: { name: "gold", target_entities: { vms: ["vm-1"] } },
    },
  },
  vcda: {
    endpoint: "vcda",
    request: { method: "POST" as const, path: "/vapp-replications", body: { name: "web" } },
  },
};
type ProductName = keyof typeof products;

interface Hands {
  readonly simulator: Simulator;
  /** Lets the next looks at tasks meet a fault. */
  readonly fault: (fault: Omit<SimulatedFault, "match">) => void;
  readonly taskId: string;
  /** Moves the server's clock. */
  readonly step: (ms: number) => void;
  readonly later: (ms: number, act: () => void) => void;
  readonly forwarder: Forwarder;
  /** The endpoint's host. */
  readonly name: Name;
  /** The server's clock. */
  readonly now: () => number;
}

interface Fault {
  readonly name: string;
  /** Done when the task is started and before it is followed. */
  readonly inject: (hands: Hands) => void;
  readonly given?: Partial<CompletionArguments>;
  readonly endpoint?: Record<string, unknown>;
  /** The stored status, and a part of the report where it is no success. */
  readonly ends: readonly ["SUCCEEDED"] | readonly ["RUNNING" | "UNKNOWN" | "BLOCKED" | "FAILED", string];
  readonly only?: ProductName;
}

const status = (what: object) => ({ what: "status" as const, ...what });
const forEver = { times: Infinity };

const well = ["SUCCEEDED"] as const;
const lost = ["UNKNOWN", "does not know its task any more"] as const;
const away = (text: string) => ["RUNNING", text] as const;

const faults: readonly Fault[] = [
  { name: "one 503", inject: ({ fault }) => fault(status({ status: 503 })), ends: well },
  {
    name: "twenty 503",
    inject: ({ fault }) => fault(status({ status: 503, times: 20 })),
    ends: well,
  },
  {
    name: "503 for longer than is tolerated",
    inject: ({ fault }) => fault(status({ status: 503, ...forEver })),
    ends: away("can no longer be followed"),
  },
  {
    name: "429 with Retry-After in seconds",
    inject: ({ fault }) => fault(status({ status: 429, headers: { "retry-after": "30" }, times: 3 })),
    ends: well,
  },
  {
    name: "429 with Retry-After as a date",
    inject: ({ fault, now }) =>
      fault(status({ status: 429, headers: { "retry-after": new Date(now() + 30_000).toUTCString() } })),
    ends: well,
  },
  {
    name: "connection reset before and after the look",
    inject({ fault }) {
      fault({ what: "reset-before", times: 3 });
      fault({ what: "reset-after", times: 3 });
      fault({ what: "reset-during", times: 3 });
    },
    ends: well,
  },
  {
    name: "connections refused for 3 minutes",
    inject({ forwarder, later }) {
      void forwarder.refuse();
      later(3 * minute, () => void forwarder.accept());
    },
    ends: well,
  },
  {
    name: "the name does not resolve for 3 minutes",
    inject({ name, forwarder, later }) {
      name.isKnown = false;
      forwarder.cut();
      later(3 * minute, () => (name.isKnown = true));
    },
    ends: well,
  },
  {
    name: "the name does not resolve for longer than is tolerated",
    inject({ name, forwarder }) {
      name.isKnown = false;
      forwarder.cut();
    },
    ends: away("ENOTFOUND"),
  },
  {
    name: "nobody answers for 10 minutes",
    inject: ({ simulator }) => simulator.restart({ downMs: 10 * minute }),
    ends: well,
  },
  {
    name: "nobody answers for longer than is tolerated",
    inject: ({ simulator }) => simulator.restart({ downMs: 60 * minute }),
    ends: away("gave no answer"),
  },
  {
    name: "replies beyond the request's limit",
    inject: ({ fault }) => fault({ what: "delay", delayMs: 2_500, times: 2 }),
    endpoint: { requestTimeout: "2s" },
    ends: well,
  },
  {
    name: "HTML with status 200",
    inject: ({ fault }) => fault({ what: "html", times: 5 }),
    ends: well,
  },
  {
    name: "truncated JSON",
    inject: ({ fault }) => fault({ what: "truncated-json", times: 5 }),
    ends: well,
  },
  {
    name: "a wrong shape once",
    inject: ({ fault }) => fault(status({ status: 200, body: { status: 17, state: 17 } })),
    ends: well,
  },
  {
    name: "a wrong shape for ever",
    inject: ({ fault }) => fault(status({ status: 200, body: { status: 17, state: 17 }, ...forEver })),
    ends: away("API documents"),
  },
  {
    name: "the session ends three times in the wait",
    inject({ fault }) {
      for (const skip of [1, 3, 5]) fault({ what: "expire-session", skip });
    },
    ends: well,
  },
  {
    name: "401 for ever",
    inject: ({ fault }) => fault(status({ status: 401, ...forEver })),
    ends: away("refused the log-in"),
  },
  {
    name: "403 for ever",
    inject: ({ fault }) => fault(status({ status: 403, ...forEver })),
    ends: away("with HTTP 403"),
  },
  {
    name: "404 before the first sight",
    inject: ({ fault }) => fault(status({ status: 404, times: 2 })),
    ends: well,
  },
  { name: "the task is forgotten", inject: ({ simulator, taskId }) => simulator.forget(taskId), ends: lost },
  {
    name: "404 of a proxy's page",
    inject: ({ fault }) => fault({ what: "html", status: 404, times: 10 }),
    ends: well,
  },
  {
    name: "the server restarts and forgets sessions",
    inject: ({ simulator }) => simulator.restart(),
    ends: well,
  },
  {
    name: "the server restarts and forgets tasks",
    inject: ({ simulator }) => simulator.restart({ forgetTasks: true }),
    ends: lost,
  },
  { name: "the server's clock steps forward an hour", inject: ({ step }) => step(60 * minute), ends: well },
  {
    name: "the server's clock steps back an hour",
    inject({ step, simulator, taskId, later }) {
      step(-60 * minute);
      later(5 * minute, () => simulator.finish(taskId));
    },
    ends: well,
  },
  {
    name: "BLOCKED for ever",
    inject: ({ simulator, taskId }) => simulator.change(taskId, { outcome: "BLOCKED" }),
    given: { stallTimeout: "20m" },
    ends: ["BLOCKED", "stalled: nothing has changed for 20m"],
    only: "vcenter",
  },
  {
    name: "an unknown status word for ever",
    inject: ({ simulator, taskId }) => simulator.change(taskId, { nativeStatus: "SHINY" }),
    given: { timeout: "30m" },
    ends: ["UNKNOWN", "timed out after 30m"],
  },
];

interface Ending {
  readonly status: string;
  readonly failure: string;
  readonly starts: number;
  readonly logIns: number;
  readonly requests: number;
  readonly minutes: number;
}

async function play(product: ProductName, fault: Fault): Promise<Ending> {
  const clock = createFastClock(factor);
  let offset = 0;
  const now = (): number => clock.now() + offset;
  const simulator = await startSimulator({
    clock: { now },
    defaultDurationMs: 5 * minute,
    scripts: [{ pendingMs: 0 }],
  });
  const forwarder = await createForwarder(simulator.url);
  const name = createName(`${randomUUID()}.invalid`);
  const url = forwarder.url.replace("127.0.0.1", name.host);
  const { username, password } = simulator;
  const folder = mkdtempSync(join(tmpdir(), "poll-faults-"));
  const { endpoint, request } = products[product];
  const context = createContext({
    configuration: readConfiguration({
      endpoints: JSON.stringify(endpointsOf({ url, username, password }, fault.endpoint)),
      environment: {},
    }),
    journal: openJournal(folder),
    clock,
    deployment: createFakeDeployment(),
    skipsCheckpoints: false,
  });
  const given = { resourceUrn: `urn:pulumi:dev::p::t::${product}`, endpoint, request };
  try {
    const { taskId } = await start(context, given);
    const beganAt = clock.now();
    fault.inject({
      simulator,
      // VCDA is asked by polls, whose simulator calls them lists.
      fault: (what) =>
        simulator.fault({ ...what, match: { product, operation: product === "vcda" ? "list" : "get" } }),
      taskId,
      forwarder,
      name,
      now,
      step: (ms) => (offset += ms),
      later: (ms, act) => void setTimeout(act, ms / factor),
    });
    const { outcome, failure = "" } = await complete(context, {
      ...given,
      startedTaskId: taskId,
      ...fault.given,
    });
    const { login, get, list } = simulator.counts();
    return {
      status: outcome.status,
      failure,
      starts: simulator.starts.length,
      logIns: login,
      requests: get + list,
      minutes: Math.round((clock.now() - beganAt) / minute),
    };
  } finally {
    await context.close(AbortSignal.timeout(500));
    await forwarder.refuse();
    await simulator.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

const cells = (Object.keys(products) as ProductName[]).flatMap((product) =>
  faults.flatMap((fault) =>
    fault.only === undefined || fault.only === product ? [[product, fault.name, fault] as const] : [],
  ),
);
const endings = new Map<string, Promise<Ending>>();
const keyOf = (product: string, name: string): string => `${product}: ${name}`;

// Several at once, for each waits most of its time; not all, for the fast clock does not wait for a slow machine.
const lanes = 20;
beforeAll(() => {
  const inLane = Array.from({ length: lanes }, () => Promise.resolve<unknown>(undefined));
  cells.forEach(([product, name, fault], index) => {
    const ending = (inLane[index % lanes] ?? Promise.resolve()).then(() => play(product, fault));
    inLane[index % lanes] = ending.catch(() => undefined);
    endings.set(keyOf(product, name), ending);
  });
});

afterAll(forgetNames);
afterAll(async () => {
  const rows = await Promise.all(
    cells.map(async ([product, name, { ends }]) => {
      const ending = await endings.get(keyOf(product, name))?.catch(errorOf);
      const {
        status = "",
        starts = 0,
        logIns = 0,
        requests = 0,
        minutes = 0,
      } = (ending ?? {}) as Partial<Ending>;
      return [product, name, ends[0], status, starts, logIns, requests, minutes].join(" | ");
    }),
  );
  process.stdout.write(
    `product | fault | expected | ended | starts | log-ins | requests | minutes\n${rows.join("\n")}\n`,
  );
});

test.each(cells)("%s: %s", async (product, name, { ends: [status, text = ""] }) => {
  const ending = await endings.get(keyOf(product, name));
  expect(ending).toMatchObject({
    status,
    failure: text === "" ? "" : (expect.stringContaining(text) as string),
    // Whatever happens to the looks, nothing is started again.
    starts: 1,
  });
});
