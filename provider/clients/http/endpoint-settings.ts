import type { Product, Trace } from "../../tasks";

/** How to log in to a remote site in the course of a session (VCDA). */
export interface RemoteSiteSettings {
  /** Which of the product's ways to log in to a remote site. */
  readonly login: string;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly token?: string | undefined;
  /** A shell command whose first line of output is a token. */
  readonly tokenCommand?: string | undefined;
  /** The organization to act for, where sites trust each other. */
  readonly org?: string | undefined;
}

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
  /** VCDA: the version of the API that is asked for. */
  readonly apiVersion?: string | undefined;
  /** VCDA: remote sites by name. */
  readonly remoteSites?: Readonly<Record<string, RemoteSiteSettings>> | undefined;
  /** VCDA: the principal of an SSO log-in. */
  readonly principal?: string | undefined;
  /** VCDA: the context of a Cloud Director access token. */
  readonly context?: string | undefined;
  readonly requestTimeoutMs: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Extra certificate authorities, each as PEM text. */
  readonly caCertificates: readonly string[];
  /** SHA-256 of the server's own certificate, upper-case hexadecimal pairs with colons. */
  readonly serverFingerprint?: string | undefined;
  readonly insecureSkipTlsVerify: boolean;
  /** Where requests and wrong replies are written down, when the user wants a trace. */
  readonly trace?: Trace | undefined;
  /** Is told each secret that leaves in a request, tokens of sessions among them, for a server may echo it. */
  readonly onSecret?: ((secret: string) => void) | undefined;
}
