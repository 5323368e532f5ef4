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

/** A fault in the middle of a wait, and how the wait ends: written before it was tried. */
export interface Fault {
  readonly name: string;
  /** Done when the task is started and before it is followed. */
  readonly inject: (hands: Hands) => void;
  readonly given?: Partial<CompletionArguments>;
  readonly endpoint?: Record<string, unknown>;
  /** The stored status, and a part of the report where it is no success. */
  readonly ends: readonly ["SUCCEEDED"] | readonly ["RUNNING" | "UNKNOWN" | "BLOCKED" | "FAILED", string];
  readonly only?: Product;
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
    inject: ({ fault }) => {
      fault({ what: "reset-before", times: 3 });
      fault({ what: "reset-after", times: 3 });
      fault({ what: "reset-during", times: 3 });
    },
    ends: well,
  },
  {
    name: "connections refused for 3 minutes",
    inject: ({ forwarder, later }) => {
      void forwarder.refuse();
      later(3 * minute, () => void forwarder.accept());
    },
    ends: well,
  },
  {
    name: "the name does not resolve for 3 minutes",
    inject: ({ name, forwarder, later }) => {
      name.isKnown = false;
      forwarder.cut();
      later(3 * minute, () => (name.isKnown = true));
    },
    ends: well,
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
    inject: ({ fault }) => {
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
    inject: ({ step, simulator, taskId, later }) => {
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

/** docs/reliability.md shows them. */
export const pollFaults: readonly Fault[] = [...faults];
