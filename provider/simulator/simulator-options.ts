// The options of a simulator and what they are when not given.
import type { CollectionOptions } from "./collections";
import type { SddcVersion } from "./products/sddc-manager/sddc-version";
import type { TaskScript } from "./task-script";

/** Where the simulator takes the time from. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
}

/** Options of {@link startSimulator}. */
export interface SimulatorOptions {
  /** Port on 127.0.0.1; 0 takes a free one. @default 0 */
  port?: number;
  /** `true` makes a self-signed certificate for 127.0.0.1 and localhost. @default false */
  https?: boolean | { key: string; cert: string };
  /** A path in front of everything, as behind a reverse proxy: `"/lab1"`. @default "" */
  pathPrefix?: string;
  /** @default the system's clock */
  clock?: Clock;
  /** Gives the n-th id, in the shape of a UUID. @default a counter */
  uuid?: (sequence: number) => string;
  /** The only user, of all products. @default "administrator@vsphere.local" */
  username?: string;
  /** @default "simulator-password" */
  password?: string;
  /** The SAML assertion that vCenter's log-in takes in place of user and password. @default '<Assertion ID="simulator"/>' */
  samlAssertion?: string;
  /** vCenter: whether `/sdk/vim25` takes the session of `/api`, as 8.0 U3 does, or none of it. @default "shared" */
  vimSession?: "shared" | "separate";
  /** vCenter, Snapservice and VCDA: a session ends when it was idle for so long, in seconds. @default 1800 */
  sessionSeconds?: number;
  /** VCDA: a session ends when it is so old, in seconds, however much it is used. @default 86400 */
  sessionMaxAgeSeconds?: number;
  /** VCDA: the local site, then remote sites, to which a session must be extended. @default ["site1", "site2"] */
  vcdaSites?: string[];
  /** SDDC Manager: life of an access token, in seconds. @default 3600 */
  tokenSeconds?: number;
  /**
   * Snapservice: `8.0.3` has no sessions and takes a SAML assertion or a JWT with every call, one that names the user and
   * has not expired; signatures are not checked. Later ones take a session. @default "9.1"
   */
  snapserviceVersion?: "8.0.3" | "9.0" | "9.1";
  /** How long a task takes when no script says otherwise, in milliseconds. @default 2000 */
  defaultDurationMs?: number;
  /** Finished tasks are forgotten after so many milliseconds. @default never */
  retentionMs?: number;
  /** Scripts to begin with; of several that match, the last is taken. @default [] */
  scripts?: TaskScript[];
  /** Sets of named objects beside virtual machines, hosts and domains. @default [] */
  collections?: CollectionOptions[];
  /** vCenter: guest tools of a virtual machine are up so long after it is switched on, in milliseconds. @default 1000 */
  guestReadyMs?: number;
  /**
   * SDDC Manager's casing of a status. `mixed`: tasks say "In Progress", their sub-tasks "IN_PROGRESS", as the
   * real server does. @default "mixed", and "upper" for version 4.5, which knows no other
   */
  statusWords?: "mixed" | "title" | "upper";
  /** SDDC Manager: number of the first page of a list. @default 0 */
  firstPage?: 0 | 1;
  /** SDDC Manager: the answer to a wrong password. @default 400 */
  badCredentialsStatus?: 400 | 401;
  /** SDDC Manager: the answer to an expired or unknown access token. @default 401 */
  expiredTokenStatus?: 401 | 403;
  /**
   * Whose words, fields, paging and paths are used: SDDC Manager of that VMware Cloud Foundation; below 9.0
   * `/v1/sddcs` is Cloud Builder, from 9.0 on it is VCF Installer. @default "5.2"
   */
  sddcVersion?: SddcVersion;
  /** SDDC Manager: `basic` takes HTTP Basic with each request and has no tokens, as Cloud Builder. @default "tokens" */
  sddcLogin?: "tokens" | "basic";
  /** SDDC Manager: role of the user. A VIEWER changes nothing; an OPERATOR no users, passwords, backups. @default "ADMIN" */
  sddcRole?: "ADMIN" | "OPERATOR" | "VIEWER";
  /** SDDC Manager: an API key that gets tokens, as a service user's. @default "simulator-api-key" */
  sddcApiKey?: string;
  /** SDDC Manager: an identity token that gets tokens. @default "simulator-id-token" */
  sddcIdToken?: string;
}

/** @internal Every option with its value, except those that only matter when the server starts. */
export type Settings = Required<
  Omit<SimulatorOptions, "port" | "https" | "uuid" | "scripts" | "collections">
>;

/** @internal */
export function toSettings(options: SimulatorOptions): Settings {
  const sddcVersion = options.sddcVersion ?? "5.2";
  const prefix = (options.pathPrefix ?? "").replace(/^\/*|\/+$/g, "");
  return {
    pathPrefix: prefix === "" ? "" : `/${prefix}`,
    clock: options.clock ?? { now: () => Date.now() },
    username: options.username ?? "administrator@vsphere.local",
    password: options.password ?? "simulator-password",
    samlAssertion: options.samlAssertion ?? '<Assertion ID="simulator"/>',
    vimSession: options.vimSession ?? "shared",
    sessionSeconds: options.sessionSeconds ?? 1800,
    sessionMaxAgeSeconds: options.sessionMaxAgeSeconds ?? 86_400,
    vcdaSites: options.vcdaSites ?? ["site1", "site2"],
    tokenSeconds: options.tokenSeconds ?? 3600,
    snapserviceVersion: options.snapserviceVersion ?? "9.1",
    defaultDurationMs: options.defaultDurationMs ?? 2000,
    retentionMs: options.retentionMs ?? Infinity,
    guestReadyMs: options.guestReadyMs ?? 1000,
    statusWords: options.statusWords ?? (sddcVersion === "4.5" ? "upper" : "mixed"),
    firstPage: options.firstPage ?? 0,
    badCredentialsStatus: options.badCredentialsStatus ?? 400,
    expiredTokenStatus: options.expiredTokenStatus ?? 401,
    sddcVersion,
    sddcLogin: options.sddcLogin ?? "tokens",
    sddcRole: options.sddcRole ?? "ADMIN",
    sddcApiKey: options.sddcApiKey ?? "simulator-api-key",
    sddcIdToken: options.sddcIdToken ?? "simulator-id-token",
  };
}
