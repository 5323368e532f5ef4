/** A request of the server's own that cancels or continues a task, below the task's path. */
export interface TaskAction {
  readonly method: "PATCH" | "DELETE" | "POST";
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** Where the status of a kind of task is: a word, two words, or a flag. */
export type StatusFields =
  /** `then` has the outcome once `word` says that the work is over. */
  | { readonly word: string; readonly then?: string }
  /** True when it is over; `failure` is true when it did not end well. */
  | { readonly flag: string; readonly failure?: string };

/** One kind of asynchronous work, with an API of its own. */
export interface SddcKind {
  /** What one of them is called in messages, with its article. */
  readonly title: string;
  /**
   * Requests that certainly start this kind: `POST /v1/domains/{id}/validations`, `**` for any part of a path. What
   * stands after `->` is the folder where the started one is looked for, if not the request's own path; `none` is for
   * those that the server forgets with its reply.
   */
  readonly starts: readonly string[];
  /** Where all of this kind are. Then an id is the server's own; without it, an id is the whole path. */
  readonly place?: string;
  /** Where the reply to a start has the id, the first that is there; none: the start's own path is the one to look at. */
  readonly id: readonly string[];
  readonly status: StatusFields;
  /** Where the outcome is, beyond the status. */
  readonly result?: string;
  /** The path of their list. */
  readonly list?: string;
  /** The filters that the list knows, by our names. */
  readonly filters?: Readonly<Record<string, string>>;
  readonly cancels: "running" | "failed" | "none";
  readonly retries: "asItIs" | "withBody" | "no";
  /** Instead of a DELETE of the task. */
  readonly cancel?: TaskAction;
  /** Instead of a PATCH of the task. */
  readonly retry?: TaskAction;
  /** Its body always has its id. */
  readonly isNamed?: boolean;
  /** The API lists no 404 for these and answers 400 for an id that it does not know. */
  readonly isUnknownBy400?: boolean;
  /** It only looks: to start it twice does no harm. */
  readonly isHarmless?: boolean;
}

const word: StatusFields = { word: "status" };
const unattended = { cancels: "none", retries: "no" } as const;

/** `GET /v1/tasks`; versions before 5.1 ignore some, and only 9.0 and later know `doLiveRefresh`. */
const taskFilters = {
  limit: "limit",
  type: "taskType",
  name: "taskName",
  resourceId: "resourceId",
  resourceType: "resourceType",
  completedAfter: "completedAfter",
  orderBy: "orderBy",
  orderDirection: "orderDirection",
  doLiveRefresh: "doLiveRefresh",
};

/**
 * Every kind of asynchronous work of SDDC Manager 4.5 to 9.1, Cloud Builder and VCF Installer, by their own API
 * files. Plain data. A start is of the first kind that names it, else a `task`.
 */
export const sddcKinds = {
  task: {
    title: "a task",
    starts: [
      // From 5.2 on the reply is the upgrade, which names its task.
      "PATCH /v1/upgrades/{id}",
      // The one has no place of its own, the other answers at once.
      "POST /v1/system/backup-configuration/validations",
      "POST /v1/system/check-sets/queries",
    ],
    place: "/v1/tasks",
    id: ["taskId", "id"],
    isNamed: true,
    status: word,
    list: "/v1/tasks",
    filters: taskFilters,
    cancels: "running",
    retries: "asItIs",
  },
  credentials: {
    title: "a credentials task",
    starts: ["PATCH /v1/credentials"],
    place: "/v1/credentials/tasks",
    id: ["id"],
    isNamed: true,
    status: word,
    list: "/v1/credentials/tasks",
    filters: { limit: "limit" },
    cancels: "failed",
    retries: "withBody",
    isUnknownBy400: true,
  },
  credentialsExpiration: {
    title: "a check of expirations",
    starts: ["POST /v1/credentials/expirations"],
    place: "/v1/credentials/expirations",
    id: ["id"],
    status: word,
    result: "elements",
    ...unattended,
    isUnknownBy400: true,
    isHarmless: true,
  },
  certificateValidation: {
    title: "a validation of certificates",
    starts: ["PUT /v1/domains/{id}/resource-certificates/validations"],
    id: ["validationId"],
    status: { flag: "completed" },
    ...unattended,
    isHarmless: true,
  },
  import: {
    title: "an import",
    starts: [
      "POST /v1/sddcs/imports",
      "POST /v1/sddcs/imports/validations",
      "POST /v1/domains/{id}/synchronizations",
      "POST /v1/domains/{id}/synchronizations/ssh-known-hosts -> /v1/domains/{id}/synchronizations",
    ],
    id: ["taskId"],
    status: word,
    ...unattended,
    isUnknownBy400: true,
  },
  validation: {
    title: "a validation",
    starts: [
      "POST /v1/hosts/validations/commissions -> /v1/hosts/validations",
      "POST /v1/clusters/{id}/datastores/validation -> /v1/clusters/{id}/datastores/validations",
      "POST /v1/edge-clusters/{id}/validations -> /v1/edge-clusters/validations",
      "POST /v1/releases/domains/{id}/validations -> /v1/releases/domains/validations",
      "POST /v1/alb-clusters/** -> none",
      "POST /v1/nsx-alb-clusters/** -> none",
      "PATCH /v1/sddcs/validations/{id} -> /v1/sddcs/validations",
      "POST /v1/sddcs/resources-calculation",
      "POST /v1/**/validations",
    ],
    id: ["id"],
    isNamed: true,
    status: { word: "executionStatus", then: "resultStatus" },
    list: "/v1/sddcs/validations",
    ...unattended,
    isUnknownBy400: true,
    isHarmless: true,
  },
  bringUp: {
    title: "a bring-up",
    starts: ["POST /v1/sddcs", "PATCH /v1/sddcs/{id}"],
    place: "/v1/sddcs",
    id: ["id"],
    status: word,
    list: "/v1/sddcs",
    cancels: "none",
    retries: "withBody",
  },
  bundle: {
    title: "a bundle",
    starts: [],
    place: "/v1/bundles",
    id: [],
    status: { word: "downloadStatus" },
    list: "/v1/bundles",
    cancels: "running",
    retries: "no",
    cancel: { method: "PATCH", body: { bundleDownloadSpec: { cancelNow: true } } },
  },
  upgrade: {
    title: "an upgrade",
    starts: [],
    place: "/v1/upgrades",
    id: ["id"],
    status: word,
    list: "/v1/upgrades",
    ...unattended,
  },
  checkSet: {
    title: "a run of check sets",
    starts: [],
    place: "/v1/system/check-sets",
    id: ["id"],
    status: word,
    ...unattended,
    isUnknownBy400: true,
    isHarmless: true,
  },
  hostsPrecheck: {
    title: "a precheck of hosts",
    starts: ["POST /v1/hosts/prechecks"],
    place: "/v1/hosts/prechecks",
    id: ["id"],
    status: { word: "executionStatus", then: "result" },
    ...unattended,
    isHarmless: true,
  },
  remediation: {
    title: "a remediation of a cluster",
    starts: ["POST /v1/clusters/{id}/remediations"],
    id: ["id"],
    status: word,
    ...unattended,
  },
  supportBundle: {
    title: "a support bundle",
    starts: ["POST /v1/system/support-bundles"],
    place: "/v1/system/support-bundles",
    id: ["id"],
    status: word,
    list: "/v1/system/support-bundles",
    ...unattended,
    isUnknownBy400: true,
  },
  healthSummary: {
    title: "a health summary",
    starts: ["POST /v1/system/health-summary"],
    place: "/v1/system/health-summary",
    id: ["id"],
    status: word,
    list: "/v1/system/health-summary",
    ...unattended,
    isUnknownBy400: true,
  },
  backup: {
    title: "a backup",
    starts: ["POST /v1/backups/tasks"],
    place: "/v1/tasks",
    id: ["id"],
    isNamed: true,
    status: word,
    list: "/v1/tasks",
    filters: taskFilters,
    cancels: "running",
    retries: "asItIs",
  },
  restore: {
    title: "a restore",
    starts: ["POST /v1/restores/tasks"],
    place: "/v1/restores/tasks",
    id: ["id"],
    isNamed: true,
    status: word,
    ...unattended,
    isUnknownBy400: true,
  },
  healthCheckQuery: {
    title: "a query of health checks",
    starts: ["GET /v1/domains/{id}/health-checks -> /v1/domains/{id}/health-checks/queries"],
    id: ["resultId"],
    status: word,
    result: "result",
    ...unattended,
    isUnknownBy400: true,
    isHarmless: true,
  },
  query: {
    title: "a query",
    starts: ["POST /v1/**/queries"],
    id: ["queryInfo.queryId"],
    status: { flag: "queryInfo.completed", failure: "queryInfo.failure" },
    result: "result",
    ...unattended,
    isUnknownBy400: true,
    isHarmless: true,
  },
  complianceAudit: {
    title: "a compliance audit",
    starts: ["POST /v1/domains/{id}/compliance-audits -> /v1/domains/{id}/compliance-audits/tasks"],
    id: ["id"],
    status: word,
    result: "complianceAuditId",
    cancels: "none",
    retries: "asItIs",
  },
  healthCheck: {
    title: "a change of health checks",
    starts: ["PATCH /v1/domains/{id}/health-checks -> /v1/domains/{id}/health-checks/tasks"],
    id: ["id"],
    status: word,
    result: "resourceStatus",
    ...unattended,
    isUnknownBy400: true,
  },
  vcfComponent: {
    title: "a task of VCF management components",
    starts: ["POST /v1/vcf-management-components"],
    place: "/v1/vcf-management-components/tasks",
    id: ["id"],
    isNamed: true,
    status: word,
    list: "/v1/vcf-management-components/tasks",
    ...unattended,
  },
  configDrift: {
    title: "a reconciliation of drifts",
    starts: ["POST /v1/config-drift-reconciliations"],
    place: "/v1/config-drift-reconciliations",
    id: ["id"],
    isNamed: true,
    status: word,
    ...unattended,
  },
  licenseCheck: {
    title: "a check of licenses",
    starts: ["POST /v1/resources/license-checks"],
    place: "/v1/resources/license-checks",
    id: ["id"],
    status: word,
    result: "resourceLicensingInfos",
    ...unattended,
    isUnknownBy400: true,
    isHarmless: true,
  },
  catalogUpload: {
    title: "an upload of a version catalog",
    starts: ["POST /v1/product-version-catalogs", "PATCH /v1/product-version-catalogs"],
    place: "/v1/product-version-catalogs/upload-tasks",
    id: ["taskId"],
    status: word,
    ...unattended,
  },
  servicesConfig: {
    title: "a propagation of services' configuration",
    starts: ["POST /v1/services-config/propagation"],
    place: "/v1/services-config/propagation/tasks",
    id: ["taskId"],
    status: word,
    ...unattended,
    isUnknownBy400: true,
  },
  checkSetExport: {
    title: "an export of check sets",
    starts: ["POST /v1/system/check-sets/{id}/exports"],
    id: [],
    status: word,
    ...unattended,
  },
  lcm: {
    title: "a task of a lifecycle service",
    starts: ["* /sddc-lcm/v1/** -> /sddc-lcm/v1/tasks", "* /fleet-lcm/v1/** -> /fleet-lcm/v1/tasks"],
    id: ["id"],
    status: word,
    result: "result",
    cancels: "running",
    retries: "asItIs",
    cancel: { method: "POST", query: { action: "cancel" } },
    retry: { method: "POST", query: { action: "retry" } },
  },
} as const satisfies Readonly<Record<string, SddcKind>>;

/** The name of a kind of SDDC Manager's asynchronous work. */
export type SddcKindName = keyof typeof sddcKinds;
