import type { WatchEnd } from "../watcher";
import { parseDuration } from "./arguments";
import { askToCancel } from "./ask-to-cancel";
import type { Completing, Completion, Standing } from "./completion";
import { failed, judge, succeeded, unsuccessful } from "./judgement";
import { statusLine } from "./status-line";
import * as texts from "./texts";
import { keepDuration, usualEnd } from "./usual-duration";
import { createVcenterProgress, withVcenterCauses } from "./vcenter-task";

// Long enough that a server's slow phase is no news, short enough to be seen on the same day.
const quietMs = 15 * 60_000;
const cancelGraceMs = 5 * 60_000;
const lastLookMs = 5_000;

/** Follows the task of an attempt until it ends or the wait does. */
export async function watch(
  completing: Completing,
  standing: Standing,
  deadlineAt = completing.deadlineAt,
): Promise<WatchEnd> {
  const { context, endpoint, given, redactor } = completing;
  const { deployment } = context;
  const stallMs = given.stallTimeout === undefined ? undefined : parseDuration(given.stallTimeout);
  const vcenter = createVcenterProgress(completing);
  const since = context.clock.now();
  const waiting = endpoint.watcher.watch({
    ref: standing.ref,
    signal: deployment.signal,
    deadlineAt,
    stallMs,
    quietMs,
    onLook(snapshot, remaining) {
      const filled = vcenter.fill(snapshot);
      deployment.status(given.resourceUrn, () =>
        redactor.text(statusLine(filled, remaining, standing.attempts)),
      );
    },
    expectEnd: (snapshot) => usualEnd(completing, snapshot, since),
    onQuiet: (snapshot, quiet) =>
      deployment.warn(given.resourceUrn, redactor.text(texts.quiet(snapshot, quiet))),
    onFault: (fault) =>
      deployment.status(given.resourceUrn, redactor.text(`waiting for the endpoint: ${fault.message}`)),
  });
  const end = await waiting.finally(() => vcenter.stop());
  if (end.kind !== "ended") return end;
  keepDuration(completing, end.snapshot, standing.attempts);
  return { ...end, snapshot: await withVcenterCauses(completing, end.snapshot) };
}

/** A wait that ended before the task did. */
export async function interrupted(
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

/** A task whose time is up and that could not be brought to an end. */
function stillRunning(completing: Completing, standing: Standing, note: string): Completion {
  return failed(
    completing,
    standing,
    {
      headline: `${texts.timedOutHeadline(completing, standing)} ${note}`,
      causes: texts.lastSeen(standing.last),
      next: texts.afterDetach(completing),
    },
    standing.last?.status ?? "RUNNING",
  );
}

async function cancelled(completing: Completing, standing: Standing): Promise<Completion> {
  const { context, given } = completing;
  if (standing.last?.isCancellable === false) {
    const why = "It was not cancelled, for the server says that it cannot be (isCancellable is false).";
    return stillRunning(completing, standing, why);
  }
  const { endpoint } = completing;
  const asking = { endpoint, resourceUrn: given.resourceUrn, ref: standing.ref, forMs: cancelGraceMs };
  const { isAsked, refusal } = await askToCancel(context, asking);
  const note =
    refusal === undefined
      ? "It was asked to cancel, as `onTimeout` wishes."
      : `It could not be cancelled: ${refusal}`;
  // Cancelling is best effort: only the task itself says that it ended, which may be why it was refused.
  const end = await watch(completing, standing, context.clock.now() + (isAsked ? cancelGraceMs : lastLookMs));
  const seen: Standing = { ...standing, last: end.snapshot };
  context.deployment.status(given.resourceUrn, "timed out");
  if (end.kind === "ended") {
    if (judge(completing, end.snapshot).length === 0) return succeeded(completing, seen);
    return unsuccessful(completing, seen, `Its time (\`timeout\`) was up. ${note}`);
  }
  if (end.kind === "missing") return interrupted(completing, seen, end);
  return stillRunning(completing, seen, note);
}
