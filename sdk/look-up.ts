import * as pulumi from "@pulumi/pulumi";

import { lookUpProblems, type LookUp } from "../provider/operations/arguments";
import type { Product } from "../provider/tasks";
import { check } from "./check";

/** Options of the `…Output` form of a data source. */
export interface LookUpOptions {
  /** The look-up waits for these, and is not made in a preview while one of them does not exist yet. */
  dependsOn?: pulumi.Resource | pulumi.Resource[] | undefined;
}

/** Arguments of a data source as inputs. */
export type LookUpInputs<T> = { [K in keyof T]: pulumi.Input<T[K]> };

/** @throws InvalidArgumentsError with all problems at once */
export function checkLookUp(name: string, lookUp: LookUp, given: object, product?: Product): void {
  check(`${name} cannot look that up`, given, (known, configuration) =>
    lookUpProblems(lookUp, known, configuration, product),
  );
}

/** The ids of a resource, and of everything below a component: unknown while one does not exist yet. */
function idsOf(resource: pulumi.Resource): pulumi.Output<unknown>[] {
  if (pulumi.CustomResource.isInstance(resource)) return [resource.id];
  const children = (resource as { __childResources?: Set<pulumi.Resource> }).__childResources ?? new Set();
  return [resource.urn, ...[...children].flatMap(idsOf)];
}

/** Makes the `…Output` form of a data source. */
export function outputForm<A extends object, R>(
  lookUp: (args: A) => Promise<R>,
): (args: LookUpInputs<A>, options?: LookUpOptions) => pulumi.Output<R> {
  return (args, { dependsOn } = {}) => {
    const resources = dependsOn === undefined ? [] : [dependsOn].flat();
    const known = pulumi.all([pulumi.output(args), ...resources.flatMap(idsOf)]);
    return known.apply<R>(([given]) => {
      const found = lookUp(given as unknown as A);
      // Pulumi reports the error; until it does, Node must not take it for one that nobody heeds.
      found.catch(() => undefined);
      return found;
    });
  };
}
