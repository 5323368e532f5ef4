// Secrets to plant, and the search for them and for what may be made of them.
import { createHash } from "node:crypto";

const beginning = "C4nary";

/** A secret of a place, unlike that of any other, with each letter that some form of text escapes. */
export function canaryOf(place: string): string {
  const own = createHash("sha256").update(place).digest("hex");
  const [a, b, c] = [own.slice(0, 8), own.slice(8, 16), own.slice(16, 24)];
  return `${beginning}+"${a}/&<${b}>'${c}%=\\Z9`;
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

const inJson = (text: string): string => JSON.stringify(text).slice(1, -1);

/** JSON as Go writes it, and so the files of a state. */
const inJsonOfGo = (text: string): string =>
  inJson(text).replaceAll(/[<>&]/g, (letter) => `\\u00${letter.charCodeAt(0).toString(16)}`);

/** Base64 of a text in the middle of another, at each of the three places where it can begin. */
function inBase64(text: string): string[] {
  return [0, 1, 2].map((shift) =>
    Buffer.concat([Buffer.alloc(shift), Buffer.from(text)])
      .toString("base64")
      // What the letters beside it have a share in.
      .slice(shift === 0 ? 0 : 4, -4),
  );
}

/** The forms in which a secret can stand in a text. */
function formsOf(secret: string): string[] {
  const base64 = inBase64(secret);
  return [
    secret,
    inJson(secret),
    inJson(inJson(secret)),
    inJsonOfGo(secret),
    inJsonOfGo(inJsonOfGo(secret)),
    encodeURIComponent(secret),
    new URLSearchParams({ "": secret }).toString().slice(1),
    secret.replaceAll(/[&<>"']/g, (letter) => entities[letter] ?? letter),
    ...base64,
    ...base64.map((text) => text.replaceAll("+", "-").replaceAll("/", "_")),
  ];
}

/** What no escape changes: neither those of a text nor those within each other. */
const bare = (text: string): string =>
  text
    .replaceAll(/&(?:amp|lt|gt|quot|apos|#\w+);|%[0-9A-F]{2}|\\+u00[0-9A-F]{2}/gi, "")
    .replaceAll(/[^A-Za-z0-9]/g, "");

/** Each part of a form that is just longer than its half: whoever shows more shows one of these. */
function partsOf(form: string): string[] {
  const length = Math.floor(form.length / 2) + 1;
  return Array.from({ length: form.length - length + 1 }, (_, at) => form.slice(at, at + length));
}

/** What proves who asks, whatever it is: no text for people has such a thing. */
const proofs = [/\b(?:Basic|Bearer) [\w+/=.-]{12,}/, /\beyJ[\w-]{8,}\.eyJ[\w-]{8,}/, /\bSIGN token=/];

const around = 60;

/** Where a text shows a secret, more than half of one, or a header that is one; empty when it shows none. */
export function leaksIn(text: string, secrets: readonly string[]): string[] {
  const shown = (at: number): string => text.slice(Math.max(0, at - around), at + around);
  const bareText = bare(text);
  const places = secrets.flatMap((secret) => {
    const at = [...new Set(formsOf(secret))]
      .flatMap(partsOf)
      .map((part) => text.indexOf(part))
      .find((found) => found >= 0);
    if (at !== undefined) return [`${secret}: …${shown(at)}…`];
    const isBare =
      secret.startsWith(beginning) && partsOf(bare(secret)).some((part) => bareText.includes(part));
    return isBare ? [`${secret}: with escapes within escapes`] : [];
  });
  return [...places, ...proofs.flatMap((proof) => proof.exec(text)?.[0] ?? [])];
}

const secretField = /password|token$|secret|cookie/i;
// A shorter one is a part of ordinary words.
const shortest = 8;

function secretFieldsOf(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]: [string, unknown]) => {
    if (name === "headers" && typeof inner === "object" && inner !== null)
      return Object.values(inner) as string[];
    return typeof inner === "string" && secretField.test(name) ? [inner] : secretFieldsOf(inner);
  });
}

/** The secrets that an environment hands to a deployment. */
export function secretsOf(environment: Readonly<Record<string, string>>): string[] {
  const endpoints = environment.VMWARE_TASKS_ENDPOINTS;
  let inEndpoints: string[] = [];
  try {
    inEndpoints = secretFieldsOf(JSON.parse(endpoints ?? "{}"));
  } catch {
    // A test of a setting that is no JSON; it has no secret that could be told by its name.
  }
  const variables = Object.entries(environment).flatMap(([name, value]) =>
    /^VMWARE_TASKS_.*_(PASSWORD|TOKEN)$/.test(name) ? [value] : [],
  );
  return [...new Set([...inEndpoints, ...variables])].filter(({ length }) => length >= shortest);
}

/** Lets a test that has ended fail for what it leaked, beside what it failed for itself. */
const leaked: string[] = [];

/** Notes leaks of a test; it fails after its end. */
export function noteLeaks(leaks: readonly string[]): void {
  leaked.push(...leaks);
}

afterEach(() => {
  const found = leaked.splice(0);
  if (found.length > 0) throw new Error(`Secrets were shown:\n${found.join("\n")}`);
});
