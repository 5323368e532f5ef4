const mark = "[secret]";

/** Names of fields whose values are never shown, whatever case and separators. */
const secretName =
  /pass(word|wd|phrase)?$|secret|token$|api-?_?key|credential|private-?_?key|^authorization$|session-id$/i;

// A shorter value would mask parts of ordinary words.
const shortestInText = 4;
const shortestInData = 8;

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
  readonly text: (text: string) => string;
  /** Strings at any depth; short secrets stay, for a mask in the middle of an object's id would do harm. */
  readonly value: (value: unknown) => unknown;
}

/** A secret as texts may show it: as it is, in JSON, in a URL, in a form. */
function formsOf(secret: string): string[] {
  // Half a character cannot be encoded; texts show a stand-in for it.
  const whole = secret.replaceAll(/\p{Surrogate}/gu, "\ufffd");
  return [
    secret,
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(whole),
    new URLSearchParams([["", whole]]).toString().slice(1),
  ];
}

/** Where in a text a word begins, overlaps included. */
function placesOf(word: string, text: string): number[] {
  const places: number[] = [];
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) places.push(at);
  return places;
}

/** Masks secrets; one that overlaps another leaves no rest. */
function createMask(secrets: readonly string[], shortest: number): (text: string) => string {
  const forms = [...new Set(secrets.filter(({ length }) => length >= shortest).flatMap(formsOf))];
  return (text) => {
    const spans = forms
      .flatMap((form) => placesOf(form, text).map((from) => ({ from, to: from + form.length })))
      .sort((a, b) => a.from - b.from);
    let shown = "";
    let done = 0;
    for (const { from, to } of spans) {
      if (from >= done) shown += text.slice(done, from) + mark;
      done = Math.max(done, to);
    }
    return shown + text.slice(done);
  };
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
