import { secretMark } from "./secret-mark";
import { unescaped } from "./unescaped";

// A shorter value would mask parts of ordinary words.
const shortestInText = 4;
const shortestInData = 8;
const shortestPart = 8;

/** Removes known secrets from texts and from data. */
export interface Redactor {
  readonly text: (text: string) => string;
  /** The same for every text in a value. */
  readonly texts: <T>(value: T) => T;
  /** Strings at any depth; short secrets stay, for a mask in the middle of an object's id would do harm. */
  readonly value: (value: unknown) => unknown;
}

/** A secret as texts may show it, all without escapes: as it is, and as a header or a body encodes it. */
function formsOf(secret: string): string[] {
  const base64 = Buffer.from(secret).toString("base64").replaceAll("=", "");
  return [secret, base64, base64.replaceAll("+", "-").replaceAll("/", "_")].map(
    (form) => unescaped(form).letters,
  );
}

interface Span {
  readonly from: number;
  readonly to: number;
}

/** Where in a text a word begins, overlaps included. */
function placesOf(word: string, text: string): number[] {
  const places: number[] = [];
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) places.push(at);
  return places;
}

const wordLetter = /[\p{L}\p{N}]/u;

/** Where a text has the whole of a form, or more than half of it where the text was cut. */
function spansOf(form: string, text: string): Span[] {
  const half = Math.max(Math.floor(form.length / 2) + 1, shortestPart);
  if (half >= form.length) return placesOf(form, text).map((from) => ({ from, to: from + form.length }));
  const isWhole = ({ from, to }: Span): boolean => to - from === form.length;
  const begun = placesOf(form.slice(0, half), text).map((from) => {
    let length = half;
    while (length < form.length && text[from + length] === form[length]) length += 1;
    return { from, to: from + length };
  });
  const ended = placesOf(form.slice(-half), text).map((at) => {
    let length = half;
    while (length < form.length && text[at + half - length - 1] === form.at(-length - 1)) length += 1;
    return { from: at + half - length, to: at + half };
  });
  return [
    // What goes on with another letter is another word that begins the same, such as the next id of a row.
    ...begun.filter((span) => isWhole(span) || !wordLetter.test(text.charAt(span.to))),
    ...ended.filter((span) => isWhole(span) || !wordLetter.test(text.charAt(span.from - 1))),
  ];
}

/** Whether a place is inside of a mark: a text may pass here twice. */
function isInMark(text: string, { from, to }: Span): boolean {
  const most = secretMark.length - 1;
  return text.slice(Math.max(to - most, 0), from + most).includes(secretMark);
}

/** Masks secrets; one that overlaps another leaves no rest. */
function createMask(
  secrets: readonly string[],
  later: ReadonlySet<string>,
  shortest: number,
): (text: string) => string {
  let known = -1;
  let forms: string[] = [];
  const current = (): string[] => {
    if (known !== later.size) {
      known = later.size;
      const all = [...secrets, ...later].filter(({ length }) => length >= shortest);
      // Without its escapes one may be blank, and be everywhere.
      forms = [...new Set(all.flatMap(formsOf))].filter((form) => form.trim() !== "");
    }
    return forms;
  };
  return (text) => {
    const { letters, span } = unescaped(text);
    const spans = current()
      .flatMap((form) => spansOf(form, letters))
      .map(({ from, to }) => span(from, to))
      .filter((place) => !isInMark(text, place))
      .sort((a, b) => a.from - b.from);
    let shown = "";
    let done = 0;
    for (const { from, to } of spans) {
      if (from >= done) shown += text.slice(done, from) + secretMark;
      done = Math.max(done, to);
    }
    return shown + text.slice(done);
  };
}

function withTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === "string") return change(value);
  if (Array.isArray(value)) return value.map((one) => withTexts(one, change));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, withTexts(inner, change)]));
}

/**
 * Builds a redactor for secrets.
 *
 * @param later - more of them, which may still come in
 */
export function createRedactor(secrets: readonly string[], later: ReadonlySet<string> = new Set()): Redactor {
  const text = createMask(secrets, later, shortestInText);
  const inData = createMask(secrets, later, shortestInData);
  return {
    text,
    texts: <T>(value: T) => withTexts(value, text) as T,
    value: (value) => withTexts(value, inData),
  };
}
