import * as z from "../../zod";
import type { FailureCause } from "../../tasks";

const text = z.string().optional().catch(undefined);

/** `ApiError` (VCDA API): the body of every 4xx and 5xx, the `error` of a failed task, what warnings hold. */
const apiError = z.looseObject({
  code: text,
  msg: text,
  args: z
    .array(z.unknown())
    .nullish()
    .catch([])
    .transform((values) => values ?? []),
});

// Deeper than any error that a server nests; a body that goes on and on is no error.
const deepest = 6;

const filled = (value: string | undefined): string | undefined =>
  value === undefined || value.trim() === "" ? undefined : value;

function shown(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** The message with its positional arguments: each in the place of its `{0}`, those without a place at the end. */
function fill(message: string, args: readonly unknown[]): string {
  const placed = new Set<number>();
  const text = message.replaceAll(/\{(\d+)\}/g, (placeholder, digits: string) => {
    const index = Number(digits);
    if (index >= args.length) return placeholder;
    placed.add(index);
    return shown(args[index]);
  });
  const rest = args.flatMap((value, index) => {
    const word = shown(value);
    return placed.has(index) || word === "" || text.includes(word) ? [] : [word];
  });
  return rest.length > 0 ? `${text} (${rest.join(", ")})` : text;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The causes that a value holds, at any depth: errors and warnings carry others in fields of many names. */
export function causesOf(value: unknown, path: readonly string[] = [], depth = 0): FailureCause[] {
  if (depth > deepest) return [];
  if (Array.isArray(value)) return value.flatMap((one) => causesOf(one, path, depth + 1));
  if (typeof value === "string" && depth <= 1 && value.trim() !== "") return [{ path, message: value }];
  if (!isRecord(value)) return [];
  const parsed = apiError.parse(value);
  const code = filled(parsed.code);
  const message = filled(parsed.msg);
  const own: FailureCause[] =
    code === undefined && message === undefined
      ? []
      : [{ path, code, message: fill(message ?? "the server gives no message", parsed.args) }];
  const nested = Object.entries(value).flatMap(([name, inner]) =>
    name === "args" || typeof inner === "string" ? [] : causesOf(inner, path, depth + 2),
  );
  return [...own, ...nested];
}

/** What the body of a 4xx or 5xx says. */
export interface ApiErrorBody {
  readonly code?: string | undefined;
  readonly args: readonly string[];
  readonly causes: readonly FailureCause[];
}

/** Reads the body of a 4xx or 5xx; `undefined` when it is not VCDA's. */
export function errorOfBody(body: unknown): ApiErrorBody | undefined {
  if (!isRecord(body) || !(typeof body.code === "string" || typeof body.msg === "string")) return undefined;
  const { code, args } = apiError.parse(body);
  return { code, args: args.filter((value) => typeof value === "string"), causes: causesOf(body) };
}

/** A copy without the stack traces of the server, which help nobody who reads a report or a state. */
export function withoutStacktraces(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutStacktraces);
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, inner]) =>
      /^stack_?trace$/i.test(name) ? [] : [[name, withoutStacktraces(inner)]],
    ),
  );
}
