import { messageOf, type FailureCause, type TaskSnapshot } from "../tasks";
import { mayRetry, nameOf, type Completing, type Standing } from "./completion";
import { formatDuration } from "./arguments";
import { durationSeconds } from "./task-data";

function which({ endpoint }: Completing, { ref, last, saved }: Standing): string {
  const { name } = endpoint.settings;
  const site = ref.site === undefined ? "" : ` of site "${ref.site}"`;
  const savedName = typeof saved?.task?.name === "string" ? saved.task.name : undefined;
  return `${last?.name ?? savedName ?? "task"}, task ${ref.id}${site} at endpoint "${name}"`;
}

function ranFor({ context, beganAt }: Completing, { last, saved }: Standing): string {
  const seconds =
    last === undefined ? saved?.durationSeconds : durationSeconds(last.startedAt, last.finishedAt);
  if (typeof seconds === "number") return ` after ${formatDuration(seconds * 1000)}`;
  // What an earlier deployment saw fail has not run for as long as this one has waited.
  return saved === undefined ? ` after ${formatDuration(context.clock.now() - beganAt)}` : "";
}

/** Each says in one line what happened, where and after how long. */
export function failedHeadline(completing: Completing, standing: Standing): string {
  const { last, attempts, saved } = standing;
  const word = (last ?? saved)?.status === "CANCELLED" ? "was cancelled" : "failed";
  const how = last?.status === "SUCCEEDED" ? "succeeded at the server, but not as the program expects" : word;
  const tries = attempts > 1 ? ` at attempt ${attempts}` : "";
  return `Operation "${nameOf(completing.given)}" ${how}${ranFor(completing, standing)}${tries}: ${which(completing, standing)}${last === undefined ? "" : ` (${last.nativeStatus})`}`;
}

export function timedOutHeadline(completing: Completing, standing: Standing): string {
  const { context, beganAt, given } = completing;
  return `Operation "${nameOf(given)}" timed out after ${formatDuration(context.clock.now() - beganAt)}; it may still be running: ${which(completing, standing)}.`;
}

export function stalledHeadline(completing: Completing, standing: Standing, quietMs: number): string {
  return `Operation "${nameOf(completing.given)}" stalled: nothing has changed for ${formatDuration(quietMs)}; it may still be running: ${which(completing, standing)}.`;
}

export function outageHeadline(completing: Completing, standing: Standing): string {
  return `Operation "${nameOf(completing.given)}" can no longer be followed; it may still be running: ${which(completing, standing)}.`;
}

export function unknownHeadline(completing: Completing, standing: Standing): string {
  return `The outcome of operation "${nameOf(completing.given)}" is unknown: the server does not know its task any more (${which(completing, standing)}).`;
}

/** What was seen last, in the place of a cause. */
export function lastSeen(snapshot: TaskSnapshot | undefined): FailureCause[] {
  if (snapshot === undefined) return [{ path: [], message: "The task was never seen." }];
  const { progress, nativeStatus } = snapshot;
  const share = progress.fraction === undefined ? "" : `, ${Math.floor(progress.fraction * 100)} %`;
  const doing = progress.message === undefined ? "" : `: ${progress.message}`;
  return [{ path: [], message: `last seen as ${nativeStatus}${share}${doing}` }];
}

/** What was seen last by an earlier deployment, in the place of a cause. */
export function lastSaved({ saved }: Standing): FailureCause[] {
  const { nativeStatus = "" } = saved ?? {};
  return nativeStatus === "" ? [] : [{ path: [], message: `last seen as ${nativeStatus}` }];
}

function byHand(completing: Completing): string {
  return `To start it again at any time: change \`triggers\`, or \`pulumi up --replace '**StartedTask::${nameOf(completing.given)}'\`.`;
}

/** Why there was no other attempt although the policy wants one. */
export function noTimeLeft(pauseMs: number): string {
  return `Another attempt in ${formatDuration(pauseMs)} would begin after \`timeout\`, so it was not made.`;
}

/** Why there was no other attempt although the policy wants one: nobody knows whether the failed task runs again. */
export function notLookedAt(error: Error): string {
  return `It could not be looked at now: ${messageOf(error)}`;
}

/** Each says what the next deployment will do, and how to choose otherwise. */
export function afterFailure(completing: Completing, why?: string): string[] {
  const { policy, given } = completing;
  const tries =
    !mayRetry(completing) || policy.onNextUp === "look"
      ? "The next `pulumi up` looks at the task again and starts nothing."
      : 'The next `pulumi up` tries again; `retry: { onNextUp: "look" }` makes it only look.';
  return [
    ...(why === undefined ? [] : [why]),
    tries,
    ...(given.request === undefined
      ? []
      : [byHand(completing), "If another task has done it already: `adoptTaskId` takes that one."]),
  ];
}

export function afterDetach(completing: Completing): string[] {
  return [
    "The task was left running. The next `pulumi up` goes on waiting for it and starts nothing.",
    ...(completing.given.request === undefined ? [] : [byHand(completing)]),
  ];
}

export function afterUnknown(completing: Completing): string[] {
  if (completing.given.request === undefined)
    return [
      "It may have succeeded or failed. Look at the server: if that is another task's, correct the id (`startedTaskId` or " +
        "`adoptTaskId`), its `kind` or its `endpoint`; if nothing is to be waited for any more, take the resource out of the program.",
    ];
  return [
    "It may have succeeded or failed, so it is not started again by itself. Look at the server, then either",
    `- start it again: change \`triggers\`, or \`pulumi up --replace '**StartedTask::${nameOf(completing.given)}'\``,
    "- or set `adoptTaskId` to the id of the task that does the work.",
  ];
}

/** A warning about a task that runs but does not move. */
export function quiet(snapshot: TaskSnapshot, quietMs: number): string {
  return `Nothing has changed for ${formatDuration(quietMs)}: ${lastSeen(snapshot)[0]?.message ?? ""}. It is still waited for.`;
}

/** The report for an object that is not as `observe` waits for it. */
export function unobserved(
  { given, endpoint }: Completing,
  last: TaskSnapshot | undefined,
  reasons: readonly string[],
): string {
  const { request } = given.observe ?? {};
  return [
    `Operation "${nameOf(given)}" succeeded${last === undefined ? "" : ` (task ${last.ref.id})`}, but what \`observe\` reads is not as expected: ${request?.method ?? "GET"} ${request?.path ?? ""} at endpoint "${endpoint.settings.name}"`,
    ...reasons.map((reason) => `  ${reason}`),
    "The next `pulumi up` observes again and starts nothing.",
  ].join("\n");
}

/** The report for an answer without a task that is not what the program expects. */
export function unexpectedAnswer(completing: Completing, problems: readonly string[]): string {
  const { given, endpoint } = completing;
  return [
    `Operation "${nameOf(given)}" was answered at once by endpoint "${endpoint.settings.name}", but not as the program expects:`,
    ...problems.map((problem) => `  ${problem}`),
    byHand(completing),
  ].join("\n");
}
