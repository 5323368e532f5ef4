import type { StartTrace, TaskSnapshot } from "../../tasks";

// Object ids of vCenter hold digits (`domain-c8`, `vm-101`, UUIDs); names of resources do not, but for versions.
const isId = (segment: string): boolean => /\d/.test(segment) && !/^v\d+$/.test(segment);

const bare = (text: string): string => text.replaceAll(/[^a-z0-9]/gi, "").toLowerCase();

function segmentsOf(path: string): string[] {
  return (path.split("?")[0] ?? "")
    .split("/")
    .filter((segment) => segment !== "" && segment !== "api" && segment !== "rest");
}

/** The vAPI service behind a path: `/api/vcenter/vm` is `com.vmware.vcenter.VM`. */
export function serviceOf(path: string): string {
  const names = segmentsOf(path)
    .filter((segment) => !isId(segment))
    .map((name) => name.replaceAll("-", "_"));
  return `com.vmware.${names.join(".")}`.replace(/^com\.vmware\.vcenter\.vm$/, "com.vmware.vcenter.VM");
}

function actionOf(path: string, query: StartTrace["request"]["query"]): string | undefined {
  const action = new URLSearchParams(path.split("?")[1] ?? "").get("action") ?? query?.action;
  return typeof action === "string" ? action : undefined;
}

// Clocks inside one vCenter differ a little, and stamps are cut to seconds.
const toleranceMs = 5_000;
const earliestTrueStamp = Date.UTC(2000, 0);

/** Whether a task can be the one that a request started: same operation and target, not older than the request. */
export function canBeStartedBy(trace: StartTrace, task: TaskSnapshot): boolean {
  const { operation, target } = task.native as { operation?: unknown; target?: { id?: unknown } | null };
  const action = actionOf(trace.request.path, trace.request.query);
  if (
    action !== undefined &&
    typeof operation === "string" &&
    bare(operation.replace(/\$task$/, "")) !== bare(action)
  ) {
    return false;
  }
  const ids = segmentsOf(trace.request.path).filter(isId);
  const targetId = target?.id;
  if (typeof targetId === "string" && ids.length > 0 && !ids.some((id) => targetId.includes(id)))
    return false;
  const { startedAt } = task;
  if (startedAt === undefined || startedAt < earliestTrueStamp) return true;
  return startedAt >= trace.sentAt - toleranceMs;
}
