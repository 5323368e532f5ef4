// Reads of the objects that tasks have made: hosts, domains, and collections of the user's own.
import type { Place } from "../../collections";
import type { Reply, SimulatedRequest } from "../../exchange";
import type { World } from "../../world";
import { hostNotFound, isHost } from "./hosts";
import { toPage } from "./pages";
import { sddcReply } from "./sddc-errors";
import { isAtLeast } from "./sddc-version";

export function readCollection(world: World, { method, path, query }: SimulatedRequest): Reply {
  const place = world.collections.at(path);
  if (place === undefined || place.rest !== "" || method !== "GET") {
    return sddcReply(404, "RESOURCE_NOT_FOUND", `No resource at ${path}.`);
  }
  if (place.id === undefined) return list(world, place, query);
  const object = place.collection.get(place.base, place.id);
  if (object !== undefined) return { status: 200, body: { id: object.id, ...object.body } };
  return isHost(place)
    ? hostNotFound(place.id)
    : sddcReply(404, "RESOURCE_NOT_FOUND", `No resource at ${path}.`);
}

/** Every parameter that is no page parameter filters by the field of its name. */
function list({ settings }: World, { collection, base }: Place, query: URLSearchParams): Reply {
  const filters = [...query].filter(([name]) => !["limit", "pageSize", "pageNumber"].includes(name));
  const objects = collection.list(base).map(({ id, body }): Record<string, unknown> => ({ id, ...body }));
  const found = objects.filter((object) => filters.every(([name, value]) => String(object[name]) === value));
  const { firstPage, sddcVersion } = settings;
  return toPage(found, query, { firstPage, pages: isAtLeast(sddcVersion, "5.1") });
}
