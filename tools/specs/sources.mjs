// Which file holds what, and which of its operations we speak.

/** Where an SDDC Manager shows the progress of what it does, beside `/v1/tasks`. */
const looksOfSddc =
  /^GET \/v1\/(.*(tasks|validations|queries|check-sets|remediations|expirations|imports|synchronizations|exports|propagation|isolation-prechecks|config-drift-reconciliations|license-checks|product-version-catalogs|hosts|domains)(\/(\{[^}]+\}|latest))?|credentials\/tasks\/.*|system\/(support-bundles|health-summary)(\/.*)?|(upgrades|bundles|sddcs)(\/(\{[^}]+\}|latest|download-status))?|system\/settings\/depot(\/depot-sync-info)?)$/;

const tokensAndTasks = /^\w+ \/v1\/(tokens|tasks|credentials\/tasks|sddcs)(\/|$)/;

const partsOfSddc = new RegExp(`${tokensAndTasks.source}|${looksOfSddc.source}`);

/**
 * `prefix` stands before every path of a file; `keeps` says which operations are wanted beside those that start
 * tasks. Operations and schemas of several files of one product come together.
 */
export const sources = [
  {
    product: "vcenter",
    files: ["vsphere-cis-swagger.json", "vsphere-esx-swagger.json"],
    keeps: /^\w+ \/(api|rest)\/(com\/vmware\/)?(cis\/tasks|session|cis\/session)/,
  },
  { product: "snapservice", files: ["vsan-data-protection-openapi.yaml"], prefix: "/api", keeps: /./ },
  {
    product: "sddc-manager",
    files: ["sddc-manager-openapi.json"],
    keeps: partsOfSddc,
  },
  {
    product: "vcf-installer",
    files: ["vcf-installer-openapi.json"],
    keeps: partsOfSddc,
  },
  { product: "sddc-lcm", files: ["sddc-lcm-openapi.yaml"], prefix: "/sddc-lcm", keeps: /\/v1\/tasks/ },
  { product: "fleet-lcm", files: ["fleet-lcm-openapi.yaml"], prefix: "/fleet-lcm", keeps: /\/v1\/tasks/ },
];
