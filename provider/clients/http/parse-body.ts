/** What a body holds. */
export interface ParsedBody {
  /** The parsed JSON; `undefined` for an empty body or one that is not JSON. */
  readonly body: unknown;
  /** Whether there was a body that is not JSON. */
  readonly isMalformed: boolean;
  /** Such a body as it came. */
  readonly text?: string;
}

// Far deeper than any reply of a product, and far from where the call stack ends.
const deepest = 200;

function isTooDeep(value: unknown): boolean {
  let level = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > deepest) return true;
    level = level.flatMap((one) =>
      typeof one === "object" && one !== null ? (Object.values(one) as unknown[]) : [],
    );
  }
  return false;
}

/** Reads a body. One that nests without end counts as malformed: whoever walks through it would not come back. */
export function parseBody(text: string): ParsedBody {
  if (text.trim() === "") return { body: undefined, isMalformed: false };
  try {
    const body = JSON.parse(text) as unknown;
    return isTooDeep(body) ? { body: undefined, isMalformed: true, text } : { body, isMalformed: false };
  } catch {
    return { body: undefined, isMalformed: true, text };
  }
}
