import { trueStamp, type TaskSnapshot } from "../tasks";
import type { Span } from "../watcher";
import type { Completing } from "./completion";
import { durationSeconds } from "./task-data";

// What the products call the kind of an operation; names of tasks have the names of objects in them.
const kindFields = ["service", "operation", "descriptionId", "type", "taskType"];

// A server's clock is known to a second, and the wait for a task begins soon after the task.
const clockToleranceMs = 2_000;

/** What makes two runs comparable; `undefined` when the server does not tell what a task does. */
function kindOfRun({ context, given }: Completing, { ref, native }: TaskSnapshot): unknown[] | undefined {
  const { workflowInfo } = native;
  const told = [native, typeof workflowInfo === "object" ? workflowInfo : {}].flatMap((holder) =>
    kindFields.map((field) => (holder as Record<string, unknown> | null)?.[field]),
  );
  if (!told.some((word) => typeof word === "string" && word !== "")) return undefined;
  return [context.configuration.server(given.endpoint), ref.kind, ...told];
}

/**
 * When a task will end if it takes as long as earlier ones of its kind.
 *
 * @param watchedSince - when this attempt's task began to be followed, in milliseconds since 1970
 */
export function usualEnd(
  completing: Completing,
  snapshot: TaskSnapshot,
  watchedSince: number,
): Span | undefined {
  const { context, endpoint } = completing;
  const kind = kindOfRun(completing, snapshot);
  const range = kind && context.durations.range(kind);
  if (range === undefined) return undefined;
  const startedAt = trueStamp(snapshot.startedAt) ?? NaN;
  const stamped = Math.min(startedAt - endpoint.client.clockOffsetMs(), context.clock.now());
  const isToldApart = Math.abs(stamped - watchedSince) >= clockToleranceMs;
  const began = isToldApart ? stamped : watchedSince;
  return { soonestAt: began + range.shortestMs, latestAt: began + range.longestMs };
}

/** Remembers how long a task took that has succeeded at once: a retry may go on with the same one, days later. */
export function keepDuration(completing: Completing, snapshot: TaskSnapshot, attempts: number): void {
  if (snapshot.status !== "SUCCEEDED" || attempts > 1) return;
  const seconds = durationSeconds(snapshot.startedAt, snapshot.finishedAt);
  const kind = kindOfRun(completing, snapshot);
  if (seconds !== undefined && kind !== undefined) completing.context.durations.add(kind, seconds * 1000);
}
