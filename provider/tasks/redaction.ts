const mark = "[secret]";

/** Names of fields whose values are never shown, whatever case and separators. */
const secretName =
  /pass(word|wd|phrase)?$|secret|token$|api-?_?key|credential|private-?_?key|^authorization$|session-id$/i;

// A shorter value would mask parts of ordinary words.
const shortestInText = 4;
const shortestInData = 8;

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

/** Removes known secrets from texts and from data. */
export interface Redactor {
  text(text: string): string;
  /** Strings at any depth; short secrets stay, for a mask in the middle of an object's id would do harm. */
  value(value: unknown): unknown;
}

/** Masks secrets, each also as JSON and as part of a URL show it. */
function createMask(secrets: readonly string[], shortest: number): (text: string) => string {
  const forms = secrets
    .filter((secret) => secret.length >= shortest)
    .flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)]);
  // The longest first, so that a secret within another one leaves no rest of it.
  const unique = [...new Set(forms)].sort((a, b) => b.length - a.length);
  return (input) =>
    unique.reduce(
      (result, secret) => (result.includes(secret) ? result.replaceAll(secret, mark) : result),
      input,
    );
}

/** Builds a redactor for secrets. */
export function createRedactor(secrets: readonly string[]): Redactor {
  const inData = createMask(secrets, shortestInData);
  const value = (input: unknown): unknown => {
    if (typeof input === "string") return inData(input);
    if (Array.isArray(input)) return input.map(value);
    if (typeof input !== "object" || input === null) return input;
    return Object.fromEntries(Object.entries(input).map(([name, inner]) => [name, value(inner)]));
  };
  return { text: createMask(secrets, shortestInText), value };
}
