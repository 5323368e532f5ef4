import * as z from "../../zod";
import {
  toTaskStatus,
  UnexpectedReplyError,
  type FailureCause,
  type TaskRef,
  type TaskSnapshot,
} from "../../tasks";

const text = z.string().optional().catch(undefined);
const reference = z.looseObject({ type: z.string(), value: z.string() }).optional().catch(undefined);

// Only the state is read strictly; any other odd field decorates and never fails a look.
const info = z.looseObject({
  state: z.string(),
  name: text,
  descriptionId: text,
  description: z.looseObject({ message: text }).optional().catch(undefined),
  entity: reference,
  entityName: text,
  cancelled: z.boolean().optional().catch(undefined),
  cancelable: z.boolean().optional().catch(undefined),
  progress: z.number().optional().catch(undefined),
  queueTime: text,
  startTime: text,
  completeTime: text,
  result: z.unknown().optional(),
  error: z.unknown().optional(),
});

type Info = z.infer<typeof info>;

/**
 * A fault of the VI JSON API (`MethodFault`). A task may hold it as it is, or wrapped as the older APIs do it
 * (`LocalizedMethodFault`: `fault`, `localizedMessage`).
 */
const methodFault = z.looseObject({
  _typeName: text,
  fault: z.unknown().optional(),
  localizedMessage: text,
  msg: text,
  faultMessage: z.array(z.looseObject({ message: text })).catch([]),
  faultCause: z.unknown().optional(),
});

// A chain of causes is no longer than people read.
const deepest = 6;

/** What a fault says, the caller's view first and then its causes; empty when it is no fault. */
export function causesOfFault(value: unknown, depth = 0): FailureCause[] {
  const parsed = methodFault.safeParse(value);
  if (!parsed.success || depth >= deepest) return [];
  const { _typeName: outer, fault, localizedMessage, msg, faultMessage, faultCause } = parsed.data;
  const wrapped = methodFault.safeParse(fault);
  const inner = wrapped.success ? wrapped.data : undefined;
  const code = inner?._typeName ?? (outer === "LocalizedMethodFault" ? undefined : outer);
  const told = [...faultMessage, ...(inner?.faultMessage ?? [])].map(({ message }) => message);
  const texts = [localizedMessage, msg, inner?.localizedMessage, ...told].filter(
    (one): one is string => one !== undefined && one !== "",
  );
  const deeper = causesOfFault(faultCause ?? inner?.faultCause, depth + 1);
  if (code === undefined && texts.length === 0) return deeper;
  const [first = "the server gives no message", ...more] = [...new Set(texts)];
  return [{ path: [], code, message: first }, ...more.map((message) => ({ path: [], message })), ...deeper];
}

/** The name of a fault's type, such as `ManagedObjectNotFound`; `undefined` for any other body. */
export function typeOfFault(body: unknown): string | undefined {
  const parsed = methodFault.safeParse(body);
  return parsed.success ? causesOfFault(body)[0]?.code : undefined;
}

function stamp(time: string | undefined): number | undefined {
  const at = Date.parse(time ?? "");
  return Number.isNaN(at) ? undefined : at;
}

function nameOf({ name, descriptionId, entityName }: Info): string {
  const what = [descriptionId, name].find((one) => one !== undefined && one !== "") ?? "task";
  return entityName === undefined || entityName === "" ? what : `${what} ${entityName}`;
}

/** What one `TaskInfo` says (Virtual Infrastructure JSON API, `GET /Task/{moId}/info`). */
export function toVimSnapshot(ref: TaskRef, body: unknown): TaskSnapshot {
  const parsed = info.safeParse(body);
  if (!parsed.success) {
    const field = parsed.error.issues[0]?.path.join(".") ?? "";
    throw new UnexpectedReplyError(
      `the field "${field === "" ? "(the whole reply)" : field}" of a task is not what the API documents`,
    );
  }
  const task = parsed.data;
  // Its words are queued, running, success and error.
  const word = task.state.toLowerCase() === "error" ? "FAILED" : toTaskStatus(task.state);
  const isCancelled = word === "FAILED" && task.cancelled === true;
  const { entity, entityName, progress } = task;
  return {
    ref,
    status: isCancelled ? "CANCELLED" : word,
    nativeStatus: task.state,
    name: nameOf(task),
    progress: {
      fraction: progress === undefined ? undefined : Math.min(1, Math.max(0, progress / 100)),
      message: task.description?.message,
    },
    startedAt: stamp(task.startTime) ?? stamp(task.queueTime),
    finishedAt: stamp(task.completeTime),
    result: task.result ?? undefined,
    resources: entity === undefined ? [] : [{ type: entity.type, id: entity.value, name: entityName }],
    warnings: [],
    causes: word === "FAILED" ? causesOfFault(task.error) : [],
    isCancellable: task.cancelable,
    native: body as Record<string, unknown>,
  };
}
