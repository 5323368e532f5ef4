/** Says which task is meant, at one endpoint. */
export interface TaskRef {
  /** The server's own id of the task; opaque. */
  readonly id: string;
  /** Which of the product's task APIs knows it, such as `task`. */
  readonly kind: string;
  /** The site it runs on, where the product has sites. */
  readonly site?: string | undefined;
}

/** What the made-up id of an operation begins with that was answered at once, without a task. */
export const immediatePrefix = "immediate:";

/** One string for one task, to compare and to index references. */
export function taskKey(ref: TaskRef): string {
  return JSON.stringify([ref.kind, ref.site ?? "", ref.id]);
}
