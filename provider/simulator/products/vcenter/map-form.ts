// Maps look different in the two forms of the API: an object on /api, a list of { key, value } on /rest.
import { isRecord } from "../../json";

/**
 * A script marks a map of its result as `{ "$map": { … } }`; it becomes an object, or on /rest a list of entries.
 * The `params` of a message are a map by themselves.
 */
export function withMaps(value: unknown, legacy: boolean): unknown {
  if (Array.isArray(value)) return value.map((one) => withMaps(one, legacy));
  if (!isRecord(value)) return value;
  const { $map } = value;
  if (isRecord($map)) return toMap($map, legacy);
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [
      key,
      key === "params" && isRecord(one) ? toMap(one, legacy) : withMaps(one, legacy),
    ]),
  );
}

function toMap(map: Record<string, unknown>, legacy: boolean): unknown {
  const entries = Object.entries(map).map(([key, value]) => ({ key, value: withMaps(value, legacy) }));
  return legacy ? entries : Object.fromEntries(entries.map(({ key, value }) => [key, value]));
}
