const mark = "[secret]";

/** Names of fields whose values are never shown, whatever case and separators. */
const secretName =
  /pass(word|wd|phrase)?$|secret|token$|api-?_?key|credential|private-?_?key|^authorization$|session-id$/i;

// A shorter value would mask parts of ordinary words.
const shortestSecret = 4;

/** Names that only sound like one: SDDC Manager's reference into its logs. */
const harmlessName = /^reference_?token$/i;

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

/** The values of password-like fields at any depth, and of everything below one. */
export function secretsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(secretsIn);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    isSecretName(name) ? stringsIn(inner) : secretsIn(inner),
  );
}

/** A copy in which the values of password-like fields are masked. */
export function withoutSecretFields(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecretFields);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      isSecretName(name) && inner !== null && inner !== undefined ? mark : withoutSecretFields(inner),
    ]),
  );
}

/** Removes known secrets from texts and from strings at any depth of a value. */
export interface Redactor {
  text(text: string): string;
  value(value: unknown): unknown;
}

/** Builds a redactor for secrets; each is also found as JSON and as part of a URL show it. */
export function createRedactor(secrets: readonly string[]): Redactor {
  const forms = secrets
    .filter((secret) => secret.length >= shortestSecret)
    .flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)]);
  // The longest first, so that a secret within another one leaves no rest of it.
  const unique = [...new Set(forms)].sort((a, b) => b.length - a.length);
  const text = (input: string): string =>
    unique.reduce(
      (result, secret) => (result.includes(secret) ? result.replaceAll(secret, mark) : result),
      input,
    );
  const value = (input: unknown): unknown => {
    if (typeof input === "string") return text(input);
    if (Array.isArray(input)) return input.map(value);
    if (typeof input !== "object" || input === null) return input;
    return Object.fromEntries(Object.entries(input).map(([name, inner]) => [name, value(inner)]));
  };
  return { text, value };
}
