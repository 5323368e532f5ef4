// Named objects that tasks make, change and remove, so that a second "create" of a name is refused.
import type { Identifiers } from "./identifiers";
import { isRecord } from "./json";
import { InvalidInputError } from "./invalid-input-error";

/** A set of objects below a path, made and removed by tasks. */
export interface CollectionOptions {
  /** `"/api/vcenter/clusters/{cluster}/groups"`; names are unique within one filled-in path. */
  path: string;
  /** Field of the body that holds the unique name. @default "name" */
  nameField?: string;
  /** vCenter: objects get the ids `thing-101`, `thing-102`, … SDDC Manager gives UUIDs. @default "object-" */
  idPrefix?: string;
  /** vCenter: the action that makes an object, as `clone` does; none: a plain POST. */
  createAction?: string;
  /** A DELETE removes the object at once, with 204 and no task. @default false */
  deletesAtOnce?: boolean;
}

/** One object of a collection. */
export interface SimulatedObject {
  readonly id: string;
  readonly name: string;
  /** The path of its collection, wildcards filled in. */
  readonly collection: string;
  readonly createdAt: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** @internal A path that belongs to a collection, taken apart. */
export interface Place {
  readonly collection: Collection;
  readonly base: string;
  readonly id?: string;
  /** What follows the id. */
  readonly rest: string;
}

/** @internal */
export class Collection {
  readonly options: CollectionOptions;
  readonly #objects = new Map<string, SimulatedObject>();
  /** Names in use or promised to a task that still runs. */
  readonly #names = new Set<string>();
  readonly #pattern: RegExp;

  constructor(options: CollectionOptions) {
    this.options = options;
    const base = options.path.replace(/[.+*?^$()|[\]\\]/g, "\\$&").replace(/\{[^}/]*\}/g, "[^/]+");
    this.#pattern = new RegExp(`^(${base})(?:/([^/]+)(.*))?$`);
  }

  placeOf(path: string): Place | undefined {
    const found = this.#pattern.exec(path);
    const base = found?.[1];
    if (base === undefined) return undefined;
    const id = found?.[2];
    return { collection: this, base, ...(id === undefined ? {} : { id }), rest: found?.[3] ?? "" };
  }

  /** Keeps a name free for a task; false when it is taken. */
  reserve(base: string, name: string): boolean {
    const key = keyOf(base, name);
    if (this.#names.has(key)) return false;
    this.#names.add(key);
    return true;
  }

  release(base: string, name: string): void {
    this.#names.delete(keyOf(base, name));
  }

  has(base: string, name: string): boolean {
    return this.#names.has(keyOf(base, name));
  }

  put(object: SimulatedObject): void {
    const before = this.#objects.get(object.id);
    if (before !== undefined) this.release(before.collection, before.name);
    this.#objects.set(object.id, object);
    this.#names.add(keyOf(object.collection, object.name));
  }

  get(base: string, id: string): SimulatedObject | undefined {
    const object = this.#objects.get(id);
    return object?.collection === base ? object : undefined;
  }

  remove(base: string, id: string): boolean {
    const object = this.get(base, id);
    if (object === undefined) return false;
    this.release(base, object.name);
    return this.#objects.delete(id);
  }

  /** The objects of one path, or of all when no path is given. */
  list(base?: string): SimulatedObject[] {
    return [...this.#objects.values()].filter((object) => base === undefined || object.collection === base);
  }

  nameOf(body: unknown): string | undefined {
    const name = isRecord(body) ? body[this.options.nameField ?? "name"] : undefined;
    return typeof name === "string" && name !== "" ? name : undefined;
  }

  clear(): void {
    this.#objects.clear();
    this.#names.clear();
  }
}

function keyOf(base: string, name: string): string {
  return `${base}\n${name}`;
}

/** @internal All collections of a simulator. */
export class Collections {
  readonly #identifiers: Identifiers;
  readonly #collections: Collection[] = [];

  constructor(identifiers: Identifiers, options: readonly CollectionOptions[]) {
    this.#identifiers = identifiers;
    for (const one of options) this.#collections.push(new Collection(one));
  }

  at(path: string): Place | undefined {
    for (const collection of this.#collections) {
      const place = collection.placeOf(path);
      if (place !== undefined) return place;
    }
    return undefined;
  }

  newId(place: Place): string {
    if (place.base.startsWith("/v1/")) return this.#identifiers.uuid();
    return this.#identifiers.numbered(place.collection.options.idPrefix ?? "object-");
  }

  objects(path: string): SimulatedObject[] {
    const { collection, base } = this.#mustBe(path);
    return collection.list(base);
  }

  add(path: string, body: Record<string, unknown>, createdAt: number, givenId?: string): string {
    const place = this.#mustBe(path);
    const { collection, base } = place;
    const name = collection.nameOf(body);
    if (name === undefined) {
      throw new InvalidInputError(`The object needs a ${collection.options.nameField ?? "name"}.`);
    }
    if (collection.has(base, name)) throw new InvalidInputError(`${name} exists already at ${base}.`);
    const id = givenId ?? this.newId(place);
    collection.put({ id, name, collection: base, createdAt, body });
    return id;
  }

  remove(path: string, id: string): void {
    const { collection, base } = this.#mustBe(path);
    if (!collection.remove(base, id)) throw new InvalidInputError(`There is no ${id} at ${path}.`);
  }

  #mustBe(path: string): Place {
    const place = this.at(path);
    if (place?.id === undefined && place !== undefined) return place;
    throw new InvalidInputError(`There is no collection at ${path}; there are ${this.paths().join(", ")}.`);
  }

  paths(): string[] {
    return this.#collections.map((collection) => collection.options.path);
  }

  clear(): void {
    for (const collection of this.#collections) collection.clear();
  }
}
