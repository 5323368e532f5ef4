// From a request to the name and the type that SDDC Manager would give its task.

/** @internal */
export interface SddcOperation {
  readonly name: string;
  readonly type: string;
  /** Of the resource the task makes or works on. */
  readonly resourceType: string;
  readonly subTasks: readonly string[];
}

type Known = Partial<SddcOperation> & Pick<SddcOperation, "name" | "type">;

const hosts = { resourceType: "ESXI" };

/** By method and path, ids replaced by `{id}`. */
const known: Readonly<Record<string, Known>> = {
  "POST /v1/hosts": {
    ...hosts,
    name: "Commissioning host(s) {fqdns} to VMware Cloud Foundation",
    type: "HOST_COMMISSION",
    subTasks: [
      "ValidateHostCommissionSpecAction",
      "AddSshKeysToKnownHostsAction",
      "PrepareHostAction",
      "SaveHostToInventoryAction",
    ],
  },
  "DELETE /v1/hosts": {
    ...hosts,
    name: "Decommissioning host(s) {fqdns} from VMware Cloud Foundation",
    type: "HOST_DECOMMISSION",
    subTasks: ["ValidateHostDecommissionSpecAction", "CleanupHostAction", "RemoveHostFromInventoryAction"],
  },
  "POST /v1/domains": {
    name: "Vi workload Domain Creation",
    type: "DOMAIN_CREATION",
    subTasks: [
      "HostVibValidationAction",
      "HostMaintenanceModeValidationAction",
      "FetchDnsAndNtpAction",
      "DeployVcenterAction",
    ],
  },
  "DELETE /v1/domains/{id}": { name: "Removing workload domain", type: "DOMAIN_DELETION" },
  "POST /v1/clusters": { name: "Adding cluster to workload domain", type: "CLUSTER_CREATION" },
  "DELETE /v1/clusters/{id}": { name: "Removing cluster from workload domain", type: "CLUSTER_DELETION" },
  "PATCH /v1/system/ceip": {
    resourceType: "SDDC_MANAGER",
    name: "Enable VMware Customer Experience Improvement Program",
    type: "CEIP_UPDATE",
  },
};

const endings: Readonly<Record<string, string>> = {
  POST: "CREATION",
  PUT: "CONFIGURATION",
  PATCH: "UPDATE",
  DELETE: "DELETION",
};

export function toSddcOperation(method: string, path: string, fqdns: readonly string[]): SddcOperation {
  const words = path.split("/").slice(2);
  const isId = (word: string): boolean => /^[0-9a-f-]{16,}$/i.test(word) || /^(?=.*-).*\d/.test(word);
  const template = `/v1/${words.map((word) => (isId(word) ? "{id}" : word)).join("/")}`;
  const entry = known[`${method} ${template}`];
  const resource = singular(words.filter((word) => !isId(word)).at(-1) ?? "system");
  const ending = endings[method] ?? method;
  const title = `${resource.toLowerCase().replaceAll("_", " ")} ${ending.toLowerCase()}`;
  return {
    name: title.charAt(0).toUpperCase() + title.slice(1),
    type: `${resource}_${ending}`,
    resourceType: resource,
    subTasks: ["ValidateSpecificationAction", "ConfigureResourcesAction", "UpdateInventoryAction"],
    ...entry,
    ...(entry === undefined ? {} : { name: entry.name.replace("{fqdns}", fqdns.join(", ")) }),
  };
}

function singular(word: string): string {
  return word.replace(/ies$/, "y").replace(/s$/, "").replaceAll("-", "_").toUpperCase();
}
