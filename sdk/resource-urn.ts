import * as pulumi from "@pulumi/pulumi";

/**
 * The URN that a resource will have, as an input of the resource itself. A promise, for an output would hold the
 * parent's URN as a dependency, for which the engine waits for ever.
 */
export function resourceUrn(
  name: string,
  type: string,
  parent: pulumi.Resource | undefined,
): Promise<string> {
  return new Promise((resolve) => {
    pulumi.createUrn(name, type, parent).apply(resolve);
  });
}
