// Which requests start tasks, and what VCDA calls them.

/** @internal */
export interface VcdaOperation {
  /** `workflowInfo.type`. */
  readonly type: string;
  /** `workflowInfo.resourceType`. */
  readonly resourceType: string;
  /** The id or name in the path. */
  readonly resourceId?: string;
}

/** `METHOD path`, then type and resource type; `{}` stands for an id. */
const table: readonly (readonly [string, string, string])[] = [
  ...["vm", "vapp"].flatMap((kind) => {
    const path = `/${kind}-replications`;
    const resource = `${kind}Replication`;
    return [
      [`POST ${path}`, "start", resource],
      [`PATCH ${path}/{}`, "reconfigure", resource],
      [`DELETE ${path}/{}`, "stop", resource],
      [`DELETE ${path}/{}/failover-test`, "failoverTestCleanup", resource],
      ...["failover", "failover-test", "migrate", "reverse", "sync", "pause", "resume"].map(
        (verb) => [`POST ${path}/{}/${verb}`, camel(verb), resource] as const,
      ),
      [`POST ${path}/{}/storage-profile`, "applyStorageProfile", resource],
    ] as const;
  }),
  ["PATCH /vapp-replications/{}/disks", "reconfigureDisks", "vappReplication"],
  ["POST /replications", "start", "replication"],
  ["POST /replications/{}/failover-test", "failoverTest", "replication"],
  ["POST /replications/{}/migrate", "migrate", "replication"],
  ["POST /recovery-plans/{}/test", "test", "recoveryPlan"],
  ["POST /recovery-plans/{}/failover", "failover", "recoveryPlan"],
  ["POST /sites", "pair", "pair"],
  ["PUT /sites/{}", "repair", "repair"],
  ["DELETE /sites/{}", "unpair", "site"],
  ["DELETE /vc-sites/{}", "remove", "site"],
  ["POST /backups", "backup", "appliance"],
  ["POST /backups/{}", "backup", "appliance"],
  ["POST /diagnostics/bundles", "supportBundle", "supportBundle"],
  // Up to 4.6 these are GETs, and start tasks all the same.
  ["GET /diagnostics/health", "health", "CLOUD"],
  ["POST /diagnostics/health", "health", "CLOUD"],
  ["POST /update/repository-url", "setRepository", "appliance"],
  ["GET /update", "checkUpdate", "appliance"],
  ["GET /update/eula", "eula", "appliance"],
  ["POST /update", "update", "appliance"],
];

const operations = table.map(([form, type, resourceType]) => {
  const [method = "", path = ""] = form.split(" ");
  return { method, path: new RegExp(`^${path.replaceAll("{}", "([^/]+)")}$`), type, resourceType };
});

function camel(verb: string): string {
  return verb.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}

export function toVcdaOperation(method: string, path: string): VcdaOperation | undefined {
  for (const one of operations) {
    const found = one.method === method ? one.path.exec(path) : null;
    if (found === null) continue;
    const { type, resourceType } = one;
    return { type, resourceType, ...(found[1] === undefined ? {} : { resourceId: found[1] }) };
  }
  return undefined;
}

/** The first segments of all paths that are served. */
export const roots: readonly string[] = [
  ...new Set(["sessions", "tasks", ...table.map(([form]) => form.split("/")[1] ?? "")]),
];

/** Every request that starts a task, for people. */
export const startingForms: readonly string[] = table.map(([form]) => form);
