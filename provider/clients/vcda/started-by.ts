import { canBeSince, stampToleranceMs, type StartTrace, type TaskSnapshot } from "../../tasks";

/** Ids of replications: of a virtual machine, of a vApp, of vSphere DR. */
const replicationId = /^(c4|c4vapp|h4)-/i;

/** What a task of each first segment is about, by `workflowInfo.resourceType`; others may be about anything. */
const resourceTypes: Readonly<Record<string, string>> = {
  "vm-replications": "vmReplication",
  "vapp-replications": "vappReplication",
  replications: "replication",
};

/** Operations on one replication that no task of another one of these words can be; tests and migrations are failovers too. */
const operations: Readonly<Record<string, string>> = {
  failover: "failover",
  migrate: "failover",
  failovertest: "failover",
  reverse: "reverse",
  sync: "sync",
  pause: "pause",
  resume: "resume",
};

const bare = (word: string): string => word.toLowerCase().replaceAll(/[^a-z]/g, "");

function segmentsOf(path: string): string[] {
  return path.split("?")[0]?.split("/").filter(Boolean) ?? [];
}

/** The replication that a request works on. */
export function replicationOf(path: string): string | undefined {
  return segmentsOf(path).find((segment) => replicationId.test(segment));
}

function operationOf(path: string): string | undefined {
  const last = segmentsOf(path).at(-1) ?? "";
  return operations[bare(last)];
}

/** The earliest time at which a task of a request can have been created, in milliseconds since 1970. */
export function earliestStart({ sentAt }: StartTrace): number {
  return sentAt - stampToleranceMs;
}

/**
 * Whether a task can be the one that a request started: the same replication, the same kind of work, not older. What
 * cannot be placed excludes nothing: to overlook the task would start the work twice.
 */
export function canBeStartedBy(trace: StartTrace, { native, startedAt }: TaskSnapshot): boolean {
  const { path } = trace.request;
  const info = (native.workflowInfo ?? {}) as Record<string, unknown>;
  const { type, resourceType, resourceId } = info;
  const replication = replicationOf(path);
  if (
    replication !== undefined &&
    typeof resourceId === "string" &&
    replicationId.test(resourceId) &&
    resourceId.toLowerCase() !== replication.toLowerCase()
  )
    return false;
  const about = resourceTypes[segmentsOf(path)[0] ?? ""];
  const isKnownType = typeof resourceType === "string" && Object.values(resourceTypes).includes(resourceType);
  if (about !== undefined && isKnownType && resourceType !== about) return false;
  const wanted = operationOf(path);
  const actual = typeof type === "string" ? operations[bare(type)] : undefined;
  if (wanted !== undefined && actual !== undefined && wanted !== actual) return false;
  return canBeSince(startedAt, trace.sentAt);
}
