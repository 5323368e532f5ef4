import {
  trueStamp,
  withoutSecretFields,
  type FailureCause,
  type Product,
  type TaskProgress,
  type TaskResource,
  type TaskSnapshot,
  type TaskStatus,
} from "../tasks";

/**
 * A task as data: the fields that all products share, and everything the product says of it in `native`, whose fields
 * the namespace of each product knows.
 */
export interface TaskData<Native extends object = Record<string, unknown>> {
  readonly id: string;
  readonly kind: string;
  readonly site?: string;
  /** The endpoint's name in the configuration. */
  readonly endpoint: string;
  readonly product: Product;
  /** What it does, in the server's words. */
  readonly name: string;
  readonly status: TaskStatus;
  /** The server's own word for its status. */
  readonly nativeStatus: string;
  readonly progress: TaskProgress;
  /** ISO 8601, by the server's clock. */
  readonly startedAt?: string;
  /** ISO 8601, by the server's clock. */
  readonly finishedAt?: string;
  readonly durationSeconds?: number;
  /** What the operation answered. */
  readonly result?: unknown;
  /** What the task worked on or made. */
  readonly resources: readonly TaskResource[];
  readonly warnings: readonly string[];
  /** Why it failed, the first cause first. */
  readonly causes: readonly FailureCause[];
  readonly isRetryable?: boolean;
  readonly isCancellable?: boolean;
  /** Every field of the product's task under its own name; password-like fields are masked. */
  readonly native: Readonly<Native>;
}

/** A stamp as ISO 8601; `undefined` when it is no time at all. */
export function toIso(at: number | undefined): string | undefined {
  const date = new Date(at ?? NaN);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}

/** Drops what is `undefined`: an RPC of Pulumi takes no such value. */
export function defined<T extends object>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

/** A snapshot as data. */
export function toTaskData(snapshot: TaskSnapshot, endpoint: string, product: Product): TaskData {
  const { ref, startedAt, finishedAt } = snapshot;
  return defined({
    id: ref.id,
    kind: ref.kind,
    site: ref.site,
    endpoint,
    product,
    name: snapshot.name,
    status: snapshot.status,
    nativeStatus: snapshot.nativeStatus,
    progress: snapshot.progress,
    startedAt: toIso(startedAt),
    finishedAt: toIso(finishedAt),
    durationSeconds: durationSeconds(startedAt, finishedAt),
    result: snapshot.result,
    resources: snapshot.resources,
    warnings: snapshot.warnings,
    causes: snapshot.causes,
    isRetryable: snapshot.isRetryable,
    isCancellable: snapshot.isCancellable,
    native: withoutSecretFields(snapshot.native) as Record<string, unknown>,
  }) as TaskData;
}

/** How long a task ran by the server's stamps; `undefined` when they cannot be true. */
export function durationSeconds(
  startedAt: number | undefined,
  finishedAt: number | undefined,
): number | undefined {
  const [from, to] = [trueStamp(startedAt), trueStamp(finishedAt)];
  return from === undefined || to === undefined || to < from ? undefined : (to - from) / 1000;
}
