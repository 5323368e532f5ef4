import type { Problem, Product } from "../../tasks";

/** What of an endpoint's configuration names the vCenter behind it. */
export interface VcenterArguments {
  readonly product: Product;
  readonly vcenter?: string | undefined;
}

/** The other endpoints of the configuration. */
export interface OtherEndpoints {
  readonly product: (name: string) => Product | undefined;
  readonly problems: (name: string) => Problem[];
}

/** What is wrong with the name of the vCenter that runs the work of a Snapservice. */
export function vcenterProblems(
  { product, vcenter }: VcenterArguments,
  path: string,
  others: OtherEndpoints,
): Problem[] {
  // At another product the field itself is wrong.
  if (vcenter === undefined || product !== "snapservice") return [];
  const at = `${path}.vcenter`;
  const actual = others.product(vcenter);
  if (actual === "vcenter" || actual === undefined)
    return others
      .problems(vcenter)
      .map((problem) => (problem.path === "endpoint" ? { ...problem, path: at } : problem));
  return [
    { path: at, message: `must name an endpoint of the product vcenter; "${vcenter}" is of ${actual}` },
  ];
}
