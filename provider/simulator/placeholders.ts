// Placeholders in the strings of a script, filled in from the request that it answers.
import { mapStrings, valueAt } from "./json";

/** @internal */
export interface PlaceholderValues {
  readonly taskId: string;
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
}

const placeholder = /\{(taskId|method|path|body(?:\.[\w-]+)*)\}/g;

/** A copy of `value` with every placeholder filled in; a name without a value becomes empty. */
export function fillPlaceholders(value: unknown, values: PlaceholderValues): unknown {
  return mapStrings(value, (text) => text.replace(placeholder, (_, name: string) => lookUp(name, values)));
}

function lookUp(name: string, values: PlaceholderValues): string {
  if (name === "taskId" || name === "method" || name === "path") return values[name];
  const found = valueAt(values.body, name.split(".").slice(1));
  if (found === undefined) return "";
  return typeof found === "string" ? found : JSON.stringify(found);
}
