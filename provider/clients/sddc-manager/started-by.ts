import type { StartTrace, TaskSnapshot } from "../../tasks";

// Clocks of the services behind one SDDC Manager differ a little.
const toleranceMs = 5_000;
// An official sample shows a task of 1970: such a stamp says nothing.
const earliestTrueStamp = Date.UTC(2000, 0);

/** `/v1/hosts/…` works on HOST: task types have the form `<RESOURCE>_<OPERATION>`. */
function resourceWord(path: string): string {
  const segment = path.split("?")[0]?.split("/").filter(Boolean)[1] ?? "";
  return segment.replaceAll("-", "_").replace(/s$/, "").toUpperCase();
}

/** Whether a task can be the one that a request started: same kind of resource, not older than the request. */
export function canBeStartedBy(trace: StartTrace, task: TaskSnapshot): boolean {
  const { type } = task.native;
  if (typeof type === "string" && !type.toUpperCase().startsWith(resourceWord(trace.request.path)))
    return false;
  const { startedAt } = task;
  if (startedAt === undefined || startedAt < earliestTrueStamp) return true;
  return startedAt >= trace.sentAt - toleranceMs;
}
