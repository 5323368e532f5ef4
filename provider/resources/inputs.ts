import { isDeepStrictEqual } from "node:util";

import { unknownValue, type Context } from "../operations";

/** Inputs or outputs of a resource, as the host hands them over. */
export type Properties = Record<string, unknown>;

/** Names that the SDK adds to a program's arguments; no schema of arguments knows them. */
const internal = [
  "resourceUrn",
  "secretValues",
  "deleteBeforeReplace",
  "isObserved",
  "othersChecked",
  "__provider",
];

/** The arguments among the inputs. */
export function argumentsOf(inputs: Properties): Properties {
  return Object.fromEntries(Object.entries(inputs).filter(([name]) => !internal.includes(name)));
}

/** Whether an input differs from what state has; unset and absent are the same. */
export function differs(olds: Properties, news: Properties, name: string): boolean {
  return !isDeepStrictEqual(olds[name] ?? undefined, news[name] ?? undefined);
}

/** Whether an endpoint is another one, and not only called otherwise now. */
export function endpointDiffers({ configuration }: Context, olds: Properties, news: Properties): boolean {
  if (news.endpoint === unknownValue) return true;
  return (
    configuration.currentName(String(olds.endpoint)) !== configuration.currentName(String(news.endpoint))
  );
}

/** Whether another request is to be sent; how long its reply may take is no part of it. */
export function requestDiffers(olds: Properties, news: Properties): boolean {
  const bare = ({ request }: Properties): Properties =>
    typeof request === "object" && request !== null
      ? { request: { ...request, timeout: undefined } }
      : { request };
  return differs(defined(bare(olds)), defined(bare(news)), "request");
}

function defined(value: Properties): Properties {
  return JSON.parse(JSON.stringify(value)) as Properties;
}

/** Picks inputs that later calls need, for `read` and `delete` get the outputs only. */
export function pick(inputs: Properties, names: readonly string[]): Properties {
  return Object.fromEntries(
    names.flatMap((name) => (inputs[name] === undefined ? [] : [[name, inputs[name]]])),
  );
}

/**
 * Outputs with `null` for those that have no value: in a preview, one that is missing would be unknown, and the host
 * cannot send one that is undefined.
 */
export function filled(outputs: object, names: readonly string[]): Properties {
  const given = Object.entries(outputs).filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries(names.map((name) => [name, null])), ...Object.fromEntries(given) };
}

/** The URN for messages; state of another parent may name an old one. */
export function urnOf(inputs: Properties): string {
  return typeof inputs.resourceUrn === "string" ? inputs.resourceUrn : "";
}
