// What can go wrong while a task is followed, and what is to become of it.
import type { CompletionArguments } from "../../../provider/operations";
import type { Fault as SimulatedFault, Simulator } from "../../../provider/simulator";
import type { Product } from "../../../provider/tasks";
import type { Forwarder } from "../../support/forwarder";
import type { Name } from "../../support/small-dns";

const minute = 60_000;

/** What a fault is made with. */
export interface Hands {
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

/** By what is seen that a wait has met its fault: at least so much of each. */
export interface Met {
  /** Looks by the status of their reply; `cut` are those that got none. */
  readonly replies?: Readonly<Record<string, number>>;
  readonly logIns?: number;
  /** A part of what the deployment was shown. */
  readonly shown?: string;
}

/** A fault in the middle of a wait, and how the wait ends: written before it was tried. */
interface AnyFault {
  readonly name: string;
  /** Done when the task is started and before it is followed. */
  readonly inject: (hands: Hands) => void;
  readonly given?: Partial<CompletionArguments>;
  readonly endpoint?: Record<string, unknown>;
  readonly only?: Product;
}

/** It ends with a stored status. A report tells of its fault in its own words; a success would be the same without one. */
export type Fault = AnyFault &
  (
    | { readonly ends: readonly ["SUCCEEDED"]; readonly met: Met }
    | {
        readonly ends: readonly ["RUNNING" | "UNKNOWN" | "BLOCKED" | "FAILED", string];
        readonly met?: Met;
      }
  );

const status = (what: object) => ({ what: "status" as const, ...what });
const forEver = { times: Infinity };

const well = ["SUCCEEDED"] as const;
const lost = ["UNKNOWN", "does not know its task any more"] as const;
const away = (text: string) => ["RUNNING", text] as const;

const faults: readonly Fault[] = [
  {
    name: "one 503",
    inject: ({ fault }) => fault(status({ status: 503 })),
    ends: well,
    met: { replies: { 503: 1 } },
  },
  {
    name: "twenty 503",
    inject: ({ fault }) => fault(status({ status: 503, times: 20 })),
    ends: well,
    met: { replies: { 503: 20 } },
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
    met: { replies: { 429: 3 } },
  },
  {
    name: "429 with Retry-After as a date",
    inject: ({ fault, now }) =>
      fault(status({ status: 429, headers: { "retry-after": new Date(now() + 30_000).toUTCString() } })),
    ends: well,
    met: { replies: { 429: 1 } },
  },
  {
    name: "connection reset before and after the look",
    inject: ({ fault }) => {
      fault({ what: "reset-before", times: 3 });
      fault({ what: "reset-after", times: 3 });
      fault({ what: "reset-during", times: 3 });
    },
    ends: well,
    met: { replies: { cut: 6 } },
  },
  {
    name: "connections refused for 3 minutes",
    inject: ({ forwarder, later }) => {
      void forwarder.refuse();
      later(3 * minute, () => void forwarder.accept());
    },
    ends: well,
    met: { shown: "ECONNREFUSED" },
  },
  {
    name: "the name does not resolve for 3 minutes",
    inject: ({ name, forwarder, later }) => {
      name.isKnown = false;
      forwarder.cut();
      later(3 * minute, () => (name.isKnown = true));
    },
    ends: well,
    met: { shown: "ENOTFOUND" },
  },
  {
    name: "the name does not resolve for longer than is tolerated",
    inject: ({ name, forwarder }) => {
      name.isKnown = false;
      forwarder.cut();
    },
    ends: away("ENOTFOUND"),
  },
  {
    name: "nobody answers for 10 minutes",
    inject: ({ simulator }) => simulator.restart({ downMs: 10 * minute }),
    ends: well,
    met: { shown: "gave no answer" },
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
    met: { shown: "Timeout awaiting" },
  },
  {
    name: "HTML with status 200",
    inject: ({ fault }) => fault({ what: "html", times: 5 }),
    ends: well,
    met: { shown: "is not JSON" },
  },
  {
    name: "truncated JSON",
    inject: ({ fault }) => fault({ what: "truncated-json", times: 5 }),
    ends: well,
    met: { shown: "is not JSON" },
  },
  {
    name: "a wrong shape once",
    inject: ({ fault }) => fault(status({ status: 200, body: { status: 17, state: 17 } })),
    ends: well,
    met: { shown: "something else than its API documents" },
  },
  {
    name: "a wrong shape for ever",
    inject: ({ fault }) => fault(status({ status: 200, body: { status: 17, state: 17 }, ...forEver })),
    ends: away("API documents"),
  },
  {
    name: "the session ends three times in the wait",
    inject: ({ fault }) => {
      for (const skip of [1, 3, 5]) fault({ what: "expire-session", skip });
    },
    ends: well,
    met: { logIns: 4 },
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
    met: { replies: { 404: 2 } },
  },
  { name: "the task is forgotten", inject: ({ simulator, taskId }) => simulator.forget(taskId), ends: lost },
  {
    name: "404 of a proxy's page",
    inject: ({ fault }) => fault({ what: "html", status: 404, times: 10 }),
    ends: well,
    met: { replies: { 404: 10 } },
  },
  {
    name: "the server restarts and forgets sessions",
    inject: ({ simulator }) => simulator.restart(),
    ends: well,
    met: { logIns: 2 },
  },
  {
    name: "the server restarts and forgets tasks",
    inject: ({ simulator }) => simulator.restart({ forgetTasks: true }),
    ends: lost,
  },
  {
    name: "the server's clock steps forward an hour",
    inject: ({ step }) => step(60 * minute),
    ends: well,
    met: { logIns: 2 },
  },
  {
    name: "the server's clock steps back an hour",
    inject: ({ step, simulator, taskId, later }) => {
      step(-60 * minute);
      later(5 * minute, () => simulator.finish(taskId));
    },
    ends: well,
    met: { shown: "pending" },
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

/** docs/reliability.md shows them. */
export const pollFaults: readonly Fault[] = [...faults];
