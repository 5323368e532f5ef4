/** The VMware products whose task APIs this package speaks, by the name that configuration uses. */
export const products = ["vcenter", "sddc-manager"] as const;

/** The name of a product in the configuration of an endpoint. */
export type Product = (typeof products)[number];

/** What a product's task API can do; arguments that ask for more are refused before anything starts. */
export interface ProductTraits {
  /** The product's name in messages. */
  readonly title: string;
  /** Kinds of tasks with an API of their own; the first is the default. */
  readonly kinds: readonly string[];
  /** Whether a running task can be cancelled. */
  readonly canCancel: boolean;
  /** Whether the server can continue a failed task under the same id. */
  readonly canRetry: boolean;
  /** Kinds whose retry takes a changed request body. */
  readonly kindsWithRetryBody: readonly string[];
  /** Whether tasks live on a named site. */
  readonly hasSites: boolean;
  /** How long an operation may take when the program names no `timeout`. */
  readonly defaultTimeoutMs: number;
}

const hour = 3_600_000;

/** The traits of every product. */
export const productTraits: Readonly<Record<Product, ProductTraits>> = {
  vcenter: {
    title: "vCenter",
    kinds: ["task"],
    canCancel: true,
    canRetry: false,
    kindsWithRetryBody: [],
    hasSites: false,
    defaultTimeoutMs: 2 * hour,
  },
  "sddc-manager": {
    title: "SDDC Manager",
    kinds: ["task"],
    canCancel: true,
    canRetry: true,
    kindsWithRetryBody: [],
    hasSites: false,
    // Domain creations and upgrades of VCF take most of a working day.
    defaultTimeoutMs: 15 * hour,
  },
};
