// Ids of things that come with a task, such as its sub-tasks: always the same for the same task.
import { createHash } from "node:crypto";

/** An id in the shape of a UUID. */
export function relatedId(taskId: string, what: string): string {
  const hash = createHash("sha1").update(`${taskId} ${what}`).digest("hex");
  const parts = [hash.slice(0, 8), hash.slice(8, 12), `5${hash.slice(13, 16)}`, `8${hash.slice(17, 20)}`];
  return [...parts, hash.slice(20, 32)].join("-");
}
