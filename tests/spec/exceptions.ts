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
