// From a request to the operation that it is.
import type { Operation, Shapes } from "./shapes";

/** An operation and the key that names it. */
export interface Match {
  readonly key: string;
  readonly operation: Operation;
  /** The query that belongs to the operation itself, such as `action=list`. */
  readonly fixed: URLSearchParams;
  /** The values in the path, by the names of the template. */
  readonly values: Readonly<Record<string, string>>;
}

const isPlace = (segment: string): boolean => /^\{.+\}$/.test(segment);

/** The values that a path puts into a template; `undefined` when it does not fit. */
function valuesIn(template: string, path: string): Record<string, string> | undefined {
  const names = template.split("/");
  const segments = path.split("/");
  if (names.length !== segments.length) return undefined;
  const values: Record<string, string> = {};
  for (const [index, name] of names.entries()) {
    const segment = decodeURIComponent(segments[index] ?? "");
    if (isPlace(name) && segment !== "") values[name.slice(1, -1)] = segment;
    else if (name !== segment) return undefined;
  }
  return values;
}

/** The operation of a request: of several that fit, the one that says most of its query and path. */
export function matchOf(
  shapes: Shapes,
  { method, path, query }: { method: string; path: string; query: URLSearchParams },
): Match | undefined {
  const found = Object.entries(shapes.operations).flatMap(([key, operation]): Match[] => {
    const [of = "", address = ""] = key.split(" ");
    const [template = "", fixedText = ""] = address.split("?");
    const fixed = new URLSearchParams(fixedText);
    const values = of === method ? valuesIn(template, path) : undefined;
    const fits = values !== undefined && [...fixed].every(([name, value]) => query.get(name) === value);
    return fits ? [{ key, operation, fixed, values }] : [];
  });
  const places = ({ values }: Match): number => Object.keys(values).length;
  return found.sort((a, b) => b.fixed.size - a.fixed.size || places(a) - places(b))[0];
}
