// One asynchronous operation of SDDC Manager: what starts it, where it is looked at, which kind it is.
import type { Kind } from "./kinds/kind";
import { isAtLeast, type SddcVersion } from "./sddc-version";

/** @internal */
export interface Operation {
  readonly method: string;
  /** `/v1/domains/{domain}/validations`. A name that `look` has, too, stands for the same value there. */
  readonly path: string;
  readonly kind: Kind;
  /**
   * The answer to a start. `[200, 202]`: 200 when it has ended by then, else 202.
   * @default 202
   */
  readonly status?: number | readonly [number, number];
  /** What the answer to a start shows. @default the kind's own model */
  readonly answers?: "task" | "nothing";
  /** The path of one; it ends with `{task}`. */
  readonly look?: string;
  /** @default 200 */
  readonly lookStatus?: number;
  /** While it runs. @default `lookStatus` */
  readonly lookStatusRunning?: number;
  /** The answer to a look at one that is not there. @default 404 */
  readonly unknown?: 400 | 404;
  /** The path of the list of all. */
  readonly list?: string;
  /** The path of the latest. */
  readonly latest?: string;
  /** The list comes without a page around it, and the latest as a list of one. */
  readonly bareList?: true;
  /** The first version that has it. @default all have it */
  readonly since?: SddcVersion;
  /** The last version that has it. @default all have it */
  readonly until?: SddcVersion;
  /** From this version on it is answered by 410. @default never */
  readonly goneSince?: SddcVersion;
}

/** @internal A path that fits a pattern, and the values of the pattern's names. */
export interface Fit {
  readonly operation: Operation;
  readonly values: Readonly<Record<string, string>>;
  /** What follows the pattern. */
  readonly rest: string;
}

/** @internal The operations of one version. */
export class OperationTable {
  readonly #starts: readonly Entry[];
  readonly #looks: readonly Entry[];
  readonly #lists: readonly Entry[];
  readonly #latest: readonly Entry[];
  readonly #version: SddcVersion;

  constructor(operations: readonly Operation[], version: SddcVersion) {
    this.#version = version;
    this.#starts = entriesOf(operations, ({ path }) => path);
    const served = operations.filter((operation) => serves(operation, version));
    this.#looks = entriesOf(served, ({ look }) => look);
    this.#lists = entriesOf(served, ({ list }) => list);
    this.#latest = entriesOf(served, ({ latest }) => latest);
  }

  /** The operation that a request starts; `undefined` when nothing special is known of it. */
  start(method: string, path: string): Operation | "unknown" | "gone" | undefined {
    const known = this.#starts.filter(({ operation }) => operation.method === method);
    const fitting = known
      .filter(({ pattern }) => fitOf(pattern, path)?.rest === "")
      .map(({ operation }) => operation);
    const served = fitting.find((operation) => serves(operation, this.#version));
    if (served !== undefined) return served;
    if (fitting.length === 0) return undefined;
    const gone = fitting.some(
      ({ goneSince }) => goneSince !== undefined && isAtLeast(this.#version, goneSince),
    );
    return gone ? "gone" : "unknown";
  }

  /** For people: what starts an operation, and where it is looked at. */
  routes(): string[] {
    return this.#starts
      .filter(({ operation }) => serves(operation, this.#version))
      .map(({ operation: { method, path, look, latest } }) => {
        const places = [look, latest].filter((place) => place !== undefined);
        return [`${method} ${path}`, ...places.map((place) => `GET ${place}`)].join(", ");
      });
  }

  looks(path: string): Fit[] {
    return fitsOf(this.#looks, path);
  }

  lists(path: string): Operation[] {
    return exactly(this.#lists, path);
  }

  latest(path: string): Operation[] {
    return exactly(this.#latest, path);
  }

  /** Whether a path belongs to the one that an operation was started by. */
  isBelow(operation: Operation, startPath: string, values: Fit["values"]): boolean {
    const entry = this.#starts.find((one) => one.operation === operation);
    const own = entry === undefined ? undefined : fitOf(entry.pattern, startPath)?.values;
    return (
      own !== undefined && Object.entries(own).every(([name, value]) => (values[name] ?? value) === value)
    );
  }
}

interface Entry {
  readonly operation: Operation;
  readonly pattern: RegExp;
  readonly literals: number;
}

function serves({ since = "4.5", until = "9.1", goneSince }: Operation, version: SddcVersion): boolean {
  const gone = goneSince !== undefined && isAtLeast(version, goneSince);
  return isAtLeast(version, since) && isAtLeast(until, version) && !gone;
}

/** `/v1/sddcs/validations/{task}` goes before `/v1/sddcs/{task}`. */
function entriesOf(
  operations: readonly Operation[],
  pathOf: (one: Operation) => string | undefined,
): Entry[] {
  return operations
    .flatMap((operation) => {
      const path = pathOf(operation);
      return path === undefined ? [] : [toEntry(operation, path)];
    })
    .sort((a, b) => b.literals - a.literals);
}

function toEntry(operation: Operation, path: string): Entry {
  const source = path.replace(/\{(\w+)\}/g, "(?<$1>[^/]+)");
  const literals = path.split("/").filter((word) => !word.startsWith("{")).length;
  return { operation, literals, pattern: new RegExp(`^${source}(?<rest>/.*)?$`) };
}

function fitOf(pattern: RegExp, path: string): Omit<Fit, "operation"> | undefined {
  const groups = pattern.exec(path)?.groups;
  if (groups === undefined) return undefined;
  const { rest = "", ...values } = groups;
  return { values, rest };
}

function fitsOf(entries: readonly Entry[], path: string): Fit[] {
  return entries.flatMap(({ operation, pattern }) => {
    const fit = fitOf(pattern, path);
    return fit === undefined ? [] : [{ operation, ...fit }];
  });
}

function exactly(entries: readonly Entry[], path: string): Operation[] {
  return fitsOf(entries, path).flatMap(({ operation, rest }) => (rest === "" ? [operation] : []));
}
