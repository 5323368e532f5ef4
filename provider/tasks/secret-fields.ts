import { secretMark } from "./secret-mark";

/** Names of fields whose values are never shown, whatever case and separators. */
const secretName =
  /pass(words?|wd|phrase)?$|pwd$|secret|token$|api-?_?key|credential|private-?_?key|cookie$|(^|[-_])authorization$|session-id$|^(x-[a-z-]+|on-prem)-auth$/i;

/** Names that only sound like one: SDDC Manager's reference into its logs, and what kind of credential it means. */
const harmlessName = /^(reference_?token|credential_?type)$/i;

/** Whether a field of this name holds a secret. */
export function isSecretName(name: string): boolean {
  return secretName.test(name) && !harmlessName.test(name);
}

function stringsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value === "number") return [String(value)];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(stringsIn);
}

/** What a text holds that is JSON itself, as bodies within bodies are; `undefined` for any other text. */
function dataIn(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

const parameter = /([?&])([^=&]*)=([^&]*)/g;

const decoded = (part: string): string => new URLSearchParams(`=${part}`).get("") ?? "";

/** The values of password-like parameters of a path, decoded and as they stand there. */
function secretsInPath(text: string): string[] {
  if (!text.startsWith("/")) return [];
  return [...text.matchAll(parameter)].flatMap(([, , name = "", value = ""]) =>
    isSecretName(decoded(name)) ? [decoded(value), value] : [],
  );
}

/** A path in which the values of password-like parameters are masked; any other text as it is. */
export function withoutSecretParameters(text: string): string {
  if (!text.startsWith("/")) return text;
  return text.replaceAll(parameter, (whole, before: string, name: string) =>
    isSecretName(decoded(name)) ? `${before}${name}=${secretMark}` : whole,
  );
}

/**
 * The values of password-like fields at any depth, and of everything below one; of texts that are JSON, and of paths
 * with a query, what these hold.
 */
export function secretsIn(value: unknown): string[] {
  if (typeof value === "string") return [...secretsIn(dataIn(value)), ...secretsInPath(value)];
  if (Array.isArray(value)) return value.flatMap(secretsIn);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    isSecretName(name) ? stringsIn(inner) : secretsIn(inner),
  );
}

/** A copy in which the values of password-like fields are masked; so are those of texts that are JSON or a path with a query. */
export function withoutSecretFields(value: unknown): unknown {
  if (typeof value === "string") {
    const data = dataIn(value);
    if (data === undefined) return withoutSecretParameters(value);
    return secretsIn(data).length === 0 ? value : JSON.stringify(withoutSecretFields(data));
  }
  if (Array.isArray(value)) return value.map(withoutSecretFields);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      isSecretName(name) && inner !== null && inner !== undefined ? secretMark : withoutSecretFields(inner),
    ]),
  );
}
