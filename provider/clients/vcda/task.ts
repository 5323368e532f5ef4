import * as z from "../../zod";
import {
  endOfTime,
  toTaskStatus,
  UnexpectedReplyError,
  type TaskRef,
  type TaskResource,
  type TaskSnapshot,
} from "../../tasks";
import { causesOf, withoutStacktraces } from "./errors";

const text = z.string().optional().catch(undefined);

/** Milliseconds since 1970, also as text (3.5); -1 and everything before 1970 says that there is none. */
const stamp = z.coerce.number().positive().max(endOfTime).optional().catch(undefined);

// Only id and state are read strictly; any other odd field decorates and never fails a look.
const taskBody = z.looseObject({
  id: z.string().min(1),
  state: z.string().min(1),
  progress: z.number().optional().catch(undefined),
  startTime: stamp,
  endTime: stamp,
  workflowInfo: z
    .looseObject({ type: text, resourceType: text, resourceId: text, resourceName: text })
    .nullish()
    .catch(undefined),
  result: z.unknown().optional(),
  error: z.unknown().optional(),
  warnings: z.unknown().optional(),
});
type TaskBody = z.infer<typeof taskBody>;

function nameOf({ workflowInfo }: TaskBody): string {
  const { type, resourceType, resourceName, resourceId } = workflowInfo ?? {};
  const words = [type, resourceType, resourceName ?? resourceId].filter((word) => word !== undefined);
  return words.length > 0 ? words.join(" ") : "task";
}

function resourcesOf({ workflowInfo }: TaskBody): TaskResource[] {
  const { resourceType, resourceId, resourceName } = workflowInfo ?? {};
  if (resourceId === undefined) return [];
  return [{ type: resourceType ?? "resource", id: resourceId, name: resourceName }];
}

/** One line for each warning: what it says, then what the errors in it say. */
function warningsOf({ warnings }: TaskBody): string[] {
  const lines = (Array.isArray(warnings) ? (warnings as unknown[]) : []).map((warning) =>
    causesOf(warning)
      .map(({ code, message }) => (code === undefined ? message : `${code}: ${message}`))
      .join("; "),
  );
  return [...new Set(lines.filter((line) => line !== ""))];
}

/**
 * What one task says (`C4ApiTask`, `ApiTask`; VCDA API 3.5 to 4.7). Only its `state` decides: samples show `error` and
 * `result` filled in at the same time. The site is the one that was asked, for replies name others.
 */
export function toSnapshot({ kind, site }: Omit<TaskRef, "id">, body: unknown): TaskSnapshot {
  const parsed = taskBody.safeParse(body);
  if (!parsed.success) {
    const field = parsed.error.issues[0]?.path.join(".") ?? "";
    throw new UnexpectedReplyError(
      `the field "${field === "" ? "(the whole reply)" : field}" of a task is not what the API documents`,
    );
  }
  const task = parsed.data;
  const status = toTaskStatus(task.state);
  const hasFailed = status === "FAILED" || status === "CANCELLED";
  return {
    ref: { id: task.id, kind, site },
    status,
    nativeStatus: task.state,
    name: nameOf(task),
    progress: {
      fraction: task.progress === undefined ? undefined : Math.min(Math.max(task.progress / 100, 0), 1),
    },
    startedAt: task.startTime,
    finishedAt: task.endTime,
    result: status === "SUCCEEDED" ? withoutStacktraces(task.result ?? undefined) : undefined,
    resources: resourcesOf(task),
    warnings: status === "SUCCEEDED" ? warningsOf(task) : [],
    // What a failed task warned of before is often what it failed for.
    causes: hasFailed ? [...causesOf(task.error), ...causesOf(task.warnings, ["warnings"])] : [],
    native: withoutStacktraces(body) as Record<string, unknown>,
  };
}
