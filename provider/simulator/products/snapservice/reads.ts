// What Snapservice shows of its objects.
import type { Place, SimulatedObject } from "../../collections";
import type { Reply, SimulatedRequest } from "../../exchange";
import type { World } from "../../world";
import { aboutPath } from "./paths";
import { notFound, protectionGroups, snapshotsOf, statusOf, vmsOf } from "./protection-groups";

/** @internal */
export function answerRead(world: World, { path, query }: SimulatedRequest): Reply {
  if (path === aboutPath) return { status: 200, body: { version: world.settings.snapserviceVersion } };
  const place = world.collections.at(path);
  if (place === undefined) return notFound(path, path);
  const isGroups = place.collection.options === protectionGroups;
  const infoOf = (object: SimulatedObject): object =>
    isGroups ? groupInfo(world, object) : snapshotInfo(object, place);
  const { collection, base, id, rest } = place;
  if (id !== undefined) {
    const object = collection.get(base, id);
    return object === undefined || rest !== "" ? notFound(path, path) : { status: 200, body: infoOf(object) };
  }
  const name = isGroups ? "pg" : "snapshot";
  const found = collection
    .list(base)
    .filter(
      (object) =>
        fits(query, `${name}s`, object.id) &&
        fits(query, "names", object.name) &&
        fits(query, "states", statusOf(object)),
    )
    .map((object) => ({ [name]: object.id, info: infoOf(object) }));
  return { status: 200, body: { [isGroups ? "items" : "snapshots"]: found } };
}

function fits(query: URLSearchParams, filter: string, value: string): boolean {
  const wanted = query.getAll(filter);
  return wanted.length === 0 || wanted.includes(value);
}

function groupInfo(world: World, group: SimulatedObject): object {
  const taken = snapshotsOf(world, group);
  const times = taken.map(({ createdAt }) => createdAt);
  return {
    target_entities: {},
    snapshot_policies: [],
    locked: false,
    ...group.body,
    name: group.name,
    status: statusOf(group),
    vms: vmsOf(group),
    snapshots: taken.map(({ id }) => id),
    ...(times.length === 0
      ? {}
      : { last_snapshot_time: iso(Math.max(...times)), oldest_snapshot_time: iso(Math.min(...times)) }),
  };
}

function snapshotInfo({ name, createdAt }: SimulatedObject, { base }: Place): object {
  const at = iso(createdAt);
  const pg = base.split("/").at(-2) ?? "";
  return { name, snapshot_type: "ONE_TIME", start_time: at, end_time: at, pg, vm_snapshots: [] };
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
