// Certificates, logs, backups, licences, compliance and health: the care of what is there.
import { certificateValidation } from "../kinds/certificate-validations";
import { isolationPrecheck } from "../kinds/check-sets";
import { logBundle } from "../kinds/log-bundles";
import { plainTask, taskWithSpec, unseen, updateOrMark } from "../kinds/plain-tasks";
import { backup, complianceAudit, healthCheck, licenseCheck, upload } from "../kinds/small-tasks";
import { validation, validationAtOnce } from "../kinds/validations";
import type { Operation } from "../operation";

const certificates: readonly Operation[] = [
  {
    method: "PUT",
    path: "/v1/domains/{domain}/resource-certificates/validations",
    kind: certificateValidation,
    status: 201,
    look: "/v1/domains/{domain}/resource-certificates/validations/{task}",
  },
  ...["/v1/domains/resource-certificates", "/v1/domains/{domain}/resource-certificates"].map(
    (path): Operation => ({ method: "PATCH", path, kind: unseen, answers: "nothing", since: "9.0" }),
  ),
];

const logs: readonly Operation[] = [
  ["/v1/system/support-bundles", "support bundle"] as const,
  ["/v1/system/health-summary", "health summary"] as const,
].map(([path, name]) => ({
  method: "POST",
  path,
  kind: logBundle(name),
  look: `${path}/{task}`,
  unknown: 400,
  list: path,
}));

const backupSettings = { method: "PUT", path: "/v1/system/backup-configuration" };

const backupValidation = { method: "POST", path: "/v1/system/backup-configuration/validations" };

/** What settings of backups are answered by changed twice: a Task, a Validation, a Task again. */
const backups: readonly Operation[] = [
  { method: "POST", path: "/v1/backups/tasks", kind: backup },
  {
    method: "POST",
    path: "/v1/restores/tasks",
    kind: plainTask,
    look: "/v1/restores/tasks/{task}",
    unknown: 400,
  },
  { ...backupSettings, kind: plainTask, until: "5.1" },
  { ...backupSettings, kind: validationAtOnce, status: 200, since: "5.2", until: "5.2" },
  { ...backupSettings, kind: plainTask, status: 200, since: "9.0" },
  { ...backupValidation, kind: plainTask, since: "5.2", until: "5.2" },
  { ...backupValidation, kind: validation, since: "9.0" },
];

const clusterUpdate = { method: "PATCH", path: "/v1/clusters/{cluster}", kind: updateOrMark };

const domains: readonly Operation[] = [
  { ...clusterUpdate, status: [200, 202], until: "5.1" },
  { ...clusterUpdate, since: "5.2", until: "5.2" },
  { ...clusterUpdate, status: [200, 202], since: "9.0" },
  {
    method: "POST",
    path: "/v1/domains/{domain}/compliance-audits",
    kind: complianceAudit,
    look: "/v1/domains/{domain}/compliance-audits/tasks/{task}",
    since: "5.2",
  },
  {
    method: "PATCH",
    path: "/v1/domains/{domain}/health-checks",
    kind: healthCheck,
    look: "/v1/domains/{domain}/health-checks/tasks/{task}",
    unknown: 400,
  },
  {
    method: "POST",
    path: "/v1/domains/{domain}/isolation-prechecks",
    kind: isolationPrecheck,
    answers: "task",
    look: "/v1/domains/{domain}/isolation-prechecks/{task}",
    unknown: 400,
    since: "5.2",
  },
];

const system: readonly Operation[] = [
  {
    method: "POST",
    path: "/v1/vcf-management-components",
    kind: taskWithSpec,
    look: "/v1/vcf-management-components/tasks/{task}",
    list: "/v1/vcf-management-components/tasks",
    latest: "/v1/vcf-management-components/tasks/latest",
    since: "9.0",
  },
  {
    method: "POST",
    path: "/v1/config-drift-reconciliations",
    kind: plainTask,
    look: "/v1/config-drift-reconciliations/{task}",
    since: "5.1",
  },
  {
    method: "POST",
    path: "/v1/resources/license-checks",
    kind: licenseCheck,
    look: "/v1/resources/license-checks/{task}",
    unknown: 400,
    since: "5.1",
  },
  {
    method: "POST",
    path: "/v1/services-config/propagation",
    kind: upload,
    look: "/v1/services-config/propagation/tasks/{task}",
    unknown: 400,
    since: "9.1",
  },
  ...["/v1/licensing-info/system", "/v1/licensing-info/domains/{domain}"].map((path): Operation => ({
    method: "PUT",
    path,
    kind: unseen,
    answers: "nothing",
    until: "4.5",
  })),
];

/** What versions from 9.0 on do not have any more. */
const withdrawn: readonly Operation[] = [
  ["POST", "/v1/avns"],
  ["PUT", "/v1/vrli/domains"],
  ["PUT", "/v1/vrops/domains"],
  ["DELETE", "/v1/vrslcm"],
  ["POST", "/v1/vrslcms"],
].map(([method = "", path = ""]) => ({ method, path, kind: plainTask, until: "5.2" }));

/** @internal */
export const administration: readonly Operation[] = [
  ...certificates,
  ...logs,
  ...backups,
  ...domains,
  ...system,
  ...withdrawn,
];
