import type { Product } from "../../tasks";

/** What can be asked of one kind of task; arguments that ask for more are refused before anything starts. */
export interface KindTraits {
  /** Which tasks the server takes a cancel for. */
  readonly cancels: "running" | "failed" | "none";
  /** Whether the server continues a failed task under the same id, and whether that takes a changed request body. */
  readonly retries: "asItIs" | "withBody" | "no";
  /** What its ids look like, where that tells a wrong id; for advice only, an id stays opaque. */
  readonly idForm?: { readonly pattern: RegExp; readonly example: string };
}

/** One way to log in. */
export interface LoginTraits {
  /** What of the endpoint's configuration it uses: user and password, or `token` or `tokenCommand`. */
  readonly needs: "password" | "token";
}

/** What a product's task API can do. */
export interface ProductTraits {
  /** The product's name in messages. */
  readonly title: string;
  /** Kinds of tasks with an API of their own; the first is the default. */
  readonly kinds: Readonly<Record<string, KindTraits>>;
  /** Whether tasks live on a named site. */
  readonly hasSites: boolean;
  /** How long an operation may take when the program names no `timeout`. */
  readonly defaultTimeoutMs: number;
  /**
   * The ways to log in, by the endpoint's `login`. Without it, the first one that fits what is configured is taken;
   * where `mustChoose` says so it must be named, for a guess would send credentials to the wrong door.
   */
  readonly logins: Readonly<Record<string, LoginTraits>>;
  readonly mustChooseLogin: boolean;
}

const hour = 3_600_000;

/** The traits of every product. */
export const productTraits: Readonly<Record<Product, ProductTraits>> = {
  vcenter: {
    title: "vCenter",
    kinds: {
      task: {
        cancels: "running",
        retries: "no",
        idForm: {
          pattern: /^[0-9a-f-]{36}:[\w.]+$/i,
          example: "52f9f1b0-160a-25fe-fd1e-e7526df80e0d:com.vmware.vcenter.VM",
        },
      },
      // Tasks of the Virtual Infrastructure JSON API, as the vSphere Client shows them.
      vim: { cancels: "running", retries: "no", idForm: { pattern: /^task-\d+$/, example: "task-123" } },
    },
    hasSites: false,
    defaultTimeoutMs: 2 * hour,
    logins: { password: { needs: "password" }, session: { needs: "token" }, saml: { needs: "token" } },
    mustChooseLogin: false,
  },
  snapservice: {
    title: "Snapservice",
    kinds: { task: { cancels: "none", retries: "no" } },
    hasSites: false,
    defaultTimeoutMs: 2 * hour,
    logins: {
      password: { needs: "password" },
      session: { needs: "token" },
      saml: { needs: "token" },
      bearer: { needs: "token" },
    },
    mustChooseLogin: false,
  },
  "sddc-manager": {
    title: "SDDC Manager",
    kinds: { task: { cancels: "running", retries: "asItIs" } },
    hasSites: false,
    // Domain creations and upgrades of VCF take most of a working day.
    defaultTimeoutMs: 15 * hour,
    logins: { password: { needs: "password" }, bearer: { needs: "token" } },
    mustChooseLogin: false,
  },
};

/** The traits of a kind of tasks, of the product's usual one when none is named. */
export function traitsOfKind({ kinds }: ProductTraits, kind?: string): KindTraits | undefined {
  return kind === undefined ? Object.values(kinds)[0] : kinds[kind];
}

/** The name of the product's usual kind of tasks. */
export function usualKind({ kinds }: ProductTraits): string {
  return Object.keys(kinds)[0] ?? "task";
}
