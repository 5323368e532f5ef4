import { folderOf, idBelow, pathOf, sddcKindOf } from "../../../provider/clients/sddc-manager/kind-of";
import { sddcKinds, type SddcKind } from "../../../provider/clients/sddc-manager/kinds";
import { kindOfTask, productTraits } from "../../../provider/clients/traits";

const rows = Object.entries(sddcKinds) as [string, SddcKind][];

/** Each request, its kind, and the path of what it started under the id `x`. */
const starts: [string, string | undefined, string | undefined][] = [
  ["POST /v1/hosts", undefined, "/v1/tasks/x"],
  ["POST /v1/domains", undefined, "/v1/tasks/x"],
  ["PATCH /v1/upgrades/u", "task", "/v1/tasks/x"],
  ["POST /v1/system/check-sets", undefined, "/v1/tasks/x"],
  ["POST /v1/system/check-sets/queries", "task", "/v1/tasks/x"],
  ["PATCH /v1/credentials", "credentials", "/v1/credentials/tasks/x"],
  ["POST /v1/credentials/expirations", "credentialsExpiration", "/v1/credentials/expirations/x"],
  ["POST /v1/domains/validations", "validation", "/v1/domains/validations/x"],
  ["POST /v1/domains/validations/?a=b", "validation", "/v1/domains/validations/x"],
  ["POST /v1/domains/d/validations", "validation", "/v1/domains/d/validations/x"],
  ["POST /v1/clusters/c/validations?useAsyncValidation=true", "validation", "/v1/clusters/c/validations/x"],
  ["POST /v1/clusters/c/datastores/validations", "validation", "/v1/clusters/c/datastores/validations/x"],
  ["POST /v1/clusters/c/datastores/validation", "validation", "/v1/clusters/c/datastores/validations/x"],
  ["POST /v1/hosts/validations", "validation", "/v1/hosts/validations/x"],
  ["POST /v1/hosts/validations/commissions", "validation", "/v1/hosts/validations/x"],
  ["POST /v1/edge-clusters/validations", "validation", "/v1/edge-clusters/validations/x"],
  ["POST /v1/edge-clusters/e/validations", "validation", "/v1/edge-clusters/validations/x"],
  ["POST /v1/releases/domains/d/validations", "validation", "/v1/releases/domains/validations/x"],
  ["POST /v1/sddcs/validations", "validation", "/v1/sddcs/validations/x"],
  ["PATCH /v1/sddcs/validations/v", "validation", "/v1/sddcs/validations/x"],
  ["POST /v1/alb-clusters/validations", "validation", undefined],
  ["POST /v1/alb-clusters/compatibility/validations", "validation", undefined],
  ["POST /v1/alb-clusters", undefined, "/v1/tasks/x"],
  ["POST /v1/system/backup-configuration/validations", "task", "/v1/tasks/x"],
  [
    "PUT /v1/domains/d/resource-certificates/validations",
    "certificateValidation",
    "/v1/domains/d/resource-certificates/validations/x",
  ],
  ["POST /v1/sddcs", "bringUp", "/v1/sddcs/x"],
  ["PATCH /v1/sddcs/s", "bringUp", "/v1/sddcs/x"],
  ["POST /v1/sddcs/imports", "import", "/v1/sddcs/imports/x"],
  ["POST /v1/sddcs/imports/validations", "import", "/v1/sddcs/imports/validations/x"],
  ["POST /v1/domains/d/synchronizations", "import", "/v1/domains/d/synchronizations/x"],
  ["POST /v1/domains/d/synchronizations/ssh-known-hosts", "import", "/v1/domains/d/synchronizations/x"],
  ["POST /v1/hosts/prechecks", "hostsPrecheck", "/v1/hosts/prechecks/x"],
  ["POST /v1/system/support-bundles", "supportBundle", "/v1/system/support-bundles/x"],
  ["POST /v1/system/health-summary", "healthSummary", "/v1/system/health-summary/x"],
  ["POST /v1/backups/tasks", "backup", "/v1/tasks/x"],
  ["POST /v1/restores/tasks", "restore", "/v1/restores/tasks/x"],
  ["POST /v1/hosts/queries", "query", "/v1/hosts/queries/x"],
  ["POST /v1/domains/d/clusters/c/queries", "query", "/v1/domains/d/clusters/c/queries/x"],
  ["GET /v1/domains/d/health-checks", "healthCheckQuery", "/v1/domains/d/health-checks/queries/x"],
  ["PATCH /v1/domains/d/health-checks", "healthCheck", "/v1/domains/d/health-checks/tasks/x"],
  ["POST /v1/domains/d/compliance-audits", "complianceAudit", "/v1/domains/d/compliance-audits/tasks/x"],
  ["POST /v1/vcf-management-components", "vcfComponent", "/v1/vcf-management-components/tasks/x"],
  [
    "POST /v1/vcf-management-components/validations",
    "validation",
    "/v1/vcf-management-components/validations/x",
  ],
  ["POST /v1/config-drift-reconciliations", "configDrift", "/v1/config-drift-reconciliations/x"],
  ["POST /v1/resources/license-checks", "licenseCheck", "/v1/resources/license-checks/x"],
  ["PATCH /v1/product-version-catalogs", "catalogUpload", "/v1/product-version-catalogs/upload-tasks/x"],
  ["POST /v1/services-config/propagation", "servicesConfig", "/v1/services-config/propagation/tasks/x"],
  ["POST /v1/sddcs/resources-calculation", "validation", "/v1/sddcs/resources-calculation/x"],
  ["POST /v1/clusters/c/remediations", "remediation", "/v1/clusters/c/remediations/x"],
  ["POST /v1/system/check-sets/r/exports", "checkSetExport", "/v1/system/check-sets/r/exports/x"],
  ["POST /sddc-lcm/v1/components", "lcm", "/sddc-lcm/v1/tasks/x"],
  ["DELETE /fleet-lcm/v1/components/c", "lcm", "/fleet-lcm/v1/tasks/x"],
  ["GET /sddc-lcm/v1/components", undefined, "/v1/tasks/x"],
];

test.each(starts)("%s starts the kind %s, looked for at %s", (line, kind, path) => {
  const [method = "", at = ""] = line.split(" ");
  const request = { method, path: at };
  expect(sddcKindOf(request)).toBe(kind);
  const folder = folderOf(kind ?? "task", request);
  expect(
    folder === undefined ? undefined : pathOf(kind ?? "task", idBelow(kind ?? "task", folder, "x")),
  ).toBe(path);
});

test("every kind that a request says for certain is in the table above", () => {
  const named = new Set(starts.map(([, kind]) => kind));
  const certain = rows.filter(([, row]) => row.starts.length > 0).map(([kind]) => kind);
  expect(certain.filter((kind) => !named.has(kind))).toEqual([]);
});

test("the program's word for the kind comes first, then the request, then the usual kind", () => {
  const traits = productTraits["sddc-manager"];
  const request = { method: "POST", path: "/v1/domains/validations" };
  expect(kindOfTask(traits, { kind: "task", request })).toBe("task");
  expect(kindOfTask(traits, { request })).toBe("validation");
  expect(kindOfTask(traits, {})).toBe("task");
  expect(kindOfTask(productTraits.vcenter, { request })).toBe("task");
});

test("an id is the server's own where all of a kind are in one place, else the path", () => {
  expect(idBelow("credentials", "/v1/credentials/tasks", "a")).toBe("a");
  expect(idBelow("validation", "/v1/clusters/a/validations", "b c")).toBe("/v1/clusters/a/validations/b%20c");
  expect(pathOf("task", "a/b")).toBe("/v1/tasks/a%2Fb");
  expect(pathOf("task", "/v1/tasks/a")).toBe("/v1/tasks/a");
  expect(pathOf("validation", "a")).toBeUndefined();
});

test("a task is the usual kind, and the word of a retry is one that arguments know", () => {
  expect(rows[0]?.[0]).toBe("task");
  expect(rows.filter(([, { retries }]) => retries === "withBody").map(([kind]) => kind)).toEqual([
    "credentials",
    "bringUp",
  ]);
  expect(rows.filter(([, { cancels }]) => cancels === "failed").map(([kind]) => kind)).toEqual([
    "credentials",
  ]);
});
