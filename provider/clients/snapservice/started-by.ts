import type { StartTrace, TaskSnapshot } from "../../tasks";
import { canBeStartedBy as hasOperationAndTarget, serviceOf } from "../vapi/started-by";

export { serviceOf };

/** `com.vmware.snapservice.clusters.protection_groups` without the folders before its name. */
const nameOf = (service: string): string => service.split(".").at(-1) ?? service;

/**
 * Whether a task can be the one that a request started. The list names tasks of all services; of a service only the name
 * counts, for a name that is not quite as expected must not make a started task look like one that never was.
 */
export function canBeStartedBy(trace: StartTrace, task: TaskSnapshot): boolean {
  const { service } = task.native;
  if (typeof service === "string" && nameOf(service) !== nameOf(serviceOf(trace.request.path))) return false;
  return hasOperationAndTarget(trace, task);
}
