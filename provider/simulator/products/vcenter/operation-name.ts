// From a path to the service and the operation that vCenter would name in the task.

/** Segments after which an id follows, even one without a digit. */
const followedById = new Set([
  "clusters",
  "hosts",
  "drafts",
  "solutions",
  "online",
  "protection-groups",
  "sites",
  "cluster-pairs",
  "trust-authority-clusters",
  "trusted-clusters",
  "providers",
  "transition",
  "ca-certificates",
  "endorsement-keys",
  "consumer-principals",
  "vm",
]);

/** What looks like an id and is a word of the API. */
const wordsWithDigits = /^(v\d+|tpm2)$/;

const verbs: Readonly<Record<string, string>> = {
  POST: "create",
  PUT: "set",
  PATCH: "update",
  DELETE: "delete",
};

const targetTypes: Readonly<Record<string, string>> = {
  vm: "VirtualMachine",
  clusters: "ClusterComputeResource",
  hosts: "HostSystem",
  datastores: "Datastore",
  "virtual-machines": "VirtualMachine",
  "protection-groups": "com.vmware.snapservice.protection_group",
  sites: "com.vmware.snapservice.site",
  "cluster-pairs": "com.vmware.snapservice.cluster_pair",
};

/** @internal */
export interface VcenterOperation {
  readonly service: string;
  readonly operation: string;
  readonly target?: { readonly type: string; readonly id: string };
}

export function toVcenterOperation(method: string, path: string, action: string | null): VcenterOperation {
  const words: string[] = [];
  let target: VcenterOperation["target"];
  let lastIsId = false;
  for (const segment of path.split("/").slice(2)) {
    const before = words.at(-1) ?? "";
    lastIsId = !lastIsId && isId(segment, before);
    if (!lastIsId) words.push(segment);
    const type = targetTypes[before];
    if (lastIsId && type !== undefined) target = { type, id: segment };
  }
  const verb = action ?? verbs[method] ?? (lastIsId ? "get" : "list");
  return {
    service: serviceName(words),
    operation: `${snakeCase(verb)}$task`,
    ...(target === undefined ? {} : { target }),
  };
}

function isId(segment: string, before: string): boolean {
  if (before === "") return false;
  return followedById.has(before) || (/\d/.test(segment) && !wordsWithDigits.test(segment));
}

function serviceName(words: readonly string[]): string {
  const name = ["com", "vmware", ...words.map(snakeCase)].join(".");
  // vCenter spells this one service with capitals.
  return name === "com.vmware.vcenter.vm" ? "com.vmware.vcenter.VM" : name;
}

function snakeCase(word: string): string {
  return word.replaceAll("-", "_").replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
