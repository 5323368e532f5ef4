/** The fields of a `LocalizationParam` that hold its value: text, stamp, whole number, number (vSphere API). */
const valueFields = ["s", "dt", "i", "d"] as const;

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function shown(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  return typeof value === "number" ? String(value) : undefined;
}

/** What a parameter says; one that is a message of its own (`l`) is told by its key. */
function textOfParam(param: unknown): string | undefined {
  if (!isRecord(param)) return shown(param);
  const nested = isRecord(param.l) ? shown(param.l.id) : undefined;
  return valueFields.map((field) => shown(param[field])).find((text) => text !== undefined) ?? nested;
}

/** The named parameters: a map at `/api`, a list of `{ key, value }` at `/rest`. */
function paramNamed(params: unknown, name: string): unknown {
  if (!Array.isArray(params))
    return isRecord(params) && Object.hasOwn(params, name) ? params[name] : undefined;
  const found: unknown = params.find((entry) => isRecord(entry) && entry.key === name);
  return isRecord(found) ? found.value : undefined;
}

/**
 * A message with its values in the places that the server left open: `{0}` by position, `{host}` by name. A place
 * without a value stays as it is, for braces may be part of the text.
 */
export function fillIn(text: string, args: readonly unknown[], params: unknown): string {
  return text.replaceAll(/\{([\w.-]{1,64})\}/g, (place, name: string) => {
    const value = /^\d+$/.test(name) ? shown(args[Number(name)]) : undefined;
    return value ?? textOfParam(paramNamed(params, name)) ?? place;
  });
}
