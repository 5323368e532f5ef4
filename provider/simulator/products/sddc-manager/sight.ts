// A task at a moment, with all that its rendering depends on, and what the models of all kinds are made of.
import { isString, without } from "../../json";
import type { Task } from "../../task-engine";
import { lifeOf, type Life } from "../../task-life";
import type { TaskStatus } from "../../task-script";
import type { World } from "../../world";
import type { SddcVersion } from "./sddc-version";

/** @internal */
export interface Sight {
  readonly task: Task;
  readonly life: Life;
  readonly now: number;
  readonly version: SddcVersion;
  readonly statusWords: "mixed" | "title" | "upper";
}

export function sightOf({ settings }: World, task: Task): Sight {
  const now = settings.clock.now();
  const { sddcVersion: version, statusWords } = settings;
  return { task, life: lifeOf(task.attempt, now), now, version, statusWords };
}

/** The word that a kind has for the state of its task, unless a script has one. */
export function wordOf({ task, life }: Sight, words: Readonly<Record<TaskStatus, string>>): string {
  const { nativeStatus } = task.attempt.plan;
  return (isString(nativeStatus) ? nativeStatus : nativeStatus?.[life.status]) ?? words[life.status];
}

export function isOver({ life }: Sight): boolean {
  return life.endedAt !== undefined;
}

/** When it started and, once it has ended, when it ended, in the fields of these names. */
export function stampsOf(
  { task, life }: Sight,
  from = "creationTimestamp",
  to = "completionTimestamp",
): Record<string, string> {
  const { createdAt } = task;
  return {
    [from]: new Date(createdAt).toISOString(),
    ...(life.endedAt === undefined ? {} : { [to]: new Date(life.endedAt).toISOString() }),
  };
}

/** What the script wants to be odd about a body. */
export function withOddities(
  body: Record<string, unknown>,
  { attempt: { plan } }: Task,
): Record<string, unknown> {
  const odd = { ...body, ...plan.fields };
  return plan.omitFields === undefined ? odd : without(odd, ...plan.omitFields);
}
