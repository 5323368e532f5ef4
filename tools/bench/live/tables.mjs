// What the runs of one set of tasks gave, contender by contender, as tables.
import { growth, quantile, summary, table } from "../../figures.mjs";
import { labelOf } from "./peers.mjs";

/** What is told of a run: each a number, or nothing when no wait of it came to its end. */
const lag = (share) => (run) => quantile(run.lagSeconds, share);
const quantities = {
  failed: { column: "failed", of: (run) => run.failed, digits: 0 },
  requests: { column: "status requests", of: (run) => run.statusRequests, digits: 0 },
  lagP50: { column: "lag p50, s", of: lag(0.5), digits: 2 },
  lagP95: { column: "lag p95, s", of: lag(0.95), digits: 2 },
  mostLag: { column: "lag max, s", of: lag(1), digits: 2 },
  cpu: { column: "CPU, s", of: (run) => run.usage.cpuSeconds, digits: 2 },
  memory: { column: "memory at most, MB", of: (run) => run.usage.mostMegabytes, digits: 0 },
  memoryAtEnd: { column: "memory at the end, MB", of: (run) => run.usage.lastMegabytes, digits: 0 },
  sockets: { column: "sockets", of: (run) => run.usage.mostSockets, digits: 0 },
  delayP99: { column: "event-loop delay p99, ms", of: (run) => run.usage.delayP99Ms, digits: 0 },
  mostDelay: { column: "event-loop delay max, ms", of: (run) => run.usage.mostDelayMs, digits: 0 },
  serverCpu: { column: "its simulator's CPU, s", of: (run) => run.server.cpuSeconds, digits: 2 },
  serverDelay: { column: "its simulator's delay p99, ms", of: (run) => run.server.delayP99Ms, digits: 0 },
};

const { failed, requests, lagP50, lagP95, mostLag, cpu, memory, memoryAtEnd, sockets } = quantities;
const { delayP99, mostDelay, serverCpu, serverDelay } = quantities;

function valuesOf(runs, { of }) {
  return runs.map(of).filter((value) => value !== undefined);
}

function cell(runs, quantity) {
  const values = valuesOf(runs, quantity);
  return values.length === 0 ? "–" : summary(values, quantity.digits);
}

function median(runs, quantity) {
  return quantile(valuesOf(runs, quantity), 0.5);
}

function rows(results, chosen) {
  return Object.entries(results).map(([contender, runs]) => [
    labelOf(contender),
    ...chosen.map((quantity) => cell(runs, quantity)),
  ]);
}

const header = (chosen) => ["", ...chosen.map(({ column }) => column)];

/**
 * @param {string} title
 * @param {Record<string, object[]>} results - runs by contender
 */
export function printRuns(title, results) {
  const seen = [failed, requests, lagP50, lagP95, mostLag];
  const cost = [cpu, memory, memoryAtEnd, sockets, delayP99, mostDelay, serverCpu, serverDelay];
  table(`${title}: what the server and the user see.`, header(seen), rows(results, seen));
  table(`${title}: what it costs the machine.`, header(cost), rows(results, cost));
}

/** Medians of few tasks beside those of many, and how each quantity grows. */
export function printGrowth(title, few, many, factor) {
  const chosen = [requests, lagP95, cpu, memory, sockets];
  const told = (contender, quantity) => {
    const [from, to] = [few, many].map((results) => median(results[contender], quantity));
    const shown = [from, to].map((value) => value?.toFixed(quantity.digits) ?? "–").join(" → ");
    return `${shown}: ${growth(from, to, factor)}`;
  };
  table(
    title,
    header(chosen),
    Object.keys(few).map((contender) => [
      labelOf(contender),
      ...chosen.map((quantity) => told(contender, quantity)),
    ]),
  );
}
