import { hasCode, isTerminal, messageOf, productTraits, renderFailure, type TaskSnapshot } from "../tasks";
import type { WatchEnd } from "../watcher";
import { attemptAgain, type NoAttempt } from "./attempt-again";
import type { Completing, Completion, CompletionArguments, Standing } from "./completion";
import { unmet } from "./conditions";
import type { Context } from "./context";
import { formatDuration, parseDuration, pauseMs, wantsRetryAfter } from "./arguments";
import { observe, type Observation, type Observed } from "./observe";
import { toImmediateOutcome, toOutcome, toUnseenOutcome, type Outcome } from "./outcome";
import { reach } from "./reach";
import { isImmediate, type Sent } from "./send-once";
import { forgetStart } from "./start";
import { statusLine } from "./status-line";
import { toTaskData } from "./task-data";
import * as texts from "./texts";

// Long enough that a server's slow phase is no news, short enough to be seen on the same day.
const quietMs = 15 * 60_000;
const cancelGraceMs = 5 * 60_000;

/** Follows a task to its end, judges it and attempts again by policy; never throws for a task that failed. */
export async function complete(
  context: Context,
  given: CompletionArguments,
  previous?: Outcome,
): Promise<Completion> {
  const endpoint = context.open(given.endpoint);
  const { product } = endpoint.settings;
  const beganAt = context.clock.now();
  const timeoutMs =
    (given.timeout === undefined ? undefined : parseDuration(given.timeout)) ??
    productTraits[product].defaultTimeoutMs;
  const completing: Completing = {
    context,
    given,
    endpoint,
    policy: context.configuration.policy(given.retry, { product, ...given.request }),
    redactor: context.redactor(given.request, [...(given.secretValues ?? [])]),
    beganAt,
    deadlineAt: beganAt + timeoutMs,
  };
  if (!context.skipsCheckpoints) forgetStart(context, given.startedTaskId);
  context.memory.completed.add(given.startedTaskId);
  if (isImmediate(given.startedTaskId))
    return completeAtOnce(completing, { id: given.startedTaskId, body: given.immediateResult, attempts: 1 });
  const standing = standingOf(completing, previous);
  const { ref, attempts } = standing;
  // An attempt that was answered at once, and whose outcome no deployment has saved.
  if (isImmediate(ref.id) && ref.id !== previous?.taskId)
    return completeAtOnce(completing, { id: ref.id, body: undefined, attempts });
  context.memory.knownTasks.add(ref.id);
  const first = previous === undefined ? standing : await reconsider(completing, standing, previous);
  return "outcome" in first ? first : follow(completing, first);
}

/** Where to go on: with a later attempt that the journal knows, or with what the state says. */
function standingOf({ context, given }: Completing, previous: Outcome | undefined): Standing {
  const record = context.journal.read(given.resourceUrn, "attempt");
  const kind = given.kind ?? "task";
  const attempts = previous?.attempts ?? 1;
  const isLater =
    record?.of === given.startedTaskId && (record.attempt ?? 0) > attempts && record.taskId !== undefined;
  const id = isLater ? (record.taskId ?? "") : (previous?.taskId ?? given.startedTaskId);
  return {
    ref: { id, kind, site: given.site },
    attempts: isLater ? (record.attempt ?? 1) : attempts,
    attemptsHere: 1,
  };
}

/** At a later deployment: looks before anything is sent, for somebody may have mended the task. */
async function reconsider(
  completing: Completing,
  standing: Standing,
  previous: Outcome,
): Promise<Standing | Completion> {
  const { context, endpoint, policy } = completing;
  const { id } = standing.ref;
  const isAttemptOfJournal = id !== previous.taskId;
  if (isAttemptOfJournal || !["FAILED", "CANCELLED", "UNKNOWN"].includes(previous.status)) return standing;
  await reach(context, endpoint, completing.given.resourceUrn);
  const seen = isImmediate(id)
    ? undefined
    : await endpoint.client.get(standing.ref, {}, context.deployment.signal);
  if (seen === undefined && previous.status === "UNKNOWN") {
    return failed(
      completing,
      standing,
      { headline: texts.unknownHeadline(completing, standing), next: texts.afterUnknown(completing) },
      "UNKNOWN",
    );
  }
  const now = { ...standing, last: seen };
  // A task that runs again is never started beside itself.
  if (seen !== undefined && (!isTerminal(seen.status) || judge(completing, seen).length === 0)) return now;
  if (policy.onNextUp === "look") return unsuccessful(completing, now, previous);
  return again(completing, now);
}

/** Watches, judges and attempts again until there is nothing left to try. */
async function follow(completing: Completing, from: Standing): Promise<Completion> {
  const { policy, context, given } = completing;
  let standing = from;
  for (;;) {
    const end = await watch(completing, standing);
    if (end.kind !== "ended") return interrupted(completing, standing, end);
    standing = { ...standing, last: end.snapshot };
    const problems = judge(completing, end.snapshot);
    if (problems.length === 0) return succeeded(completing, standing);
    const causes =
      end.snapshot.causes.length > 0
        ? end.snapshot.causes
        : problems.map((message) => ({ path: [], message }));
    const isLast = standing.attemptsHere >= policy.maxAttempts || end.snapshot.status === "CANCELLED";
    if (isLast || !wantsRetryAfter(policy, causes)) return unsuccessful(completing, standing);
    const pause = pauseMs(policy, standing.attemptsHere);
    if (context.clock.now() + pause >= completing.deadlineAt)
      return unsuccessful(completing, standing, undefined, texts.noTimeLeft(pause));
    context.deployment.status(
      given.resourceUrn,
      `attempt ${standing.attempts} failed, the next in ${formatDuration(pause)}`,
    );
    await context.clock.sleep(pause, context.deployment.signal);
    const next = await again(completing, standing);
    if ("outcome" in next) return next;
    standing = { ...next, attemptsHere: standing.attemptsHere + 1 };
  }
}

async function again(completing: Completing, standing: Standing): Promise<Standing | Completion> {
  const { redactor } = completing;
  const attempts = standing.attempts + 1;
  let next: Sent | NoAttempt;
  try {
    next = await attemptAgain(completing, standing);
  } catch (error) {
    // Refused or impossible now: what is known of the failed task must stay in the state.
    if (hasCode(error, "VMWARE_ENGINE_GONE") || completing.context.deployment.signal.aborted) throw error;
    next = { kind: "none", why: redactor.text(messageOf(error)) };
  }
  if (next.kind === "none") return unsuccessful(completing, standing, undefined, next.why);
  if (next.kind === "done") return completeAtOnce(completing, { ...next, attempts });
  return { ref: next.ref, attempts, attemptsHere: standing.attemptsHere };
}

function watch(
  completing: Completing,
  standing: Standing,
  deadlineAt = completing.deadlineAt,
): Promise<WatchEnd> {
  const { context, endpoint, given, redactor } = completing;
  const { deployment } = context;
  const stallMs = given.stallTimeout === undefined ? undefined : parseDuration(given.stallTimeout);
  return endpoint.watcher.watch({
    ref: standing.ref,
    signal: deployment.signal,
    deadlineAt,
    stallMs,
    quietMs,
    onLook: (snapshot, remaining) =>
      deployment.status(given.resourceUrn, redactor.text(statusLine(snapshot, remaining, standing.attempts))),
    onQuiet: (snapshot, quiet) =>
      deployment.warn(given.resourceUrn, redactor.text(texts.quiet(snapshot, quiet))),
    onFault: (fault) =>
      deployment.status(given.resourceUrn, redactor.text(`waiting for the endpoint: ${fault.message}`)),
  });
}

/** What speaks against counting an ended task as done. */
function judge({ given, endpoint }: Completing, snapshot: TaskSnapshot): string[] {
  if (snapshot.status !== "SUCCEEDED") return [`the task ended as ${snapshot.nativeStatus}`];
  const warned =
    given.acceptWarnings === false ? snapshot.warnings.map((warning) => `warning: ${warning}`) : [];
  const { name, product } = endpoint.settings;
  return [...warned, ...unmet(given.expect ?? [], toTaskData(snapshot, name, product))];
}

async function succeeded(completing: Completing, { attempts, last }: Standing): Promise<Completion> {
  const { context, endpoint, given, redactor } = completing;
  if (last === undefined) throw new Error("A task that succeeded was never seen.");
  for (const warning of last.warnings) context.deployment.warn(given.resourceUrn, redactor.text(warning));
  const parts = { endpoint, redactor, attempts };
  if (given.observe === undefined) return { outcome: toOutcome(last, parts) };
  const observed = await observeAfter(completing, given.observe);
  if (observed.isMet) return { outcome: toOutcome(last, { ...parts, observed: observed.body }) };
  return {
    // Not SUCCEEDED yet, so that the next deployment observes again; nothing is started again.
    outcome: toOutcome(last, { ...parts, status: "RUNNING" }),
    failure: redactor.text(texts.unobserved(completing, last, observed.reasons)),
  };
}

/** What the server answered at once, without a task. */
interface Answer {
  readonly id: string;
  readonly body: unknown;
  readonly attempts: number;
}

async function completeAtOnce(completing: Completing, { id, body, attempts }: Answer): Promise<Completion> {
  const { given, redactor } = completing;
  const problems = unmet(given.expect ?? [], { result: body });
  const outcome = { ...toImmediateOutcome(id, body, redactor), attempts };
  if (problems.length > 0) {
    return {
      outcome: { ...outcome, status: "FAILED" },
      failure: redactor.text(texts.unexpectedAnswer(completing, problems)),
    };
  }
  if (given.observe === undefined) return { outcome };
  const observed = await observeAfter(completing, given.observe);
  if (observed.isMet)
    return { outcome: { ...toImmediateOutcome(id, body, redactor, observed.body), attempts } };
  return {
    outcome: { ...outcome, status: "RUNNING" },
    failure: redactor.text(texts.unobserved(completing, undefined, observed.reasons)),
  };
}

function observeAfter(
  { context, endpoint, given, redactor }: Completing,
  wanted: Observation,
): Promise<Observed> {
  return observe(context, endpoint, wanted, (text) =>
    context.deployment.status(given.resourceUrn, redactor.text(text)),
  );
}

/** A task that ended, but not well. */
function unsuccessful(
  completing: Completing,
  standing: Standing,
  previous?: Outcome,
  why?: string,
): Completion {
  const { last } = standing;
  if (last === undefined) {
    const report = {
      headline: texts.failedHeadline(completing, standing),
      next: texts.afterFailure(completing, why),
    };
    return failed(completing, standing, report, previous?.status ?? "FAILED");
  }
  const problems = judge(completing, last);
  const causes =
    last.causes.length > 0
      ? last.causes
      : last.status === "SUCCEEDED"
        ? problems.map((message) => ({ path: [], message }))
        : [];
  const status = last.status === "SUCCEEDED" ? "FAILED" : last.status;
  return failed(
    completing,
    standing,
    {
      headline: texts.failedHeadline(completing, standing),
      causes,
      next: texts.afterFailure(completing, why),
    },
    status,
  );
}

interface Report {
  readonly headline: string;
  readonly causes?: TaskSnapshot["causes"];
  readonly next: readonly string[];
}

function failed(
  completing: Completing,
  standing: Standing,
  report: Report,
  status: Outcome["status"],
): Completion {
  const { endpoint, redactor } = completing;
  const { last, attempts, ref } = standing;
  const failure = redactor.text(renderFailure({ causes: [], ...report }));
  if (last === undefined) return { outcome: toUnseenOutcome(ref.id, status, attempts), failure };
  return { outcome: toOutcome(last, { endpoint, redactor, attempts, status }), failure };
}

/** A wait that ended before the task did. */
async function interrupted(
  completing: Completing,
  standing: Standing,
  end: Exclude<WatchEnd, { kind: "ended" }>,
): Promise<Completion> {
  const { given } = completing;
  const seen: Standing = { ...standing, last: end.snapshot };
  const running = end.snapshot?.status ?? "RUNNING";
  switch (end.kind) {
    case "timedOut":
      if (given.onTimeout === "cancel") return cancelled(completing, seen);
      return failed(
        completing,
        seen,
        {
          headline: texts.timedOutHeadline(completing, seen),
          causes: texts.lastSeen(end.snapshot),
          next: texts.afterDetach(completing),
        },
        running,
      );
    case "stalled":
      return failed(
        completing,
        seen,
        {
          headline: texts.stalledHeadline(completing, seen, end.quietMs),
          causes: texts.lastSeen(end.snapshot),
          next: texts.afterDetach(completing),
        },
        running,
      );
    case "outage":
      return failed(
        completing,
        seen,
        {
          headline: texts.outageHeadline(completing, seen),
          causes: [{ path: [], message: end.fault.message }],
          next: texts.afterDetach(completing),
        },
        running,
      );
    case "missing":
      return failed(
        completing,
        seen,
        {
          headline: texts.unknownHeadline(completing, seen),
          causes: texts.lastSeen(end.snapshot),
          next: texts.afterUnknown(completing),
        },
        "UNKNOWN",
      );
    default:
      return end satisfies never;
  }
}

async function cancelled(completing: Completing, standing: Standing): Promise<Completion> {
  const { context, endpoint, given } = completing;
  await context.deployment.confirmAlive();
  let note = "It was asked to cancel, as `onTimeout` wishes.";
  try {
    await endpoint.client.cancel(standing.ref, context.deployment.signal);
  } catch (error) {
    note = `It could not be cancelled: ${messageOf(error)}`;
  }
  // Cancelling is best effort: only the task itself says that it ended.
  const end = await watch(completing, standing, context.clock.now() + cancelGraceMs);
  const seen: Standing = { ...standing, last: end.snapshot };
  context.deployment.status(given.resourceUrn, "timed out");
  if (end.kind === "ended") {
    if (judge(completing, end.snapshot).length === 0) return succeeded(completing, seen);
    return unsuccessful(completing, seen, undefined, `Its time (\`timeout\`) was up. ${note}`);
  }
  if (end.kind === "missing") return interrupted(completing, seen, end);
  return failed(
    completing,
    seen,
    {
      headline: `${texts.timedOutHeadline(completing, seen)} ${note}`,
      causes: texts.lastSeen(end.snapshot),
      next: texts.afterDetach(completing),
    },
    end.snapshot?.status ?? "RUNNING",
  );
}
