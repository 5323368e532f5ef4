// Bundles, upgrades, checks before them, and the depot they come from.
import { bundleDownload } from "../kinds/bundles";
import { checkSetExport, checkSetRun } from "../kinds/check-sets";
import { depotSettings, depotSync, vsanHcl } from "../kinds/depot";
import { plainTask, unseen } from "../kinds/plain-tasks";
import { hostsPrecheck, remediation, upload } from "../kinds/small-tasks";
import { upgrade } from "../kinds/upgrades";
import type { Operation } from "../operation";

const catalogs = {
  path: "/v1/product-version-catalogs",
  kind: upload,
  look: "/v1/product-version-catalogs/upload-tasks/{task}",
};

const upgradePrechecks = {
  method: "POST",
  path: "/v1/upgrades/{upgrade}/prechecks",
  kind: plainTask,
  look: "/v1/upgrades/{upgrade}/prechecks/{task}",
};

const depotUpdate = {
  method: "PUT",
  path: "/v1/system/settings/depot",
  kind: depotSettings,
  latest: "/v1/system/settings/depot",
};

const bundles: readonly Operation[] = [
  {
    method: "PATCH",
    path: "/v1/bundles/{bundle}",
    kind: bundleDownload,
    answers: "task",
    look: "/v1/bundles/{task}",
    list: "/v1/bundles",
  },
  { method: "PATCH", path: "/v1/bundles/", kind: unseen, answers: "nothing", until: "5.2" },
  { method: "POST", path: "/v1/bundles", kind: plainTask, goneSince: "9.0" },
  { method: "DELETE", path: "/v1/bundles/{bundle}", kind: plainTask, since: "5.2", until: "5.2" },
  {
    method: "DELETE",
    path: "/v1/bundles/{bundle}",
    kind: unseen,
    status: 204,
    answers: "nothing",
    since: "9.0",
  },
  { method: "POST", path: "/v1/manifests", kind: unseen, answers: "nothing" },
  {
    method: "POST",
    path: "/v1/product-version-catalog",
    kind: unseen,
    answers: "nothing",
    since: "5.2",
    goneSince: "9.0",
  },
  ...["POST", "PATCH"].flatMap((method): Operation[] => [
    { method, ...catalogs, since: "9.0", until: "9.0" },
    { method, ...catalogs, lookStatusRunning: 206, since: "9.1" },
  ]),
];

const upgrades: readonly Operation[] = [
  {
    method: "POST",
    path: "/v1/upgrades",
    kind: upgrade,
    answers: "task",
    look: "/v1/upgrades/{task}",
    list: "/v1/upgrades",
  },
  { ...upgradePrechecks, unknown: 400, until: "5.2" },
  { ...upgradePrechecks, since: "9.0" },
  {
    method: "POST",
    path: "/v1/clusters/{cluster}/remediations",
    kind: remediation,
    look: "/v1/clusters/{cluster}/remediations/{task}",
    since: "9.1",
  },
];

const checks: readonly Operation[] = [
  {
    method: "POST",
    path: "/v1/system/prechecks",
    kind: plainTask,
    look: "/v1/system/prechecks/tasks/{task}",
    until: "5.2",
  },
  {
    method: "POST",
    path: "/v1/system/check-sets",
    kind: checkSetRun,
    answers: "task",
    look: "/v1/system/check-sets/{task}",
    since: "5.1",
  },
  {
    method: "PATCH",
    path: "/v1/system/check-sets/{run}",
    kind: checkSetRun,
    answers: "task",
    look: "/v1/system/check-sets/{task}",
    since: "5.1",
  },
  {
    method: "POST",
    path: "/v1/system/check-sets/{run}/exports",
    kind: checkSetExport,
    look: "/v1/system/check-sets/{task}/exports",
    since: "9.1",
  },
  {
    method: "POST",
    path: "/v1/hosts/prechecks",
    kind: hostsPrecheck,
    status: 200,
    look: "/v1/hosts/prechecks/{task}",
    since: "5.2",
  },
];

const depot: readonly Operation[] = [
  { ...depotUpdate, bareList: true, until: "4.5" },
  { ...depotUpdate, since: "5.1" },
  {
    method: "PATCH",
    path: "/v1/system/settings/depot/depot-sync-info",
    kind: depotSync,
    latest: "/v1/system/settings/depot/depot-sync-info",
    since: "9.0",
  },
  {
    method: "PATCH",
    path: "/v1/vsan-hcl/configuration",
    kind: vsanHcl,
    latest: "/v1/vsan-hcl/configuration",
    since: "5.2",
  },
  { method: "PATCH", path: "/v1/vsan-hcl", kind: unseen, answers: "nothing", since: "5.2", until: "5.2" },
  { method: "PATCH", path: "/v1/vsan-hcl", kind: plainTask, since: "9.0" },
];

/** @internal */
export const lifecycle: readonly Operation[] = [...bundles, ...upgrades, ...checks, ...depot];
