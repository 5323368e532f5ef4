/** A text without its escapes. */
export interface Unescaped {
  readonly letters: string;
  /** Where a run of letters stands in the text as it was: where it begins, and where it ends. */
  readonly span: (from: number, to: number) => { readonly from: number; readonly to: number };
}

const named: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: " ",
};

const inUrl =
  "%(?:[0-7][\\da-f]|[cd][\\da-f]%[89ab][\\da-f]|e[\\da-f](?:%[89ab][\\da-f]){2}|f[0-7](?:%[89ab][\\da-f]){3})";
const escape = new RegExp(
  [
    "\\\\+u(?<unicode>[\\da-f]{4})",
    "(?<blank>(?:\\\\+[nrt]|[\\s+])+)",
    "\\\\+",
    "&(?<name>amp|lt|gt|quot|apos|nbsp);",
    "&#(?<decimal>\\d{1,6});",
    "&#x(?<hex>[\\da-f]{1,5});",
    `(?<url>${inUrl})`,
  ].join("|"),
  "gi",
);

const ofCode = (code: number): string => String.fromCodePoint(Math.min(code, 0x10ffff));

function decoded(url: string): string {
  try {
    return decodeURIComponent(url);
  } catch {
    return url;
  }
}

/** What an escape stands for. White space of any kind and length is one blank, and so is a plus, as in forms. */
function meaningOf(groups: Readonly<Record<string, string | undefined>>): string {
  const { unicode, blank, name, decimal, hex, url } = groups;
  if (unicode !== undefined) return ofCode(parseInt(unicode, 16));
  if (blank !== undefined) return " ";
  if (name !== undefined) return named[name.toLowerCase()] ?? "";
  if (decimal !== undefined) return ofCode(parseInt(decimal, 10));
  if (hex !== undefined) return ofCode(parseInt(hex, 16));
  // A backslash is one of JSON as likely as one of the text's own.
  return url === undefined ? "" : decoded(url);
}

function once(text: string): Unescaped {
  let letters = "";
  const from: number[] = [];
  const to: number[] = [];
  const add = (part: string, begins: number, ends: (index: number) => number): void => {
    letters += part;
    for (let index = 0; index < part.length; index += 1) {
      from.push(part.length === 1 ? begins : begins + index);
      to.push(ends(index));
    }
  };
  let done = 0;
  for (const match of text.matchAll(escape)) {
    const { index, groups = {} } = match;
    const end = index + match[0].length;
    const start = done;
    add(text.slice(done, index), done, (at) => start + at + 1);
    add(meaningOf(groups), index, () => end);
    done = end;
  }
  add(text.slice(done), done, (at) => done + at + 1);
  return { letters, span: (first, last) => ({ from: from[first] ?? 0, to: to[last - 1] ?? text.length }) };
}

// An escape in a page, of JSON in a text of JSON, is more than any server does.
const mostLevels = 4;
const anyEscape = /[\\&%+]|\s\s|[^\S ]/;

/** Undoes the escapes of JSON, URLs, forms and pages, however they are put into each other. */
export function unescaped(text: string): Unescaped {
  let result: Unescaped = { letters: text, span: (from, to) => ({ from, to }) };
  for (let level = 0; level < mostLevels && anyEscape.test(result.letters); level += 1) {
    const { letters, span } = result;
    const next = once(letters);
    if (next.letters === letters) break;
    result = {
      letters: next.letters,
      span(from, to) {
        const inner = next.span(from, to);
        return span(inner.from, inner.to);
      },
    };
  }
  return result;
}
