// What starts of vAPI operations have in common, whichever product serves them.
import type { Reply, SimulatedRequest } from "../../exchange";
import type { CollectionChange } from "../collection-rules";
import type { Ruling, Start } from "../start-task";
import { vapiDone, vapiError } from "./vapi-errors";

export function isChange(method: string): boolean {
  return ["POST", "PUT", "PATCH", "DELETE"].includes(method);
}

/** The answer to a `vmw-task` that is not `true`, the only value there is. */
export function wrongTaskWish({ path, query }: SimulatedRequest): Reply | undefined {
  const wish = query.get("vmw-task");
  if (wish === null || wish === "true") return undefined;
  return vapiError(path, "INVALID_ARGUMENT", `Value ${wish} of vmw-task is not supported.`);
}

/** What the server makes of a change of a collection; `start` is as the client sent it. */
export function ruleChange(change: CollectionChange, start: Start, scripted: boolean): Ruling {
  const { path } = start;
  if (change.kind === "at-once") return { ...change, reply: vapiDone(path) };
  const asTask = start.query.get("vmw-task") === "true" || scripted || start.foreign;
  if (!asTask && !(change.kind === "missing" && change.atOnce))
    return refused(vapiError(path, "OPERATION_NOT_FOUND", `${start.method} ${path} exists as a task only.`));
  switch (change.kind) {
    case "missing":
      return refused(vapiError(path, "NOT_FOUND", `Object ${change.id} was not found.`));
    case "unnamed":
      return refused(vapiError(path, "INVALID_ARGUMENT", `Field ${change.field} is required.`));
    case "taken":
      return refused(vapiError(path, "ALREADY_EXISTS", `The name '${change.name}' already exists.`));
    case "effects":
      return { kind: "task", effects: change.effects, ...(change.made ? { yields: change.object.id } : {}) };
    case "none":
      return { kind: "task" };
  }
}

export function refused(reply: Reply): Ruling {
  return { kind: "refused", reply };
}
