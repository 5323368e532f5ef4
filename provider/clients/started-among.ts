import type { Look, TaskSnapshot } from "../tasks";

/**
 * The tasks of a list that a request may have started; `undefined` when there is none and an unreadable one could be it,
 * for what is overlooked would be started twice.
 */
export function startedAmong(
  looks: readonly Look[],
  canBeIt: (task: TaskSnapshot) => boolean,
): TaskSnapshot[] | undefined {
  const found = looks.flatMap((look) =>
    look.kind === "seen" && canBeIt(look.snapshot) ? [look.snapshot] : [],
  );
  return found.length === 0 && looks.some(({ kind }) => kind === "fault") ? undefined : found;
}
