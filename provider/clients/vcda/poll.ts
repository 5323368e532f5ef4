import { setProperty } from "dot-prop";
import * as z from "../../zod";

// Some versions document `values` as a list of lists, others as a list of anything.
const pollReply = z.looseObject({ propertyNames: z.array(z.string()), values: z.array(z.unknown()) });

/**
 * The tasks of a `TasksPollResponse` (`POST /tasks/poll`): one row each, whose columns `propertyNames` names; dotted
 * names are nested fields. Rows without an id are left out. `undefined` when it is no such reply.
 */
export function parsePoll(body: unknown): Map<string, Record<string, unknown>> | undefined {
  const parsed = pollReply.safeParse(body);
  if (!parsed.success) return undefined;
  const { propertyNames, values } = parsed.data;
  const byId = new Map<string, Record<string, unknown>>();
  for (const row of values) {
    if (!Array.isArray(row)) continue;
    const task: Record<string, unknown> = {};
    propertyNames.forEach((name, column) => {
      if (column < row.length) put(task, name, row[column]);
    });
    if (typeof task.id === "string") byId.set(task.id, task);
  }
  return byId;
}

/** A column that contradicts another one, `a` and `a.b` where `a` is no object, is the server's oddity: the first holds. */
function put(task: Record<string, unknown>, name: string, value: unknown): void {
  if (name === "") return;
  const root = name.split(".")[0] ?? name;
  const isTaken = Object.hasOwn(task, root) && (typeof task[root] !== "object" || !name.includes("."));
  // Only dots nest: brackets are none of this format, and an open one would be an error.
  if (!isTaken) setProperty(task, name.split("."), value);
}
