import {
  withoutSecretFields,
  type FailureCause,
  type Redactor,
  type TaskResource,
  type TaskSnapshot,
  type TaskStatus,
} from "../tasks";
import type { OpenEndpoint } from "./context";
import { defined, durationSeconds, toIso } from "./task-data";

/** The outputs of an operation, as the stack remembers them. */
export interface Outcome {
  /** Of the last attempt. */
  readonly taskId: string;
  readonly status: TaskStatus;
  /** The server's own word. */
  readonly nativeStatus: string;
  readonly result?: unknown;
  readonly resources: readonly TaskResource[];
  readonly warnings: readonly string[];
  /** ISO 8601, by the server's clock. */
  readonly startedAt?: string;
  /** ISO 8601, by the server's clock. */
  readonly finishedAt?: string;
  readonly durationSeconds?: number;
  /** How often the operation was attempted, by this deployment and earlier ones. */
  readonly attempts: number;
  /** The body that `observe` read last. */
  readonly observed?: unknown;
  /** What else the server says of the task; sub-tasks cut down to the failed ones and counts. */
  readonly task?: Readonly<Record<string, unknown>>;
}

/** What an outcome is made of. */
export interface OutcomeParts {
  readonly endpoint: OpenEndpoint;
  readonly redactor: Redactor;
  readonly attempts: number;
  readonly observed?: unknown;
  /** In place of the task's own status. */
  readonly status?: TaskStatus;
}

/** The outputs for a task as it was seen last. */
export function toOutcome(
  snapshot: TaskSnapshot,
  { endpoint, redactor, attempts, observed, status }: OutcomeParts,
): Outcome {
  const { startedAt, finishedAt, native } = snapshot;
  const task = defined({
    name: snapshot.name,
    kind: snapshot.ref.kind,
    site: snapshot.ref.site,
    endpoint: endpoint.settings.name,
    product: endpoint.settings.product,
    causes: snapshot.causes.length > 0 ? snapshot.causes : undefined,
    native: withoutSecretFields(endpoint.client.condense(native)),
  });
  // What the program works with stays as it is, even when a secret looks like it; `sensitiveResult` hides it.
  return {
    ...(defined({
      nativeStatus: snapshot.nativeStatus,
      result: snapshot.result,
      resources: snapshot.resources,
      warnings: redactor.value(snapshot.warnings),
      startedAt: toIso(startedAt),
      finishedAt: toIso(finishedAt),
      durationSeconds: durationSeconds(startedAt, finishedAt),
      attempts,
      observed,
      task: redactor.value(task),
    }) as Omit<Outcome, "taskId" | "status">),
    taskId: snapshot.ref.id,
    status: status ?? snapshot.status,
  };
}

/** The outputs of an operation that the server answered at once, without a task. */
export function toImmediateOutcome(taskId: string, body: unknown): Outcome {
  const outcome: Outcome = {
    taskId,
    status: "SUCCEEDED",
    nativeStatus: "",
    result: body,
    resources: [],
    warnings: [],
    attempts: 1,
  };
  return defined(outcome);
}

/** The outcome among the properties of a state. */
export function outcomeOf(state: Outcome): Outcome {
  const { taskId, status, nativeStatus, result, resources, warnings, startedAt, finishedAt } = state;
  const { durationSeconds, attempts, observed, task } = state;
  const given = { taskId, status, nativeStatus, resources, warnings, attempts };
  return defined({ ...given, result, startedAt, finishedAt, durationSeconds, observed, task }) as Outcome;
}

/** Why a task failed, as the state has it. */
export function causesOf({ task }: Outcome): readonly FailureCause[] {
  return Array.isArray(task?.causes) ? (task.causes as FailureCause[]) : [];
}

/** The outputs of a task of which nothing is known but its id. */
export function toUnseenOutcome(taskId: string, status: TaskStatus, attempts: number): Outcome {
  return { taskId, status, nativeStatus: "", resources: [], warnings: [], attempts };
}
