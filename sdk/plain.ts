import * as pulumi from "@pulumi/pulumi";

import { unknownValue } from "../provider/operations/arguments";
import { isSecretName, secretsIn, type Problem } from "../provider/tasks";

function isLater(value: unknown): boolean {
  return pulumi.Output.isInstance(value) || value instanceof Promise;
}

/** Whether a value, at any depth, is only known when the deployment runs. */
export function hasLater(value: unknown): boolean {
  if (isLater(value)) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(hasLater);
}

/** The value as far as it is known while the program runs; what comes later is the engine's own stand-in. */
export function plain(value: unknown): unknown {
  if (isLater(value)) return unknownValue;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, inner]) => (inner === undefined ? [] : [[name, plain(inner)]])),
  );
}

/** Whether Pulumi sends other fields of an object than JSON does, as of a `Date`, or none, as of a `Map`. */
function isOdd(value: object): boolean {
  return "toJSON" in value || value instanceof Map || value instanceof Set;
}

/** What Pulumi itself knows how to send. */
function isOfPulumi(value: object): boolean {
  const { Archive, Asset } = pulumi.asset;
  return pulumi.Resource.isInstance(value) || Asset.isInstance(value) || Archive.isInstance(value);
}

/** Values that would be sent as something else, or as nothing at all. */
export function unsendable(value: unknown, path = ""): Problem[] {
  if (typeof value === "bigint") return [{ path, message: "is a bigint; give a number or a text" }];
  if (typeof value !== "object" || value === null || isLater(value) || isOfPulumi(value)) return [];
  if (isOdd(value)) {
    const kind = value.constructor.name;
    return [{ path, message: `is a ${kind}, whose contents would be lost; give a text or a plain object` }];
  }
  const isList = Array.isArray(value);
  return Object.entries(value).flatMap(([name, inner]) =>
    unsendable(inner, isList ? `${path}[${name}]` : path === "" ? name : `${path}.${name}`),
  );
}

function outputsIn(value: unknown): pulumi.Output<unknown>[] {
  if (pulumi.Output.isInstance(value)) return [value];
  if (value instanceof Promise) return [pulumi.output(value)];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(outputsIn) : [];
}

function stringsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value === "number") return [String(value)];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(stringsIn) : [];
}

/** In a request that is secret as a whole most values are ordinary words: no short ones, and none of these fields. */
const ordinary = ["method", "path", "timeout"];
const shortestOfWhole = 8;

function secretStrings(value: unknown): string[] {
  if (typeof value !== "object" || value === null || !("method" in value)) return stringsIn(value);
  return Object.entries(value)
    .flatMap(([name, inner]) => (ordinary.includes(name) ? [] : stringsIn(inner)))
    .filter((text) => text.length >= shortestOfWhole);
}

/**
 * The values in a request that the program has marked secret, as a secret; `undefined` when there are none. The
 * provider gets values without their marks, and must know what not to show.
 */
export function secretValues(request: unknown): pulumi.Output<string[] | undefined> | undefined {
  const outputs = outputsIn(request);
  if (outputs.length === 0) return undefined;
  const secrets = outputs.map((output) =>
    pulumi
      .output(pulumi.isSecret(output))
      // What an output resolves to may hold outputs of its own, which are known only then.
      .apply((isSecret) => (isSecret ? output : output.apply((value) => secretValues(value)))),
  );
  return pulumi.all(secrets).apply((values) => {
    const found = values.flatMap(secretStrings);
    return found.length > 0 ? found : undefined;
  });
}

/**
 * Marks the values of password-like fields secret, so that the state holds them encrypted also when the program does
 * not say so; and texts that hold such fields themselves: JSON, and paths with a query.
 */
export function withSecretFields(value: unknown): unknown {
  if (pulumi.Output.isInstance(value)) return value.apply(withSecretFields);
  if (value instanceof Promise) return pulumi.output(value).apply(withSecretFields);
  if (Array.isArray(value)) return value.map(withSecretFields);
  if (typeof value === "string" && secretsIn(value).length > 0) return pulumi.secret(value);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      isSecretName(name) && inner !== undefined && inner !== null
        ? pulumi.secret(inner as unknown)
        : withSecretFields(inner),
    ]),
  );
}
