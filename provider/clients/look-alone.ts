import { EndpointFaultError, hasCode, messageOf, type Look, type TaskSnapshot } from "../tasks";

/** A fault of one task, which says nothing about the others. */
function faultOfOne(error: unknown): Look {
  const fault = new EndpointFaultError(messageOf(error), { faultClass: "shape", sent: "maybe" });
  return { kind: "fault", fault };
}

/** One of many tasks in a reply, read by `read`; an odd one says nothing about the others. */
export function lookOf(read: () => TaskSnapshot): Look {
  try {
    return { kind: "seen", snapshot: read() };
  } catch (error) {
    return faultOfOne(error);
  }
}

// A user who may not see one task may see the others, and an odd reply or an id of the wrong form is one task's too.
const ofOneTask = ["VMWARE_REQUEST_REFUSED", "VMWARE_UNEXPECTED_REPLY", "VMWARE_INVALID_ARGUMENTS"] as const;

/** Looks at one task by a request of its own; what goes wrong is this task's matter alone. */
export async function lookAlone(get: () => Promise<TaskSnapshot | undefined>): Promise<Look> {
  try {
    const snapshot = await get();
    return snapshot === undefined ? { kind: "missing" } : { kind: "seen", snapshot };
  } catch (error) {
    if (hasCode(error, "VMWARE_ENDPOINT_FAULT")) return { kind: "fault", fault: error };
    if (ofOneTask.some((code) => hasCode(error, code))) return faultOfOne(error);
    throw error;
  }
}
