// Cuts work short in each of its states and tells what is left of it in this process: one row for each state.
import { getEventListeners } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { request } from "node:http";
import { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import type { Fault, RecordedRequest } from "../../../provider/simulator";
import { products, systemClock, type Product } from "../../../provider/tasks";
import { deployTo, type Deployed } from "../follow-bench";
import { endpointsOf } from "../endpoints";
import { until } from "../until";

/** What the test hands over. */
export interface AbortArguments {
  readonly url: string;
  readonly username: string;
  readonly password: string;
  /** Of a server that takes connections and never says anything. */
  readonly silentUrl: string;
}

/** What was left of one state. */
export interface Left {
  readonly state: string;
  /** Pieces of work that were neither done nor rejected. */
  readonly unsettled: number;
  readonly timers: number;
  /** Connections that carry a request. */
  readonly busySockets: number;
  /** Listeners at the signal of the deployment. */
  readonly listeners: number;
  readonly childProcesses: number;
  readonly closedAfterMs: number;
  readonly socketsAfterClose: number;
}

interface Hands {
  readonly deployed: Deployed;
  readonly fault: (fault: Fault) => Promise<unknown>;
}

interface State {
  readonly name: string;
  readonly endpoint?: Record<string, unknown>;
  readonly begin: (hands: Hands) => Promise<readonly Promise<unknown>[]>;
  /** Whether the work has come to this state. */
  readonly isThere: (hands: Hands) => boolean | Promise<boolean>;
  /** Ends by itself: nothing is aborted. */
  readonly endsAlone?: boolean;
}

const { url, username, password, silentUrl } = JSON.parse(process.argv[2] ?? "{}") as AbortArguments;
const sockets = new Set<Socket>();
const connect: unknown = Reflect.get(Socket.prototype, "connect");
Socket.prototype.connect = function (this: Socket, ...args: unknown[]): Socket {
  sockets.add(this);
  return Reflect.apply(connect as (...args: unknown[]) => unknown, this, args) as Socket;
};

/** Asks the simulator, by a connection that is gone when the answer is there. */
function control(method: string, path: string, body?: unknown): Promise<unknown> {
  return new Promise((done, failed) => {
    const sent = request(`${url}/_simulator/${path}`, { method, agent: false }, (reply) => {
      let text = "";
      reply.on("data", (chunk: Buffer) => (text += chunk.toString()));
      reply.on("close", () => done(text === "" ? undefined : JSON.parse(text)));
    });
    sent.on("error", failed);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

/** Whether each product has a request of the kind that has no answer yet. */
async function isInFlight(kinds: readonly string[]): Promise<boolean> {
  const requests = (await control("GET", "requests")) as RecordedRequest[];
  const waiting = requests.filter(
    ({ operation, status }) => status === undefined && kinds.includes(operation),
  );
  return new Set(waiting.map(({ product }) => product)).size === products.length;
}

const looks = ["get", "list"] as const;
const silence = { what: "delay", delayMs: 60_000, times: "Infinity" as unknown as number } as const;

async function startAll({ start }: Deployed, count: number): ReturnType<Deployed["start"]> {
  return (await Promise.all(products.map((product: Product) => start(product, count)))).flat();
}

const wasShown =
  (text: string, times: number) =>
  ({ deployed }: Hands): boolean =>
    deployed.deployment.statuses.filter((status) => status.includes(text)).length >= times;

const states: readonly State[] = [
  {
    name: "between two looks",
    begin: async ({ deployed }) => (await startAll(deployed, 10)).map((given) => deployed.follow(given)),
    isThere: wasShown("", 40),
  },
  {
    name: "a look has no reply yet",
    async begin({ deployed, fault }) {
      const all = await startAll(deployed, 10);
      for (const operation of looks) await fault({ ...silence, match: { operation } });
      return all.map((given) => deployed.follow(given));
    },
    isThere: () => isInFlight(looks),
  },
  {
    name: "a log-in has no reply yet",
    async begin({ deployed, fault }) {
      const all = await startAll(deployed, 10);
      await fault({ ...silence, match: { operation: "login" } });
      await control("POST", "restart", {});
      return all.map((given) => deployed.follow(given));
    },
    isThere: () => isInFlight(["login"]),
  },
  {
    name: "the endpoint is away",
    async begin({ deployed }) {
      const all = await startAll(deployed, 10);
      await control("POST", "restart", { downMs: 600_000 });
      return all.map((given) => deployed.follow(given));
    },
    isThere: wasShown("waiting for the endpoint", 40),
  },
  {
    name: "the endpoint is waited for before a start",
    async begin({ deployed }) {
      await control("POST", "restart", { downMs: 600_000 });
      return [startAll(deployed, 3)];
    },
    isThere: wasShown("to answer", 12),
  },
  {
    name: "a start waits for its turn",
    endpoint: { maxConcurrentOperations: 1 },
    async begin({ deployed }) {
      const all = await startAll(deployed, 1);
      return [...all.map((given) => deployed.follow(given)), startAll(deployed, 5)];
    },
    isThere: wasShown("", 4),
  },
  {
    name: "the pause before another attempt",
    async begin({ deployed }) {
      await control("POST", "script", { durationMs: 10, outcome: "FAILED" });
      const retry = { how: "startAgain" as const, maxAttempts: 3, delay: "10m" };
      return (await startAll(deployed, 3)).map((given) => deployed.follow({ ...given, retry }));
    },
    isThere: wasShown("failed, the next in", 12),
  },
  {
    name: "an object is observed",
    async begin({ deployed }) {
      await control("POST", "script", { durationMs: 10 });
      const observe = {
        request: { method: "GET" as const, path: "/api/vcenter/vm" },
        until: [{ path: "never", equals: true }],
      };
      return (await deployed.start("vcenter", 3)).map((given) => deployed.follow({ ...given, observe }));
    },
    isThere: wasShown("observing", 3),
  },
  {
    name: "a command is to give a token",
    endpoint: { password: undefined, username: undefined, login: undefined, tokenCommand: "sleep 60" },
    begin: ({ deployed }) =>
      Promise.resolve([deployed.start("vcenter", 3), deployed.start("sddc-manager", 3)]),
    isThere: () => resources("ProcessWrap") >= 2,
  },
  {
    name: "a server is to show its certificate",
    endpoint: { url: silentUrl, serverFingerprint: Array(32).fill("00").join(":") },
    begin: ({ deployed }) => Promise.resolve([startAll(deployed, 3)]),
    isThere: () => openSockets().filter(isShakingHands).length >= products.length,
  },
  {
    name: "all tasks have ended",
    async begin({ deployed }) {
      await control("POST", "script", { durationMs: 300 });
      return (await startAll(deployed, 10)).map((given) => deployed.follow(given));
    },
    isThere: () => true,
    endsAlone: true,
  },
  {
    name: "timeout is up",
    begin: async ({ deployed }) =>
      (await startAll(deployed, 10)).map((given) => deployed.follow({ ...given, timeout: "1s" })),
    isThere: () => true,
    endsAlone: true,
  },
  {
    name: "stallTimeout is up",
    async begin({ deployed }) {
      await control("POST", "script", { pendingMs: 600_000, durationMs: 600_000 });
      return (await startAll(deployed, 10)).map((given) => deployed.follow({ ...given, stallTimeout: "1s" }));
    },
    isThere: () => true,
    endsAlone: true,
  },
];

const longestTickMs = 10;

const resources = (name: string): number =>
  process.getActiveResourcesInfo().filter((one) => one === name).length;

const openSockets = (): Socket[] => [...sockets].filter(({ destroyed }) => !destroyed);

/** Whether it is connected, and the other side has not shown its certificate. */
const isShakingHands = (socket: Socket): boolean =>
  !socket.connecting && (socket as { secureConnecting?: boolean }).secureConnecting === true;

/** Whether it carries a request, or is being made. */
const isBusy = (socket: Socket): boolean => {
  const { _httpMessage } = socket as { _httpMessage?: object | null };
  return socket.connecting || isShakingHands(socket) || (_httpMessage ?? null) !== null;
};

/** Waits until this process has had so many milliseconds: those in which a busy machine did not let it run do not count. */
async function givenTo(ms: number): Promise<void> {
  let last = performance.now();
  for (let given = 0; given < ms;) {
    await sleep(2);
    const now = performance.now();
    given += Math.min(now - last, longestTickMs);
    last = now;
  }
}

async function leftOf(state: State): Promise<Left> {
  await control("POST", "reset");
  sockets.clear();
  const folder = mkdtempSync(join(tmpdir(), "aborts-"));
  const endpoints = endpointsOf({ url, username, password }, state.endpoint);
  const deployed = deployTo({ endpoints, clock: systemClock, folder });
  const { deployment, context } = deployed;
  const fault = async (one: Fault): Promise<unknown> => control("POST", "fault", one);
  const hands = { deployed, fault };
  const work = await state.begin(hands);
  let unsettled = work.length;
  for (const one of work)
    one.then(
      () => (unsettled -= 1),
      () => (unsettled -= 1),
    );
  await until(() => state.isThere(hands), state.name);
  if (state.endsAlone === true) await until(() => unsettled === 0, state.name);
  else deployment.end();
  await givenTo(100);
  const left = {
    state: state.name,
    unsettled,
    timers: resources("Timeout"),
    busySockets: openSockets().filter(isBusy).length,
    listeners: getEventListeners(deployment.signal, "abort").length,
    childProcesses: resources("ProcessWrap"),
  };
  const closing = performance.now();
  await context.close(AbortSignal.timeout(1_000));
  const closedAfterMs = Math.round(performance.now() - closing);
  // The row tells of those that never close.
  await until(() => openSockets().length === 0, state.name, 20_000).catch(() => undefined);
  rmSync(folder, { recursive: true, force: true });
  return { ...left, closedAfterMs, socketsAfterClose: openSockets().length };
}

async function main(): Promise<void> {
  const rows: Left[] = [];
  for (const state of states) rows.push(await leftOf(state));
  process.stdout.write(JSON.stringify(rows));
}

void main();
