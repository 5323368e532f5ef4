// Protection groups below clusters, and their snapshots.
import type { CollectionOptions, Place, SimulatedObject } from "../../collections";
import type { Reply } from "../../exchange";
import { isRecord } from "../../json";
import type { TaskEffects } from "../../task-engine";
import type { World } from "../../world";
import type { Ruling, Start } from "../start-task";
import { vapiDone, vapiError } from "../vcenter/vapi-errors";
import { refused } from "../vcenter/vapi-starts";

/** @internal */
export const protectionGroups: CollectionOptions = {
  path: "/api/snapservice/clusters/{cluster}/protection-groups",
  idPrefix: "pg-",
};

/** @internal */
export const snapshots: CollectionOptions = {
  path: "/api/snapservice/clusters/{cluster}/protection-groups/{pg}/snapshots",
  idPrefix: "snapshot-",
  deletesAtOnce: true,
};

/** The status that each action leads to. */
const statusAfter: Readonly<Record<string, string>> = {
  pause: "PAUSED",
  resume: "ACTIVE",
  demote: "DEMOTED",
  promote: "ACTIVE",
  activate: "ACTIVE",
};

export function statusOf({ body }: SimulatedObject): string {
  return typeof body["status"] === "string" ? body["status"] : "ACTIVE";
}

export function snapshotsOf(world: World, { collection, id }: SimulatedObject): SimulatedObject[] {
  return world.collections.objects(`${collection}/${id}/snapshots`);
}

/** What a protection group allows beside what every collection does. */
export function ruleProtectionGroup(world: World, place: Place, start: Start): Ruling | undefined {
  const { collection, base, id, rest } = place;
  const { path, method, query, body } = start;
  if (id === undefined) {
    const isWhole = method !== "POST" || (isRecord(body) && isRecord(body["target_entities"]));
    return isWhole
      ? undefined
      : refused(vapiError(path, "INVALID_ARGUMENT", "Field target_entities is required."));
  }
  const group = collection.get(base, id);
  if (group === undefined || rest !== "") return undefined;
  const after = method === "POST" ? statusAfter[query.get("action") ?? ""] : undefined;
  if (group.body["locked"] === true) {
    const text = `Protection group ${id} is locked and cannot be modified or deleted.`;
    return refused(vapiError(path, "UNSUPPORTED", text));
  }
  if (after !== undefined && statusOf(group) === after)
    return refused(
      vapiError(path, "ALREADY_IN_DESIRED_STATE", `Protection group ${id} is ${after} already.`),
    );
  if (after !== undefined) return { kind: "task", effects: whenDone(() => setStatus(place, id, after)) };
  if (method !== "DELETE") return undefined;
  return {
    kind: "task",
    effects: whenDone(() => removeGroup(world, place, group, query.get("force") === "true")),
  };
}

/** What the snapshots of a group allow beside what every collection does. */
export function ruleSnapshot(world: World, place: Place, start: Start): Ruling | undefined {
  const { collection, base, id } = place;
  const { path, method, query } = start;
  const parent = base.replace(/\/snapshots$/, "");
  const groups = world.collections.at(parent);
  const group = groups?.id === undefined ? undefined : groups.collection.get(groups.base, groups.id);
  if (groups === undefined || group === undefined) return refused(notFound(path, parent));
  if (method !== "DELETE" || id === undefined || collection.get(base, id) === undefined) return undefined;
  // One of the few changes that have no form with a task.
  if (query.has("vmw-task"))
    return refused(vapiError(path, "OPERATION_NOT_FOUND", `DELETE ${path} does not exist as a task.`));
  const apply = (): void => {
    collection.remove(base, id);
    const isLast = statusOf(group) === "MARKED_FOR_DELETE" && collection.list(base).length === 0;
    if (isLast) groups.collection.remove(groups.base, group.id);
  };
  return { kind: "at-once", reply: vapiDone(path), apply };
}

/** The result of taking a snapshot of a group. */
export function snapshotResult(world: World, place: Place, snapshot: string): Record<string, unknown> {
  const parent = world.collections.at(place.base.replace(/\/snapshots$/, ""));
  const group = parent?.id === undefined ? undefined : parent.collection.get(parent.base, parent.id);
  const total = group === undefined ? 0 : vmsOf(group).length;
  return { snapshot, snapshot_type: "ONE_TIME", total_vms: total, successful_vms: total, failed_vms: 0 };
}

export function vmsOf({ body }: SimulatedObject): unknown[] {
  const targets = body["target_entities"];
  const vms = isRecord(targets) ? targets["vms"] : undefined;
  return Array.isArray(vms) ? (vms as unknown[]) : [];
}

export function notFound(path: string, what: string): Reply {
  return vapiError(path, "NOT_FOUND", `Nothing was found at ${what}.`);
}

function whenDone(apply: () => void): TaskEffects {
  return {
    begin: () => undefined,
    end: (succeeded) => {
      if (succeeded) apply();
    },
  };
}

function setStatus({ collection, base }: Place, id: string, status: string): void {
  const group = collection.get(base, id);
  if (group !== undefined) collection.put({ ...group, body: { ...group.body, status } });
}

/** A group goes with its last snapshot; with `force`, all of them go at once. */
function removeGroup(world: World, place: Place, group: SimulatedObject, force: boolean): void {
  const kept = snapshotsOf(world, group);
  if (kept.length > 0 && !force) {
    setStatus(place, group.id, "MARKED_FOR_DELETE");
    return;
  }
  for (const { id, collection } of kept) world.collections.remove(collection, id);
  place.collection.remove(place.base, group.id);
}
