import { getProperty } from "dot-prop";

import { endOfTime } from "../../tasks";

/** A JSON object of the server's. */
export type Fields = Readonly<Record<string, unknown>>;

/** Whether a value is an object whose fields can be read. */
export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value at a path such as `queryInfo.queryId`. */
export function at(fields: Fields, path: string): unknown {
  return getProperty(fields, path);
}

/** A text that says something; lifecycle services wrap theirs in an object of several languages. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === "string") return value.trim() === "" ? undefined : value;
  if (!isFields(value)) return undefined;
  return textOf(value.localizedMessage) ?? textOf(value.defaultMessage);
}

/** The first of several fields that holds a text. */
export function firstText(fields: Fields, names: readonly string[]): string | undefined {
  for (const name of names) {
    const text = textOf(fields[name]);
    if (text !== undefined) return text;
  }
  return undefined;
}

/** The elements of a list; of anything else none. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A flag; `undefined` for anything else. */
export function flagOf(value: unknown): boolean | undefined {
  return typeof value === "boolean" ? value : undefined;
}

/** ISO 8601, or milliseconds since 1970, as milliseconds. */
export function stampOf(value: unknown): number | undefined {
  if (typeof value === "number") return value > 0 && value <= endOfTime ? value : undefined;
  const at = typeof value === "string" ? Date.parse(value) : NaN;
  return Number.isNaN(at) ? undefined : at;
}
