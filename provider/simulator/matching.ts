// Does a request fit a pattern?
import type { ProductName } from "./exchange";
import { isRecord } from "./json";
import type { StartMatch } from "./task-script";

/** @internal */
export interface Matchable {
  readonly product: ProductName | undefined;
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
}

export function matches(match: StartMatch | undefined, request: Matchable): boolean {
  if (match === undefined) return true;
  if (match.product !== undefined && match.product !== request.product) return false;
  if (match.method !== undefined && match.method.toUpperCase() !== request.method) return false;
  if (match.path !== undefined && !matchesPath(match.path, request)) return false;
  const wanted = Object.entries(match.query ?? {});
  if (!wanted.every(([name, value]) => request.query.getAll(name).includes(value))) return false;
  return match.body === undefined || holds(request.body, match.body);
}

function matchesPath(pattern: string | RegExp, request: Matchable): boolean {
  if (typeof pattern !== "string") {
    // A pattern with the g or y flag remembers where it stopped; a match must not depend on the one before.
    pattern.lastIndex = 0;
    return pattern.test(request.path);
  }
  const [path = "", query = ""] = pattern.split("?", 2);
  for (const [name, value] of new URLSearchParams(query)) {
    if (!request.query.getAll(name).includes(value)) return false;
  }
  return wildcard(path).test(request.path);
}

/** A path with `*` for any run of characters, as a regular expression. */
export function wildcard(path: string): RegExp {
  const literal = path.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${literal.join(".*")}$`);
}

function holds(actual: unknown, wanted: unknown): boolean {
  if (Array.isArray(wanted)) {
    return Array.isArray(actual) && wanted.every((one) => actual.some((candidate) => holds(candidate, one)));
  }
  if (isRecord(wanted)) {
    return isRecord(actual) && Object.entries(wanted).every(([key, value]) => holds(actual[key], value));
  }
  return actual === wanted;
}
