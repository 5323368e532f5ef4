import { isDeepStrictEqual } from "node:util";

import { getProperty } from "dot-prop";
import type { z } from "zod";

import type { condition } from "./arguments";

/** A condition on the value at a path of an object. */
export type Condition = z.infer<typeof condition>;

function show(value: unknown): string {
  const text = value === undefined ? "nothing" : JSON.stringify(value);
  return text.length > 120 ? `${text.slice(0, 119)}…` : text;
}

function meets(value: unknown, { equals, in: allowed, matches }: Condition): boolean {
  if (equals !== undefined && !isDeepStrictEqual(value, equals)) return false;
  if (allowed !== undefined && !allowed.some((one) => isDeepStrictEqual(value, one))) return false;
  if (matches === undefined) return true;
  return (typeof value === "string" || typeof value === "number") && new RegExp(matches).test(String(value));
}

function wish({ equals, in: allowed, matches }: Condition): string {
  return [
    ...(equals === undefined ? [] : [`equal ${show(equals)}`]),
    ...(allowed === undefined ? [] : [`be one of ${show(allowed)}`]),
    ...(matches === undefined ? [] : [`match /${matches}/`]),
  ].join(" and ");
}

/** The conditions that an object does not meet, each as a sentence. */
export function unmet(conditions: readonly Condition[], subject: unknown): string[] {
  return conditions.flatMap((one) => {
    const value: unknown =
      typeof subject === "object" && subject !== null
        ? getProperty(subject as Record<string, unknown>, one.path)
        : undefined;
    return meets(value, one) ? [] : [`\`${one.path}\` is ${show(value)} but should ${wish(one)}`];
  });
}
