// Support bundles and health summaries: one at a time, with a file in the end.
import { sddcReply } from "../sddc-errors";
import { isOver, stampsOf, wordOf, type Sight } from "../sight";
import type { Kind } from "./kind";

const words = {
  PENDING: "PENDING",
  RUNNING: "IN_PROGRESS",
  BLOCKED: "IN_PROGRESS",
  SUCCEEDED: "COMPLETED_WITH_SUCCESS",
  FAILED: "COMPLETED_WITH_FAILURE",
  CANCELLED: "COMPLETED_WITH_FAILURE",
};

const content = "The simulator has collected nothing.\n";

/** @internal */
export function logBundle(name: string): Kind {
  return {
    isTask: false,
    refuse: ({ siblings }) =>
      siblings.some((sight) => !isOver(sight))
        ? sddcReply(409, "LOG_COLLECTION_IN_PROGRESS", `A ${name} is being collected already.`)
        : undefined,
    render: (sight) => ({
      id: sight.task.id,
      description: `Collecting a ${name}`,
      status: wordOf(sight, words),
      ...stampsOf(sight),
      // The specification has strings for both.
      bundleAvailable: String(hasFile(sight)),
      ...(hasFile(sight) ? { bundleName: `${sight.task.id}.tar.gz`, ...sizeOf(sight) } : {}),
    }),
    part: (sight, rest) => {
      if (rest !== "/data") return undefined;
      return hasFile(sight)
        ? { status: 200, text: content, headers: { "content-type": "application/octet-stream" } }
        : sddcReply(404, "BUNDLE_NOT_FOUND", `There is no bundle of ${sight.task.id} yet.`);
    },
  };
}

function sizeOf({ version }: Sight): Record<string, string> {
  return version === "9.1" ? { size: String(content.length) } : {};
}

function hasFile({ life }: Sight): boolean {
  return life.status === "SUCCEEDED";
}
