// Where the official files are known to be wrong or silent, and why. A test drops what a newer file makes needless.
import type { Api, Schema } from "./support/shapes";

/** Fields of schemas that are otherwise than the file says. */
export interface Correction {
  readonly api: Api;
  readonly schemas: readonly string[];
  readonly properties: Readonly<Record<string, Schema>>;
  readonly why: string;
}

/** Statuses that operations answer although the file does not list them. */
export interface MoreReplies {
  readonly api: Api;
  /** Matched against keys such as `POST /api/cis/tasks?action=list`. */
  readonly operations: RegExp;
  readonly statuses: readonly number[];
  readonly body: Schema | null;
  readonly why: string;
}

/** Operations of `operations.tsv` that no test follows to their end. */
export interface Unfollowed {
  /** Matched against lines such as `sddc-manager POST /v1/hosts`. */
  readonly operations: RegExp;
  readonly why: string;
}

const ref = (schema: string): Schema => ({ $ref: `#/schemas/${schema}` });

const infos = ["CisTaskInfo", "cis.task.info"];

export const corrections: readonly Correction[] = [
  {
    api: "vcenter",
    schemas: infos,
    properties: { result: {} },
    why: "What an operation answers may be any JSON; its type in the bindings is Opaque.",
  },
  {
    api: "vcenter",
    schemas: infos,
    properties: { error: ref("VapiStdErrorsError") },
    why: "The file says string; in every payload that is known it is a vAPI error.",
  },
  {
    api: "vcenter",
    schemas: infos,
    properties: {
      last_update_time: { type: "string", format: "date-time" },
      notifications: {
        type: "object",
        properties: { info: { type: "array" }, warnings: { type: "array" }, errors: { type: "array" } },
      },
    },
    why: "Tasks of vSphere Lifecycle Manager have these two fields beside those of the file.",
  },
  {
    api: "vcenter",
    schemas: ["VapiStdErrorsError"],
    properties: { "@class": { type: "string" } },
    why: "The error of a task names its class, too (seen in tasks of cluster configuration).",
  },
];

const everyOperation = /^\w+ \//;

export const moreReplies: readonly MoreReplies[] = [
  {
    api: "vcenter",
    operations: /^\w+ \/api\/esx\//,
    statuses: [403],
    body: ref("VapiStdErrorsUnauthorized"),
    why: "A user without the privilege gets it everywhere; the file lists it for some services only.",
  },
  {
    api: "vcenter",
    operations: /^\w+ \/api\//,
    statuses: [429],
    body: ref("VapiStdErrorsServiceUnavailable"),
    why: "vAPI's own runtime reads it as SERVICE_UNAVAILABLE; no file lists it.",
  },
  ...(["sddc-manager", "vcf-installer"] as const).map((api) => ({
    api,
    operations: everyOperation,
    statuses: [401, 403],
    body: ref("Error"),
    why: "A token that is missing, has ended or lacks the role; the file lists them for a tenth of the operations.",
  })),
  ...(["sddc-manager", "vcf-installer"] as const).map((api) => ({
    api,
    operations: everyOperation,
    statuses: [429, 503],
    body: ref("Error"),
    why: "What stands in front of the services answers them under load and during restarts.",
  })),
];

export const unfollowed: readonly Unfollowed[] = [
  {
    operations: /^\S+ (PATCH|DELETE) \/v1\/(domains\/\{id\}\/compliance-audits\/)?tasks\/\{\w+\}$/,
    why: "They start nothing: they continue and cancel a task that is there.",
  },
  {
    operations: /^sddc-manager PATCH \/v1\/upgrades\/\{upgradeId\}$/,
    why: "It goes on with an upgrade, whose id is none of a task.",
  },
  {
    operations: /^(sddc|fleet)-lcm /,
    why: "The simulator does not serve the lifecycle services.",
  },
  {
    operations: /^vcf-installer POST \/v1\/bundles$/,
    why: "The file lists 410, too: it is withdrawn from 9.0 on, and no version before has an installer.",
  },
  {
    operations: /^sddc-manager POST \/v1\/system\/backup-configuration\/validations$/,
    why: "It answers with a Validation in one version and a Task in another, and has no place to look at either.",
  },
];
