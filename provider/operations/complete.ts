import { productTraits } from "../clients/traits";
import { hasCode, isTerminal, messageOf, type TaskSnapshot } from "../tasks";
import { formatDuration, parseDuration, pauseMs, wantsRetryAfter } from "./arguments";
import { attemptAgain, wayOf, type NoAttempt } from "./attempt-again";
import type { Completing, Completion, CompletionArguments, Standing } from "./completion";
import type { Context } from "./context";
import {
  completeAtOnce,
  failed,
  isOnlyUnobserved,
  judge,
  judgeSaved,
  observeOnly,
  succeeded,
  unsuccessful,
} from "./judgement";
import type { Outcome } from "./outcome";
import { isOfLook, patiently } from "./patiently";
import { reach } from "./reach";
import { revived } from "./revived";
import { isImmediate, type Sent } from "./sending";
import { forgetStart } from "./start";
import { taskKind } from "./task-kind";
import * as texts from "./texts";
import { withVcenterCauses } from "./vcenter-task";
import { interrupted, watch } from "./waiting";

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
    redactor: context.redactor(given.request, given.observe, given.retry, [...(given.secretValues ?? [])]),
    beganAt,
    deadlineAt: beganAt + timeoutMs,
  };
  const { completed, knownTasks, startedBy } = context.memoryOf(given.endpoint);
  const starter = startedBy.get(given.startedTaskId);
  if (!context.skipsCheckpoints && starter !== undefined) forgetStart(context, given.startedTaskId, starter);
  completed.add(given.startedTaskId);
  if (isImmediate(given.startedTaskId))
    return completeAtOnce(completing, { id: given.startedTaskId, body: given.immediateResult, attempts: 1 });
  if (previous !== undefined && isToObserve(previous)) return observeOnly(completing, previous);
  const standing = standingOf(completing, previous);
  const { ref, attempts } = standing;
  // An attempt that was answered at once, and whose outcome no deployment has saved.
  if (isImmediate(ref.id) && ref.id !== previous?.taskId)
    return completeAtOnce(completing, { id: ref.id, body: undefined, attempts });
  knownTasks.add(ref.id);
  const first = previous === undefined ? standing : await reconsider(completing, standing, previous);
  return "outcome" in first ? first : follow(completing, first);
}

/** Whether there is nothing left but to observe: that was not done yet, or is asked for since. */
function isToObserve(previous: Outcome): boolean {
  return previous.status === "SUCCEEDED" || isOnlyUnobserved(previous);
}

/** Where to go on: with a later attempt that the journal knows, or with what the state says. */
function standingOf({ context, endpoint, given }: Completing, previous: Outcome | undefined): Standing {
  const record = context.journal.read(given.resourceUrn, "attempt");
  const kind = taskKind(endpoint, given);
  const isOfThisTask = record?.of === given.startedTaskId;
  // The attempt before one that left without a reply is over, also when no deployment has saved it.
  const attempts = Math.max(previous?.attempts ?? 1, isOfThisTask ? (record.attempt ?? 1) - 1 : 1);
  const isLater =
    isOfThisTask && (record.attempt ?? 0) > (previous?.attempts ?? 1) && record.taskId !== undefined;
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
  const { resourceUrn } = completing.given;
  const asSaved = { ...standing, saved: previous };
  let seen: TaskSnapshot | undefined;
  try {
    await reach(context, endpoint, resourceUrn);
    const asking = { endpoint, resourceUrn, forMs: endpoint.settings.outageToleranceMs };
    const look = () => endpoint.client.get(standing.ref, {}, context.deployment.signal);
    seen = isImmediate(id) ? undefined : await patiently(context, asking, look);
  } catch (error) {
    if (!isOfLook(error)) throw error;
    const why = texts.notLookedAt(error);
    return previous.status === "UNKNOWN"
      ? unknown(completing, asSaved, why)
      : unsuccessful(completing, asSaved, why);
  }
  if (seen === undefined && previous.status === "UNKNOWN") return unknown(completing, asSaved);
  if (seen === undefined && judgeSaved(completing, previous).length === 0)
    return observeOnly(completing, previous);
  const now = {
    ...standing,
    last: seen === undefined ? undefined : await withVcenterCauses(completing, seen),
  };
  // A task that runs again is never started beside itself.
  if (seen !== undefined && (!isTerminal(seen.status) || judge(completing, seen).length === 0)) return now;
  const failedBefore = { ...now, saved: previous };
  if (policy.onNextUp === "look") return unsuccessful(completing, failedBefore);
  return again(completing, failedBefore);
}

/** A task that the server did not know any more, and does not know now either. */
function unknown(completing: Completing, standing: Standing, why?: string): Completion {
  const report = {
    headline: texts.unknownHeadline(completing, standing),
    causes: texts.lastSaved(standing),
    next: [...(why === undefined ? [] : [why]), ...texts.afterUnknown(completing)],
  };
  return failed(completing, standing, report, "UNKNOWN");
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
    const way = wayOf(completing, end.snapshot);
    if (typeof way === "object") return unsuccessful(completing, standing, way.why);
    const pause = pauseMs(policy, standing.attemptsHere);
    if (context.clock.now() + pause >= completing.deadlineAt)
      return unsuccessful(completing, standing, texts.noTimeLeft(pause));
    context.deployment.status(
      given.resourceUrn,
      `attempt ${standing.attempts} failed, the next in ${formatDuration(pause)}`,
    );
    await context.clock.sleep(pause, context.deployment.signal);
    const running = await retriedMeanwhile(completing, standing);
    if (running !== undefined && "outcome" in running) return running;
    if (running !== undefined) {
      standing = running;
      continue;
    }
    if (context.clock.now() >= completing.deadlineAt)
      return unsuccessful(completing, standing, texts.noTimeLeft(pause));
    const next = await again(completing, standing);
    if ("outcome" in next) return next;
    standing = { ...next, attemptsHere: standing.attemptsHere + 1 };
  }
}

/** A failed task that somebody else has had the server retry in the pause before the next attempt. */
async function retriedMeanwhile(
  completing: Completing,
  standing: Standing,
): Promise<Standing | Completion | undefined> {
  // One that the program alone does not take for a success runs no more.
  if (standing.last?.status === "SUCCEEDED") return undefined;
  const { context, deadlineAt, endpoint, given } = completing;
  const left = deadlineAt - context.clock.now();
  const forMs = Math.min(endpoint.settings.outageToleranceMs, left);
  const task = { endpoint, resourceUrn: given.resourceUrn, ref: standing.ref, forMs };
  try {
    const seen = await revived(context, task);
    return seen === undefined ? undefined : { ...standing, last: seen };
  } catch (error) {
    if (!isOfLook(error)) throw error;
    return unsuccessful(completing, standing, texts.notLookedAt(error));
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
  if (next.kind === "none") return unsuccessful(completing, standing, next.why);
  if (next.kind === "done") {
    if (next.note !== undefined)
      completing.context.deployment.warn(completing.given.resourceUrn, redactor.text(next.note));
    return completeAtOnce(completing, { ...next, attempts });
  }
  return { ref: next.ref, attempts, attemptsHere: standing.attemptsHere };
}
