// Replications of virtual machines and vApps: made and stopped by tasks, known by ids that tell their kind.
import type { CollectionOptions, Place } from "../../collections";
import type { Identifiers } from "../../identifiers";
import { isRecord } from "../../json";
import type { World } from "../../world";
import type { Ruling, Start } from "../start-task";
import { errorReply } from "./api-errors";

/** @internal */
export const vmReplications: CollectionOptions = { path: "/vm-replications", nameField: "id" };
/** @internal */
export const vappReplications: CollectionOptions = { path: "/vapp-replications", nameField: "id" };

const kinds = [
  { options: vmReplications, prefix: "C4", title: "VmReplication" },
  { options: vappReplications, prefix: "C4VAPP", title: "VappReplication" },
];

function kindOf({ collection }: Place): (typeof kinds)[number] | undefined {
  return kinds.find(({ options }) => options === collection.options);
}

/** What a request does to a replication; undefined when it is about something else. */
export function ruleReplication(world: World, start: Start): Ruling | undefined {
  const place = world.collections.at(start.path);
  const kind = place === undefined ? undefined : kindOf(place);
  if (place === undefined || kind === undefined) return undefined;
  if (place.id === undefined) return startReplication(world.identifiers, place, kind.prefix, start.body);
  const known = place.collection.get(place.base, place.id);
  // Replications that were there before the simulator are known by the form of their ids.
  if (known === undefined && !isIdOf(place.id, kind.prefix)) {
    const reply = errorReply(404, `${kind.title}NotFound`, "Replication {0} was not found.", [place.id]);
    return { kind: "refused", reply };
  }
  const info = { id: place.id, ...known?.body };
  if (start.method !== "DELETE" || place.rest !== "") return { kind: "task", yields: info };
  return {
    kind: "task",
    yields: info,
    effects: {
      begin: () => undefined,
      end: (succeeded) => {
        if (succeeded) place.collection.remove(place.base, info.id);
      },
    },
  };
}

function startReplication(
  identifiers: Identifiers,
  { collection, base }: Place,
  prefix: string,
  given: unknown,
): Ruling {
  if (!isRecord(given)) {
    const reply = errorReply(400, "BadUserInput", "Replication settings are required.");
    return { kind: "refused", reply };
  }
  const id = `${prefix}-${identifiers.uuid()}`;
  const body = { ...given, id, overallHealth: "GREEN" };
  return {
    kind: "task",
    yields: body,
    effects: {
      begin: () => undefined,
      end: (succeeded, createdAt) => {
        if (succeeded) collection.put({ id, name: id, collection: base, createdAt, body });
      },
    },
  };
}

function isIdOf(id: string, prefix: string): boolean {
  return new RegExp(`^${prefix}-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`, "i").test(id);
}
