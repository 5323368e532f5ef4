import type * as z from "../../zod";
import type { Problem } from "../../tasks";

/** The engine's stand-in, during previews, for a value that is not known yet (a constant of Pulumi's protocol). */
export const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Whether a value holds something that is not known yet. */
export function hasUnknown(value: unknown): boolean {
  if (value === unknownValue) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(hasUnknown);
}

function touchesUnknown(value: unknown, path: readonly PropertyKey[]): boolean {
  let at = value;
  for (const key of path) {
    if (at === unknownValue) return true;
    at = (at as Record<PropertyKey, unknown> | undefined)?.[key];
  }
  return at === unknownValue;
}

function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((key, index) => (typeof key === "number" ? `[${key}]` : `${index === 0 ? "" : "."}${String(key)}`))
    .join("");
}

type Issue = z.core.$ZodIssue;

function sentence(issue: Issue): string {
  switch (issue.code) {
    case "unrecognized_keys":
      return `there is no such argument: ${issue.keys.join(", ")}`;
    case "invalid_type":
      // The library's own words do not say that nothing was given.
      return issue.input === undefined && issue.message.startsWith("Invalid input")
        ? `is missing (${issue.expected})`
        : issue.message;
    default:
      return issue.message;
  }
}

/** The issues that matter: of a union, those of the form that fits best. */
function leaves(issue: Issue): Issue[] {
  if (issue.code !== "invalid_union" || issue.errors.length === 0) return [issue];
  const best = [...issue.errors].sort((a, b) => depth(b) - depth(a))[0] ?? [];
  const isClear =
    best.some(({ path }) => path.length > 0) || best.some(({ code }) => code !== "invalid_type");
  if (!isClear) return [issue];
  return best.flatMap((inner) => leaves({ ...inner, path: [...issue.path, ...inner.path] }));
}

function depth(issues: readonly Issue[]): number {
  return Math.max(0, ...issues.map(({ path, code }) => path.length * 2 + (code === "invalid_type" ? 0 : 1)));
}

/** What is wrong with a value by a schema; what is not known yet is taken as right. */
export function problemsOf(schema: z.ZodType, value: unknown, at: readonly PropertyKey[] = []): Problem[] {
  const parsed = schema.safeParse(value, { reportInput: true });
  if (parsed.success) return [];
  return parsed.error.issues
    .flatMap(leaves)
    .filter(({ path }) => !touchesUnknown(value, path))
    .map((issue) => {
      const path = pathText([...at, ...issue.path]);
      return { path: path === "" ? "(all)" : path, message: sentence(issue) };
    });
}
