import { isDeepStrictEqual } from "node:util";

import { getProperty, parsePath } from "dot-prop";

import type * as z from "../zod";
import { isSecretName, withoutSecretFields, type Redactor } from "../tasks";
import type { condition } from "./arguments";

/** A condition on the value at a path of an object. */
export type Condition = z.infer<typeof condition>;

/** What of a value may be shown. */
export interface Showing {
  readonly redactor: Redactor;
  /** The program calls what it judges sensitive. */
  readonly isSensitive?: boolean | undefined;
}

function show(value: unknown, { redactor }: Showing): string {
  // Masked before it is cut: half a secret is one too.
  const text = value === undefined ? "nothing" : JSON.stringify(redactor.texts(withoutSecretFields(value)));
  return text.length > 120 ? `${text.slice(0, 119)}…` : text;
}

function meets(value: unknown, { equals, in: allowed, matches }: Condition): boolean {
  if (equals !== undefined && !isDeepStrictEqual(value, equals)) return false;
  if (allowed !== undefined && !allowed.some((one) => isDeepStrictEqual(value, one))) return false;
  if (matches === undefined) return true;
  return (typeof value === "string" || typeof value === "number") && new RegExp(matches).test(String(value));
}

function wish({ equals, in: allowed, matches }: Condition, showing: Showing): string {
  return [
    ...(equals === undefined ? [] : [`equal ${show(equals, showing)}`]),
    ...(allowed === undefined ? [] : [`be one of ${show(allowed, showing)}`]),
    ...(matches === undefined ? [] : [`match /${matches}/`]),
  ].join(" and ");
}

/** The conditions that an object does not meet, each as a sentence. */
export function unmet(conditions: readonly Condition[], subject: unknown, showing: Showing): string[] {
  return conditions.flatMap((one) => {
    const value: unknown =
      typeof subject === "object" && subject !== null
        ? getProperty(subject as Record<string, unknown>, one.path)
        : undefined;
    if (meets(value, one)) return [];
    const isSensitive =
      showing.isSensitive === true || parsePath(one.path).some((step) => isSecretName(String(step)));
    const shown = isSensitive ? "another, sensitive value" : show(value, showing);
    return [`\`${one.path}\` is ${shown} but should ${wish(one, showing)}`];
  });
}
