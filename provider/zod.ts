/**
 * What is used of zod. The build puts it into this one file: zod itself loads 95, of which 64 are texts in other languages,
 * and would be the longest part of every start.
 */
export {
  array,
  boolean,
  coerce,
  enum,
  int,
  literal,
  looseObject,
  number,
  object,
  record,
  strictObject,
  string,
  union,
  unknown,
} from "zod";
export type { core, infer, ZodString, ZodType } from "zod";
