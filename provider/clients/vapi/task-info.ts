import * as z from "../../zod";
import {
  toTaskStatus,
  UnexpectedReplyError,
  type FailureCause,
  type TaskRef,
  type TaskSnapshot,
} from "../../tasks";
import { parseVapiError, textOf } from "./messages";
import { notifiedErrors, notifiedWarnings } from "./notifications";

// Only id and status are read strictly; any other odd field decorates and never fails a look.
const info = z.looseObject({
  status: z.string(),
  description: z.unknown().optional(),
  operation: z.string().optional().catch(undefined),
  service: z.string().optional().catch(undefined),
  cancelable: z.boolean().optional().catch(undefined),
  target: z.looseObject({ type: z.string(), id: z.string() }).optional().catch(undefined),
  progress: z
    .looseObject({ total: z.number(), completed: z.number(), message: z.unknown().optional() })
    .optional()
    .catch(undefined),
  start_time: z.string().optional().catch(undefined),
  end_time: z.string().optional().catch(undefined),
  result: z.unknown().optional(),
  error: z.unknown().optional(),
  notifications: z.unknown().optional(),
});

type Info = z.infer<typeof info>;

function stamp(text: string | undefined): number | undefined {
  const at = Date.parse(text ?? "");
  return Number.isNaN(at) ? undefined : at;
}

/** A task that FAILED may have its reason, or a part of it, in `result`. */
function failureOf({ error, result, notifications }: Info): Pick<TaskSnapshot, "causes"> & { type?: string } {
  const [first, second] = [error, result].map(parseVapiError).filter((one) => one !== undefined);
  const notified = [...notifiedErrors({ notifications }), ...notifiedErrors(result)];
  if (first !== undefined) {
    const isTold = ({ code, message }: FailureCause): boolean =>
      first.causes.some((cause) => cause.code === code && cause.message === message);
    const more = second?.causes.filter((cause) => !isTold(cause)) ?? [];
    return { type: first.type, causes: [...first.causes, ...more, ...notified] };
  }
  if (notified.length > 0) return { causes: notified };
  const text =
    typeof error === "string" ? error : typeof result === "string" ? result : textOf(error ?? result);
  return { causes: text === undefined || text === "" ? [] : [{ path: [], message: text }] };
}

/** The last words of a service and an operation, such as `VM clone`. */
function nameOf({ description, service, operation }: Info): string {
  const described = textOf(description);
  // Many services describe a task by the key of a message that they never resolve, and Lifecycle Manager describes
  // all of its tasks by the same words.
  if (described?.includes(" ") === true && !/^task created by /i.test(described)) return described;
  const short = [service?.split(".").at(-1), operation?.replace(/\$task$/, "")].filter(Boolean).join(" ");
  return short === "" ? (described ?? "task") : short;
}

/** What one CIS `Info` says (vSphere Automation API, `Cis.Task.Info`; `/rest` differs in its maps only). */
export function toSnapshot(ref: TaskRef, body: unknown): TaskSnapshot {
  const parsed = info.safeParse(body);
  if (!parsed.success) {
    const field = parsed.error.issues[0]?.path.join(".") ?? "";
    throw new UnexpectedReplyError(
      `the field "${field === "" ? "(the whole reply)" : field}" of a task is not what the API documents`,
    );
  }
  const task = parsed.data;
  const word = toTaskStatus(task.status);
  const failure = word === "FAILED" ? failureOf(task) : { causes: [] };
  const { progress } = task;
  return {
    ref,
    // vCenter has no state for a cancelled task: it fails with this error.
    status: failure.type === "CANCELED" ? "CANCELLED" : word,
    nativeStatus: task.status,
    name: nameOf(task),
    progress: {
      fraction:
        progress !== undefined && progress.total > 0
          ? Math.min(1, Math.max(0, progress.completed / progress.total))
          : undefined,
      message: progress === undefined ? undefined : textOf(progress.message),
    },
    startedAt: stamp(task.start_time),
    finishedAt: stamp(task.end_time),
    result: task.result ?? undefined,
    resources: task.target === undefined ? [] : [{ type: task.target.type, id: task.target.id }],
    warnings: [...new Set([...notifiedWarnings(task), ...notifiedWarnings(task.result)])],
    causes: failure.causes,
    isCancellable: task.cancelable,
    native: body as Record<string, unknown>,
  };
}
