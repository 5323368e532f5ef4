// What a request does to a collection of named objects; the products put their own errors and replies around it.
import type { Collections, Place, SimulatedObject } from "../collections";
import { isRecord } from "../json";
import type { TaskEffects } from "../task-engine";
import type { Start } from "./start-task";

/** @internal */
export type CollectionChange =
  | { readonly kind: "none" }
  | { readonly kind: "missing"; readonly id: string; readonly atOnce: boolean }
  | { readonly kind: "unnamed"; readonly field: string }
  | { readonly kind: "taken"; readonly name: string }
  | { readonly kind: "at-once"; readonly apply: () => void }
  | {
      readonly kind: "effects";
      readonly effects: TaskEffects;
      readonly object: SimulatedObject;
      readonly made: boolean;
    };

export function changeOf(collections: Collections, start: Start): CollectionChange {
  const place = collections.at(start.path);
  if (place === undefined) return { kind: "none" };
  const { collection, base, id } = place;
  if (id === undefined) return createIn(collections, place, start);
  const object = collection.get(base, id);
  if (object === undefined) {
    return {
      kind: "missing",
      id,
      atOnce: start.method === "DELETE" && collection.options.deletesAtOnce === true,
    };
  }
  if (place.rest !== "") return { kind: "none" };
  if (start.method === "DELETE") return removeFrom(place, object);
  if (start.method === "PATCH" || start.method === "PUT") return updateIn(place, object, start);
  return { kind: "none" };
}

function createIn(collections: Collections, place: Place, start: Start): CollectionChange {
  const { collection, base } = place;
  const { createAction, nameField = "name" } = collection.options;
  if (start.method !== "POST" || (start.query.get("action") ?? undefined) !== createAction)
    return { kind: "none" };
  const name = collection.nameOf(start.body);
  if (name === undefined) return { kind: "unnamed", field: nameField };
  if (collection.has(base, name)) return { kind: "taken", name };
  const body = isRecord(start.body) ? start.body : {};
  const object = { id: collections.newId(place), name, collection: base, createdAt: 0, body };
  const effects: TaskEffects = {
    begin: () => void collection.reserve(base, name),
    end: (succeeded, at) => {
      if (succeeded) collection.put({ ...object, createdAt: at });
      else collection.release(base, name);
    },
  };
  return { kind: "effects", effects, object, made: true };
}

function updateIn({ collection, base }: Place, object: SimulatedObject, start: Start): CollectionChange {
  const change = isRecord(start.body) ? start.body : {};
  const effects: TaskEffects = {
    begin: () => undefined,
    end: (succeeded) => {
      const current = collection.get(base, object.id);
      if (!succeeded || current === undefined) return;
      const body = start.method === "PUT" ? change : { ...current.body, ...change };
      collection.put({ ...current, name: collection.nameOf(body) ?? current.name, body });
    },
  };
  return { kind: "effects", effects, object, made: false };
}

function removeFrom({ collection, base }: Place, object: SimulatedObject): CollectionChange {
  const apply = (): void => void collection.remove(base, object.id);
  if (collection.options.deletesAtOnce === true) return { kind: "at-once", apply };
  const effects: TaskEffects = {
    begin: () => undefined,
    end: (succeeded) => {
      if (succeeded) apply();
    },
  };
  return { kind: "effects", effects, object, made: false };
}
