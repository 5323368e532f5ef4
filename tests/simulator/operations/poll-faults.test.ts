// What becomes of a wait when the server or the way to it misbehaves: real HTTP, real watcher, a fast clock.
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { complete, createContext, openJournal, readConfiguration, start } from "../../../provider/operations";
import { startSimulator, type RecordedRequest } from "../../../provider/simulator";
import { createFastClock } from "../../support/fast-clock";
import { createForwarder } from "../../support/forwarder";
import { createFakeDeployment } from "../../support/operation-bed";
import { createName, forgetNames } from "../../support/small-dns";
import { endpointsOf } from "../../support/endpoints";
import { errorOf } from "../../support/with-simulator";
import { pollFaults, type Fault, type Met } from "./poll-faults";

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

interface Ending {
  readonly status: string;
  readonly failure: string;
  readonly starts: number;
  readonly logIns: number;
  readonly requests: number;
  readonly minutes: number;
  /** Of the evidence that the fault was met, what is missing. */
  readonly missing: readonly string[];
}

/** What of the evidence of a fault is not there. */
function missingOf(
  { replies = {}, logIns = 0, shown = "" }: Met,
  requests: readonly RecordedRequest[],
  statuses: readonly string[],
): string[] {
  const asked = requests.filter(({ operation }) => operation === "get" || operation === "list");
  const least: readonly (readonly [string, number, number])[] = [
    ["log-ins", requests.filter(({ operation }) => operation === "login").length, logIns],
    ...Object.entries(replies).map(
      ([reply, count]) =>
        [
          `replies ${reply}`,
          asked.filter(({ status = "cut" }) => String(status) === reply).length,
          count,
        ] as const,
    ),
  ];
  return [
    ...least.flatMap(([what, seen, wanted]) => (seen < wanted ? [`${seen} ${what} of ${wanted}`] : [])),
    ...(shown === "" || statuses.some((text) => text.includes(shown)) ? [] : [`"${shown}" was not shown`]),
  ];
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
  const deployment = createFakeDeployment();
  const context = createContext({
    configuration: readConfiguration({
      endpoints: JSON.stringify(endpointsOf({ url, username, password }, fault.endpoint)),
      environment: {},
    }),
    journal: openJournal(folder),
    clock,
    deployment,
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
      later: (ms, act) => void clock.sleep(ms).then(act),
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
      missing: missingOf(fault.met ?? {}, simulator.requests, deployment.statuses),
    };
  } finally {
    await context.close(AbortSignal.timeout(500));
    await forwarder.refuse();
    await simulator.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

const cells = (Object.keys(products) as ProductName[]).flatMap((product) =>
  pollFaults.flatMap((fault) =>
    fault.only === undefined || fault.only === product ? [[product, fault.name, fault] as const] : [],
  ),
);
const endings = new Map<string, Promise<Ending>>();
const keyOf = (product: string, name: string): string => `${product}: ${name}`;

// Several at once, for each waits most of its time; not all, for each request would wait for its turn.
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
    missing: [],
  });
});
