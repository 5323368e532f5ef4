import type { Product } from "../../tasks";
import { sddcKindOf } from "../sddc-manager/kind-of";
import { sddcKinds } from "../sddc-manager/kinds";

/** What can be asked of one kind of task; arguments that ask for more are refused before anything starts. */
export interface KindTraits {
  /** Which tasks the server takes a cancel for. */
  readonly cancels: "running" | "failed" | "none";
  /** Whether the server continues a failed task under the same id, and whether that takes a changed request body. */
  readonly retries: "asItIs" | "withBody" | "no";
  /** It only looks: to start it twice does no harm. */
  readonly isHarmless?: boolean;
  /** Where the reply to a start has the id; empty: an object is followed itself, whose deletion is a usual task. */
  readonly id?: readonly string[];
  /** What its ids look like, where that tells a wrong id; for advice only, an id stays opaque. */
  readonly idForm?: { readonly pattern: RegExp; readonly example: string };
  /** The path of the list of all of the kind, where it has one that takes filters of its own or none. */
  readonly list?: string;
  /** The filters that this list knows. */
  readonly filters?: Readonly<Record<string, string>>;
}

/** One way to log in. */
export interface LoginTraits {
  /** What of the endpoint's configuration it uses: user and password, or `token` or `tokenCommand`. */
  readonly needs: "password" | "token";
  /** Further fields of the endpoint's configuration that this way takes; all others of the product refuse them. */
  readonly takes?: readonly string[];
}

/** One way to log in to a remote site in the course of a session. */
export interface RemoteLoginTraits {
  /** What of the site's configuration it uses; `org`: no secret, for the sites trust each other. */
  readonly needs: "password" | "token" | "org";
}

/** What a product's task API can do. */
export interface ProductTraits {
  /** The product's name in messages. */
  readonly title: string;
  /** Kinds of tasks with an API of their own; the first is the default. */
  readonly kinds: Readonly<Record<string, KindTraits>>;
  /** The kind that a request starts, where its method and path say so for certain. */
  readonly kindOf?: (request: { readonly method: string; readonly path: string }) => string | undefined;
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
  /** The ways to log in to remote sites, by the `login` of a remote site; absent where there are none. */
  readonly remoteLogins?: Readonly<Record<string, RemoteLoginTraits>>;
  /** Fields of an endpoint's configuration that only some products have. */
  readonly endpointFields?: readonly string[];
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
    kindOf: ({ path }) => (path.startsWith("/sdk/vim25/") ? "vim" : undefined),
    hasSites: false,
    defaultTimeoutMs: 2 * hour,
    logins: { password: { needs: "password" }, session: { needs: "token" }, saml: { needs: "token" } },
    endpointFields: ["api", "vimRelease"],
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
    endpointFields: ["vcenter"],
    mustChooseLogin: false,
  },
  "sddc-manager": {
    title: "SDDC Manager",
    kinds: sddcKinds,
    kindOf: sddcKindOf,
    hasSites: false,
    // Domain creations and upgrades of VCF take most of a working day.
    defaultTimeoutMs: 15 * hour,
    logins: {
      password: { needs: "password" },
      bearer: { needs: "token" },
      apiKey: { needs: "token" },
      idToken: { needs: "token" },
      // Cloud Builder: user and password with every request.
      basic: { needs: "password" },
    },
    mustChooseLogin: false,
  },
  vcda: {
    title: "VMware Cloud Director Availability",
    kinds: { task: { cancels: "none", retries: "no" } },
    hasSites: true,
    // The first synchronisation of a large virtual machine over a slow line takes hours.
    defaultTimeoutMs: 6 * hour,
    // The types of `POST /sessions` (VCDA API 4.6), and a session of the user's own.
    logins: {
      localUser: { needs: "password" },
      ssoCredentials: { needs: "password", takes: ["principal"] },
      ssoToken: { needs: "token" },
      vcdCredentials: { needs: "password" },
      vcdCookie: { needs: "token" },
      vcdAccessToken: { needs: "token", takes: ["context"] },
      session: { needs: "token" },
    },
    mustChooseLogin: true,
    // The types of `POST /sessions/extend` (VCDA API 4.5 and later).
    remoteLogins: {
      credentials: { needs: "password" },
      cookie: { needs: "token" },
      vcdAccessToken: { needs: "token" },
      multisite: { needs: "org" },
    },
    endpointFields: ["apiVersion", "remoteSites", "principal", "context"],
  },
};

/** The traits of a kind of tasks, of the product's usual one when none is named. */
export function traitsOfKind({ kinds }: ProductTraits, kind?: string): KindTraits | undefined {
  return kind === undefined ? Object.values(kinds)[0] : kinds[kind];
}

/** The kind of a task: the program's word, else what the request that starts it says, else the product's usual one. */
export function kindOfTask(
  traits: ProductTraits,
  given: {
    readonly kind?: string | undefined;
    readonly request?: { readonly method: string; readonly path: string } | undefined;
  },
): string {
  const { kind, request } = given;
  const isOwnDeletion =
    request?.method === "DELETE" && kind !== undefined && traits.kinds[kind]?.id?.length === 0;
  if (isOwnDeletion) return usualKind(traits);
  return kind ?? (request === undefined ? undefined : traits.kindOf?.(request)) ?? usualKind(traits);
}

/** The name of the product's usual kind of tasks. */
export function usualKind({ kinds }: ProductTraits): string {
  return Object.keys(kinds)[0] ?? "task";
}
