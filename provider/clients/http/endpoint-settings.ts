import type { Product, Trace } from "../../tasks";

/** Everything a client needs to know of one endpoint; durations in milliseconds. */
export interface EndpointSettings {
  /** The name it has in the configuration. */
  readonly name: string;
  readonly product: Product;
  /** Without a trailing slash; may have a port and a path prefix. */
  readonly url: string;
  /** Which of the product's ways to log in; one that fits the credentials that are there. */
  readonly login: string;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly token?: string | undefined;
  /** A shell command whose first line of output is a token. */
  readonly tokenCommand?: string | undefined;
  /** vCenter: `rest` speaks the deprecated `/rest` API instead of `/api`. */
  readonly api?: "api" | "rest" | undefined;
  /** vCenter: the release in the paths of the Virtual Infrastructure JSON API, such as `8.0.2.0`. */
  readonly vimRelease?: string | undefined;
  readonly requestTimeoutMs: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Extra certificate authorities, each as PEM text. */
  readonly caCertificates: readonly string[];
  /** SHA-256 of the server's own certificate, upper-case hexadecimal pairs with colons. */
  readonly serverFingerprint?: string | undefined;
  readonly insecureSkipTlsVerify: boolean;
  /** Where requests and wrong replies are written down, when the user wants a trace. */
  readonly trace?: Trace | undefined;
}
