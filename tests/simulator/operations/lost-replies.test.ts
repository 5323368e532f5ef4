// What becomes of a start whose reply is lost: the expected endings first, at every product, over real HTTP.
import type { Fault, TaskPlan } from "../../../provider/simulator";
import { systemClock } from "../../../provider/tasks";
import { createFastClock } from "../../support/fast-clock";
import {
  servers,
  withLostReplies,
  type Ending,
  type Hands,
  type ServerName,
} from "../../support/lost-reply-bed";
import { errorOf } from "../../support/with-simulator";

const minute = 60_000;
const hour = 60 * minute;
const clock = createFastClock(20);

type StartFault = Omit<Fault, "match">;

interface Expected {
  readonly ends: Ending["ends"];
  readonly requests: number;
  readonly starts: number;
  readonly listed?: number;
  readonly message?: string;
}

interface Case {
  readonly name: string;
  /** The last ending counts; all must be as the table says. */
  readonly play: (hands: Hands) => Promise<Ending | Ending[]>;
  readonly expected: Expected;
  /** Where the server tells more or less than the others do. */
  readonly but?: Partial<Record<ServerName, Expected>>;
  readonly only?: readonly ServerName[];
}

const adopted: Expected = { ends: "own", requests: 1, starts: 1 };
const sentAgain: Expected = { ends: "own", requests: 2, starts: 1 };
const asks = (listed: number, more: Partial<Expected> = {}): Expected => ({
  ends: "may have started",
  requests: 1,
  starts: 1,
  listed,
  ...more,
});
const notTaken = { starts: 0 };

const lost: StartFault = { what: "reset-after" };
const never: StartFault = { what: "reset-before" };

/** Ways to lose a reply to a request that the server has taken, and to one that it has not. */
const taken: readonly (readonly [string, StartFault])[] = [
  ["reset after it was taken", lost],
  ["reset in the middle of the reply", { what: "reset-during" }],
  ["no reply within the request's limit", { what: "delay", delayMs: 4_000 }],
  ["502 of a proxy, taken", { what: "html", status: 502, taken: true }],
  ["500, taken", { what: "status", status: 500, taken: true }],
  ["a truncated reply", { what: "truncated-json" }],
  ["a page with status 200, taken", { what: "html", taken: true }],
];
const refused: readonly (readonly [string, StartFault])[] = [
  ["reset before it was taken", never],
  ["no reply within the request's limit, not taken", { what: "delay", delayMs: 4_000, taken: false }],
  ["502 of a proxy, not taken", { what: "html", status: 502 }],
  ["500, not taken", { what: "status", status: 500 }],
  ["a page with status 200, not taken", { what: "html" }],
];

/** A start that meets these faults, one after the other. */
const upWith =
  (...faults: readonly StartFault[]) =>
  ({ onStart, up, server }: Hands): Promise<Ending> => {
    faults.forEach(onStart);
    const isSlow = faults.some(({ what }) => what === "delay");
    return up(isSlow ? { request: { ...server.request("web"), timeout: "2s" } } : {});
  };

const inTurn =
  (...steps: readonly ((hands: Hands) => unknown)[]) =>
  async (hands: Hands): Promise<Ending> => {
    let last: unknown;
    for (const step of steps) last = await step(hands);
    return last as Ending;
  };

const halfAnHourAgo = new Date(clock.now() - hour / 2).toISOString();
const long1970 = "1970-01-20T23:06:29.526Z";
const own =
  (fields: (hands: Hands) => Record<string, unknown>, more: object = {}) =>
  (hands: Hands): void =>
    hands.simulator.script({ fields: fields(hands), pendingMs: 0, times: 1, ...more });
/** Somebody's task that began an hour before. */
const olderTask = ({ step, foreign }: Hands, plan: TaskPlan = {}): void => {
  step(-hour);
  foreign({ plan });
  step(hour);
};
/** One that began then and has ended, whose list shows these stamps. */
const endedTask =
  (began: string, ended: string) =>
  (hands: Hands): void =>
    olderTask(hands, { durationMs: 0, fields: hands.server.stamped(began, ended) });
const laterTask = ({ step, foreign }: Hands): void => {
  step(hour);
  foreign({ plan: { pendingMs: 0 } });
};
/** Others start the like in the moment in which the reply is lost. */
const ofAnother = ({ atSilence, foreign }: Hands): void =>
  atSilence(() => foreign({ user: "somebody.else@vsphere.local" }));
const sameAccount = ({ atSilence, foreign }: Hands): void => atSilence(() => foreign());
const list =
  (fault: StartFault) =>
  ({ onList }: Hands): void =>
    onList(fault);
const always = { times: Infinity };
const up = ({ up: again }: Hands): Promise<Ending> => again();
const killed = ({ killedUp }: Hands): Promise<void> => killedUp();
const loses =
  (fault: StartFault) =>
  ({ onStart }: Hands): void =>
    onStart(fault);

/** The record that another stack's process on this machine has of a request of its own. */
const neighbour =
  (taskId?: (hands: Hands) => string) =>
  (hands: Hands): void =>
    hands.atSilence(() =>
      hands.journal.write({
        resourceUrn: "urn:pulumi:other::p::pulumi-nodejs:vmware:StartedTask::db",
        kind: "start",
        endpoint: hands.server.endpoint,
        request: {},
        sentAt: clock.now(),
        ...(taskId === undefined ? {} : { taskId: taskId(hands) }),
      }),
    );

const cases: readonly Case[] = [
  ...taken.map(([name, fault]): Case => ({ name, play: upWith(fault), expected: adopted })),
  ...refused.map(([name, fault]): Case => ({ name, play: upWith(fault), expected: sentAgain })),
  {
    name: "reset before it was taken, then after",
    play: upWith(never, lost),
    expected: sentAgain,
  },
  {
    name: "reset before it was taken, twice",
    play: upWith(never, never),
    expected: asks(0, { requests: 2, ...notTaken, message: "shows no task of it" }),
  },
  {
    name: "reset before it was taken, twice, and the next up",
    play: inTurn(upWith(never, never), up),
    expected: asks(0, { requests: 2, ...notTaken, message: "shows no task of it" }),
  },
  {
    name: "202 with a body that names no task",
    play: upWith({ what: "status", status: 202, body: {}, taken: true }),
    expected: { ends: "accepted", requests: 1, starts: 1, message: "cannot be followed" },
  },
  {
    name: "202 with a body that names no task, and the next up",
    play: inTurn(upWith({ what: "status", status: 202, body: {}, taken: true }), up),
    expected: adopted,
  },
  {
    name: "202 with a body that names no task, and the server shows none at the next up",
    play: inTurn(upWith({ what: "status", status: 202, body: {} }), up),
    expected: asks(0, notTaken),
  },
  {
    name: "another task of the same account, taken",
    play: inTurn(sameAccount, upWith(lost)),
    expected: asks(2),
    but: { vcda: adopted },
  },
  {
    // What is not promised: nothing tells it from our own.
    name: "another task of the same account in the same second, not taken",
    play: inTurn(sameAccount, upWith(never)),
    expected: { ends: "another", requests: 1, starts: 0 },
  },
  {
    name: "another user's task, taken",
    play: inTurn(ofAnother, upWith(lost)),
    expected: adopted,
    // Its tasks name no user.
    but: { "sddc-manager": asks(2) },
  },
  {
    name: "another user's task, not taken",
    play: inTurn(ofAnother, upWith(never)),
    expected: asks(1, notTaken),
    // The one names no user in its tasks, the other shows nobody the tasks of others.
    but: { "sddc-manager": { ends: "another", requests: 1, starts: 0 }, vcda: sentAgain },
  },
  {
    name: "a task that began before, taken",
    play: inTurn((hands) => olderTask(hands), upWith(lost)),
    expected: adopted,
  },
  {
    name: "a task that began before, not taken",
    play: inTurn((hands) => olderTask(hands), upWith(never)),
    expected: sentAgain,
  },
  {
    name: "the task has ended already",
    play: inTurn(({ simulator }) => simulator.script({ durationMs: 0, times: 1 }), upWith(lost)),
    expected: adopted,
  },
  {
    name: "a stamp of 1970, the task runs",
    play: inTurn(
      own(({ server }) => server.stamped(long1970)),
      upWith(lost),
    ),
    expected: adopted,
  },
  {
    name: "no stamp, the task runs",
    play: inTurn(
      own(({ server }) => server.stamped(undefined)),
      upWith(lost),
    ),
    expected: adopted,
  },
  {
    name: "an old task with stamps of 1970 has ended, not taken",
    play: inTurn(endedTask(long1970, long1970), upWith(never)),
    expected: asks(1, notTaken),
    // They list by time, so an ended task of another time is not seen.
    but: { vcda: sentAgain, "vcenter vim": sentAgain },
  },
  {
    name: "an old task with stamps of 1970 has ended, taken",
    play: inTurn(endedTask(long1970, long1970), upWith(lost)),
    expected: adopted,
  },
  {
    name: "an old task with a false start has truly ended before, not taken",
    play: inTurn(endedTask(long1970, halfAnHourAgo), upWith(never)),
    expected: sentAgain,
  },
  {
    name: "the list is forbidden",
    play: inTurn(list({ what: "status", status: 403, ...always }), upWith(lost)),
    expected: asks(0),
  },
  {
    name: "the list is not there",
    play: inTurn(list({ what: "status", status: 404, ...always }), upWith(lost)),
    expected: asks(0),
  },
  {
    name: "the list is not what the API documents",
    play: inTurn(list({ what: "status", status: 200, body: { a: "b" }, ...always }), upWith(lost)),
    expected: asks(0),
  },
  {
    name: "the list answers 503 for a while",
    play: inTurn(list({ what: "status", status: 503, times: 3 }), upWith(lost)),
    expected: adopted,
  },
  {
    name: "the list answers 503 for longer than is tolerated",
    play: inTurn(list({ what: "status", status: 503, ...always }), upWith(lost)),
    expected: asks(0, { message: "asks again" }),
  },
  {
    name: "the list answers 503 for longer than is tolerated, and the next up",
    play: inTurn(
      // After pauses of 1, 2, 4, 8 and three times 15 s the minute is over.
      list({ what: "status", status: 503, times: 8 }),
      async (hands) => expect(await upWith(lost)(hands)).toMatchObject({ ends: "may have started" }),
      up,
    ),
    expected: adopted,
  },
  {
    name: "the list shows the task only after 5 s",
    play: inTurn(
      ({ server, onList }) =>
        onList({ what: "status", status: 200, body: server.emptyList, times: server.listsALook * 2 }),
      upWith(lost),
    ),
    expected: adopted,
  },
  {
    name: "the list shows the task without a status",
    play: inTurn(
      ({ simulator, server }) =>
        simulator.script({ omitFields: [server.statusField], pendingMs: 0, times: 1 }),
      upWith(lost),
    ),
    expected: asks(0),
  },
  ...[-10, 10].flatMap((minutes): Case[] => {
    const away = ({ step }: Hands): void => step(minutes * minute);
    const at = `the server's clock is ${minutes} minutes away`;
    return [
      { name: `${at}, taken`, play: inTurn(away, upWith(lost)), expected: adopted },
      { name: `${at}, not taken`, play: inTurn(away, upWith(never)), expected: sentAgain },
      {
        name: `${at}, a task that began before, not taken`,
        play: inTurn(away, (hands) => olderTask(hands), upWith(never)),
        expected: sentAgain,
      },
    ];
  }),
  {
    name: "killed before the reply, taken",
    play: inTurn(loses(lost), killed, up),
    expected: adopted,
  },
  {
    name: "killed before the reply, not taken",
    play: inTurn(loses(never), killed, up),
    expected: sentAgain,
  },
  {
    name: "killed before the reply, the task has ended since",
    play: inTurn(
      loses(lost),
      killed,
      ({ simulator }) => simulator.finish(simulator.starts[0]?.taskId ?? ""),
      up,
    ),
    expected: adopted,
  },
  {
    name: "killed before the reply, taken, and another task of the same account",
    play: inTurn(loses(lost), sameAccount, killed, up),
    expected: asks(2),
    but: { vcda: adopted },
  },
  {
    name: "killed before the reply, not taken, and another user's task",
    play: inTurn(loses(never), ofAnother, killed, up),
    expected: asks(1, notTaken),
    // The one names no user in its tasks, the other shows nobody the tasks of others.
    but: { "sddc-manager": { ends: "another", requests: 1, starts: 0 }, vcda: sentAgain },
  },
  {
    name: "killed before the reply, not taken, and a task of an hour later",
    play: inTurn(loses(never), killed, laterTask, up),
    expected: asks(1, notTaken),
  },
  {
    name: "killed after the second sending, which was not taken either",
    play: inTurn(loses(never), killed, loses(never), killed, up),
    expected: asks(0, { requests: 2, ...notTaken }),
  },
  {
    name: "another process waits for a task of its own, taken",
    play: inTurn(neighbour(), upWith(lost)),
    expected: asks(1),
    // These tell which object or name they are about.
    but: { vcda: adopted, "vcenter vim": adopted },
  },
  {
    name: "another process waits for a task of its own, which is the only one",
    play: inTurn(neighbour(), sameAccount, upWith(never)),
    expected: asks(1, notTaken),
    but: { "vcenter vim": { ends: "another", requests: 1, starts: 0 } },
  },
  {
    name: "another process waits for a task of its own, and there is none",
    play: inTurn(neighbour(), upWith(never)),
    expected: sentAgain,
  },
  {
    name: "another process knows the task for its own, not taken",
    play: inTurn(
      neighbour(({ foreign }) => foreign()),
      upWith(never),
    ),
    expected: sentAgain,
    // Every vCenter has its own `task-17`.
    but: { "vcenter vim": asks(1, notTaken) },
  },
  {
    name: "another process knows the task for its own, taken",
    play: inTurn(
      neighbour(({ foreign }) => foreign()),
      upWith(lost),
    ),
    expected: adopted,
  },
  ...(["one process", "two"] as const).flatMap((processes): Case[] => [
    {
      name: `two at once, in ${processes === "two" ? "a process each" : processes}, both taken`,
      play({ onStart, upTogether }) {
        onStart({ ...lost, times: 2 });
        return upTogether(["web", "db"], processes);
      },
      expected: asks(2, { requests: 2, starts: 2 }),
      but: { vcda: { ends: "own", requests: 2, starts: 2 } },
      only: ["vcenter", "snapservice", "sddc-manager", "vcda"],
    },
    {
      name: `two at once, in ${processes === "two" ? "a process each" : processes}, one taken`,
      play({ onStart, upTogether }) {
        onStart(never);
        onStart(lost);
        return upTogether(["web", "db"], processes);
      },
      expected: asks(1, { requests: 2, starts: 1 }),
      only: ["vcenter", "snapservice", "sddc-manager"],
    },
  ]),
];

const cells = (Object.keys(servers) as ServerName[]).flatMap((server) =>
  cases.flatMap((one) =>
    one.only === undefined || one.only.includes(server)
      ? [{ server, name: one.name, play: one.play, expected: one.but?.[server] ?? one.expected }]
      : [],
  ),
);
type Cell = (typeof cells)[number];
const keyOf = ({ server, name }: Pick<Cell, "server" | "name">): string => `${server}: ${name}`;
const endings = new Map<string, Promise<Ending[]>>();

// Several at once, for each waits most of its time; not all, for each request would wait for its turn.
const lanes = 16;
beforeAll(() => {
  // The clients compare the server's `Date` with the system's clock.
  jest.spyOn(systemClock, "now").mockImplementation(() => clock.now());
  const inLane = Array.from({ length: lanes }, () => Promise.resolve<unknown>(undefined));
  cells.forEach((cell, index) => {
    const ending = (inLane[index % lanes] ?? Promise.resolve()).then(() =>
      withLostReplies(servers[cell.server], clock, async (hands) => [await cell.play(hands)].flat()),
    );
    inLane[index % lanes] = ending.catch(() => undefined);
    endings.set(keyOf(cell), ending);
  });
});

afterAll(async () => {
  const rows = await Promise.all(
    cells.map(async (cell) => {
      const ending = await endings.get(keyOf(cell))?.catch(errorOf);
      const all = Array.isArray(ending) ? ending : [];
      const { requests = 0, starts = 0 } = all.at(-1) ?? {};
      const what = all.map(({ ends, listed }) => (listed > 0 ? `${ends}, lists ${listed}` : ends)).join("; ");
      return [cell.server, cell.name, cell.expected.ends, what, requests, starts].join(" | ");
    }),
  );
  jest.restoreAllMocks();
  process.stdout.write(
    `product | the start and what the server shows | expected | ended | requests | tasks\n${rows.join("\n")}\n`,
  );
});

test.each(cells)("$server: $name", async (cell) => {
  const { message = "", listed = 0, ends } = cell.expected;
  const all = (await endings.get(keyOf(cell))) ?? [];
  expect(all.length).toBeGreaterThan(0);
  for (const ending of all) {
    expect(ending).toMatchObject({ ends, listed, message: expect.stringContaining(message) as string });
    if (ends === "may have started")
      expect(ending.message).toMatch(/may have started.*adoptTaskId.*triggers/s);
  }
  const { requests, starts } = cell.expected;
  expect({
    requests: Math.max(...all.map((one) => one.requests)),
    starts: Math.max(...all.map((one) => one.starts)),
  }).toEqual({ requests, starts });
});
