// Whole lives of an operation, from its first `up` to `destroy`, with faults and kills as chance has them. The server
// counts: nothing starts beside what runs, nothing starts again that succeeded, and what the outcome says is true.
import fc from "fast-check";

import {
  complete,
  followUp,
  start,
  type Completion,
  type CompletionArguments,
  type Outcome,
} from "../../../provider/operations";
import {
  hasCode,
  isTerminal,
  isVmwareTasksError,
  UnexpectedReplyError,
  type Look,
  type ProductClient,
  type TaskStatus,
} from "../../../provider/tasks";
import { fault, refusal, type ScriptedTask } from "../../support/fake-server";
import { createBed, resourceUrn, type Bed } from "../../support/operation-bed";
import { limitMs, runs } from "../../support/properties";

const second = 1_000;
const minute = 60 * second;

/** What a request that starts something meets. Taken or not, only the server knows. */
const starting = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ what: fc.constant("good" as const), latencyMs: fc.constantFrom(0, 3 * second) }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      what: fc.constantFrom("lost" as const, "lost" as const, "kill" as const),
      isTaken: fc.boolean(),
      latencyMs: fc.constantFrom(0, 3 * second, 50 * second),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      what: fc.constantFrom("away" as const, "busy" as const, "refused" as const, "odd" as const),
    }),
  },
);

/** What any other request meets. */
const asking = fc.oneof(
  { weight: 8, arbitrary: fc.constant({ what: "good" as const }) },
  {
    weight: 4,
    arbitrary: fc.record({ what: fc.constant("fault" as const), times: fc.integer({ min: 1, max: 30 }) }),
  },
  { weight: 1, arbitrary: fc.constant({ what: "kill" as const }) },
);

const task = fc.record({
  durationMs: fc.constantFrom(0, second, 20 * second, 5 * minute),
  ends: fc.constantFrom<TaskStatus>("SUCCEEDED", "FAILED", "FAILED", "FAILED", "CANCELLED"),
  isRetryable: fc.boolean(),
  resources: fc.constantFrom([], [{ type: "VM", id: "vm-1" }]),
});

const life = fc.record({
  product: fc.constantFrom("vcenter" as const, "sddc-manager" as const),
  retry: fc.record({
    how: fc.constantFrom("auto" as const, "startAgain" as const),
    maxAttempts: fc.integer({ min: 1, max: 3 }),
    delay: fc.constantFrom("0s", "30s"),
    onNextUp: fc.constantFrom("again" as const, "again" as const, "look" as const),
    busyTimeout: fc.constant("1m"),
  }),
  starting: fc.array(starting, { maxLength: 8 }),
  asking: fc.array(asking, { maxLength: 30 }),
  tasks: fc.array(task, { maxLength: 6 }),
  /** After how long each deployment is killed, the first ones. */
  kills: fc.array(fc.oneof(fc.constant(Infinity), fc.nat({ max: 10 * minute })), { maxLength: 4 }),
});
type Life = typeof life extends fc.Arbitrary<infer T> ? T : never;

const never = new Promise<never>(() => undefined);

/** A server with moods, and the processes that speak with it one after the other. */
interface Stage {
  bed: Bed;
  /** Kills the process that runs now. */
  kill: () => void;
  /** Resolves when this process is killed. */
  killed: Promise<"killed">;
  /** Starts and retries that the server has taken in this deployment. */
  taken: number;
  /** Tasks of the request that is sent in this part of the life. */
  readonly ours: Set<string>;
  /** What must never be. */
  readonly wrongs: string[];
  readonly isCalm: () => boolean;
  readonly calmDown: () => void;
}

function createStage(plan: Life): Stage {
  const moods = { starting: [...plan.starting], asking: plan.asking.map((mood) => ({ ...mood })) };
  const endpoint = { outageTolerance: "2m", reachTimeout: "2m" };
  const bed = createBed({ product: plan.product, endpoint });
  const stage: Stage = {
    bed,
    kill: () => undefined,
    killed: never,
    taken: 0,
    ours: new Set(),
    wrongs: [],
    calmDown() {
      moods.starting.length = 0;
      moods.asking.length = 0;
    },
    isCalm: () => moods.starting.length === 0 && moods.asking.length === 0,
  };
  bed.server.script.push(...plan.tasks.map((one): ScriptedTask => one));

  const reply = async <T>(value: () => T, latencyMs: number): Promise<T> => {
    const { killed } = stage;
    await bed.clock.sleep(latencyMs);
    // A process that was killed meanwhile sees no reply.
    return killed === stage.killed ? value() : never;
  };

  const onStarting = <T>(take: () => T): Promise<T> => {
    const mood = moods.starting.shift() ?? { what: "good", latencyMs: 0 };
    const answer = (error: Error): Promise<never> =>
      reply(() => {
        throw error;
      }, 0);
    switch (mood.what) {
      case "good": {
        const value = take();
        return reply(() => value, mood.latencyMs);
      }
      case "lost":
        if (mood.isTaken) take();
        return reply(() => {
          throw fault("The reply was lost.", { faultClass: "server", sent: "maybe" });
        }, mood.latencyMs);
      case "kill":
        if (mood.isTaken) take();
        stage.kill();
        return never;
      case "away":
        return answer(fault("away"));
      case "busy":
        return answer(refusal("busy", { isBusy: true, httpStatus: 409 }));
      case "refused":
        return answer(refusal("no"));
      default:
        take();
        return answer(new UnexpectedReplyError("The reply has no task id."));
    }
  };

  const onAsking = <T>(value: () => T): Promise<T> => {
    const [mood] = moods.asking;
    if (mood === undefined) return reply(value, 0);
    if (mood.what !== "fault" || (mood.times -= 1) <= 0) moods.asking.shift();
    if (mood.what === "good") return reply(value, 0);
    if (mood.what === "kill") {
      stage.kill();
      return never;
    }
    return reply(() => {
      throw fault("away", { faultClass: "server", sent: "maybe" });
    }, 0);
  };

  /** Notes what the server takes, and whether it should have come at all. */
  const take = (what: string): void => {
    stage.taken += 1;
    for (const id of stage.ours) {
      const { status } = bed.server.snapshot(id);
      if (!isTerminal(status)) stage.wrongs.push(`${what} while ${id} runs`);
      else if (status === "SUCCEEDED") stage.wrongs.push(`${what} after ${id} has succeeded`);
    }
  };

  const { server } = bed;
  const honest = { ...server.client };
  const { signal } = new AbortController();
  const moody: Partial<ProductClient> = {
    start: ({ method }) =>
      onStarting(() => {
        take(method);
        const { id } = server.begin(server.script.shift());
        stage.ours.add(id);
        return { kind: "task", ref: { id, kind: "task" } };
      }),
    retry: (ref) =>
      onStarting(() => {
        const failed = server.tasks.get(ref.id);
        if (failed === undefined || server.snapshot(ref.id).status !== "FAILED")
          stage.wrongs.push(`retry of ${ref.id}, which has not failed`);
        take("retry");
        const { durationMs = 0, ends = "SUCCEEDED" } = server.script.shift() ?? {};
        Object.assign(failed ?? {}, { endsAt: bed.clock.now() + durationMs, ends });
        return ref;
      }),
    look: (refs) =>
      onAsking(() => refs.map(({ id }): Look => ({ kind: "seen", snapshot: server.snapshot(id) }))),
    findStarted: async (trace) => {
      const found = await honest.findStarted(trace, signal);
      return onAsking(() => found);
    },
    get: async (ref) => {
      const found = await honest.get(ref, {}, signal);
      return onAsking(() => found);
    },
    reach: () => onAsking(() => undefined),
  };
  Object.assign(server.client, moody);
  return stage;
}

/** What the engine has saved. */
interface State {
  taskId?: string;
  outcome?: Outcome;
  failure?: string | undefined;
}

const request = { method: "POST", path: "/v1/domains", body: { name: "one" } } as const;
const made = { resourceUrn, endpoint: "vc", request };
const completionUrn = resourceUrn.replace(":StartedTask::", ":CompletedTask::");

/** One `up`: what is not saved is done, and saved as the engine does it. */
async function up({ bed }: Stage, { retry }: Life, state: State): Promise<void> {
  const { context } = bed;
  state.taskId ??= (await start(context, { ...made, retry })).taskId;
  const given: CompletionArguments = {
    ...made,
    resourceUrn: completionUrn,
    startedTaskId: state.taskId,
    retry,
    timeout: "30m",
  };
  const { outcome, failure }: Completion = await complete(context, given, state.outcome);
  if ((failure === undefined) !== (outcome.status === "SUCCEEDED"))
    throw new Error(`It is ${outcome.status}, and the failure is ${String(failure)}.`);
  state.outcome = outcome;
  state.failure = failure;
}

async function destroy({ bed }: Stage, state: State): Promise<void> {
  await followUp(bed.context, {
    resourceUrn: resourceUrn.replace(":StartedTask::", ":DeleteTask::"),
    requestKind: "delete",
    endpoint: "vc",
    request: { method: "DELETE", path: "/v1/domains/one" },
    of: state.taskId ?? "",
  });
}

const mostDisturbed = 25;

/** Deployments, one after the other, until one has done its work; answers with the error of the last when none has. */
async function deploy(
  stage: Stage,
  kills: number[],
  work: () => Promise<void>,
  check: () => boolean,
): Promise<unknown> {
  let last: unknown;
  for (let deployments = 0, calm = 0; calm < 8; deployments += 1) {
    if (deployments === mostDisturbed) stage.calmDown();
    if (stage.isCalm() && kills.length === 0) calm += 1;
    stage.taken = 0;
    stage.killed = new Promise((resolve) => (stage.kill = () => resolve("killed")));
    const ended = new AbortController();
    const killMs = kills.shift() ?? Infinity;
    if (killMs < Infinity) stage.bed.clock.sleep(killMs, ended.signal).then(stage.kill, () => undefined);
    const working = work().then(
      () => undefined,
      (error: unknown) => ({ error }),
    );
    const end = await Promise.race([stage.killed, working]);
    ended.abort();
    if (end === undefined && check()) return undefined;
    if (typeof end === "object") last = end.error;
    if (typeof end === "object" && !isVmwareTasksError(end.error)) return last;
    // What the killed process still has to do is not done any more.
    stage.killed = never;
    stage.bed = stage.bed.restart();
  }
  return last;
}

async function live(plan: Life): Promise<void> {
  const stage = createStage(plan);
  const { server, clock } = stage.bed;
  const state: State = {};
  const kills = [...plan.kills];
  let takenAtMost = true;
  try {
    const began = clock.now();
    const error = await clock.run(
      deploy(
        stage,
        kills,
        async () => {
          const isLook = plan.retry.onNextUp === "look" && state.outcome?.status === "FAILED";
          await up(stage, plan, state).finally(() => {
            if (stage.taken > (isLook ? 0 : plan.retry.maxAttempts)) takenAtMost = false;
          });
        },
        () => state.outcome?.status === "SUCCEEDED",
      ),
    );
    expect(stage.wrongs).toEqual([]);
    expect(takenAtMost).toBe(true);
    expect(clock.now() - began).toBeLessThan(24 * 60 * minute);
    if (error !== undefined) expect(isVmwareTasksError(error)).toBe(true);
    const { outcome } = state;
    if (outcome?.status === "SUCCEEDED") {
      expect(server.snapshot(outcome.taskId).status).toBe("SUCCEEDED");
      expect(stage.ours).toContain(outcome.taskId);
      stage.ours.clear();
      server.script.length = 0;
      expect(
        await clock.run(
          deploy(
            stage,
            kills,
            () => destroy(stage, state),
            () => true,
          ),
        ),
      ).toBeUndefined();
      expect(stage.wrongs).toEqual([]);
      // The last attempt's record goes when the resource does.
      expect(stage.bed.records().filter((text) => !text.includes('"attempt":'))).toEqual([]);
    } else if (outcome === undefined) {
      // It was never known to have started: refused, or sent twice without a trace.
      expect(hasCode(error, "VMWARE_MAY_HAVE_STARTED") && stage.ours.size > 0).toBe(false);
    } else {
      expect(["FAILED", "CANCELLED"]).toContain(outcome.status);
      // Only by policy, or because an attempt was sent twice and left no trace.
      if (plan.retry.onNextUp === "again") expect(state.failure).toContain("The server shows no task of it");
    }
  } finally {
    stage.bed.remove();
  }
}

test(
  "an operation lives through faults and kills without a second start",
  async () => {
    await fc.assert(fc.asyncProperty(life, live), runs(80));
  },
  limitMs(60),
);
