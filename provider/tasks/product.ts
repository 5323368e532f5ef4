/** The VMware products whose task APIs this package speaks, by the name that configuration uses. */
export const products = ["vcenter", "snapservice", "sddc-manager", "vcda"] as const;

/** The name of a product in the configuration of an endpoint. */
export type Product = (typeof products)[number];
