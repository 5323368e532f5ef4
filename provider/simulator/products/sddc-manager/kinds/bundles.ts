// Downloads of bundles: tasks, but also a status that the bundle itself shows.
import type { Reply } from "../../../exchange";
import { isRecord } from "../../../json";
import { sddcReply } from "../sddc-errors";
import { isOver, wordOf, type Sight } from "../sight";
import type { Kind, StartContext } from "./kind";

const words = {
  PENDING: "PENDING",
  RUNNING: "IN_PROGRESS",
  BLOCKED: "IN_PROGRESS",
  SUCCEEDED: "SUCCESSFUL",
  FAILED: "FAILED",
  CANCELLED: "PENDING",
};

/** @internal */
export const bundleDownload: Kind = {
  isTask: true,
  render: toBundle,
  idOf: ({ path }) => path.split("/").at(-1) ?? "",
  problem: (body) =>
    isRecord(body) ? undefined : "The body must be a BundleUpdateSpec, with a bundleDownloadSpec.",
  refuse,
  begin: ({ world, body, siblings }) => {
    const running = siblings.find((sight) => !isOver(sight));
    // A download is cancelled by a task of its own.
    if (wishOf(body).cancelNow && running !== undefined) world.engine.end(running.task, "CANCELLED");
  },
};

/** A bundle is known here once somebody has asked for its download. */
function toBundle(latest: Sight): Record<string, unknown> {
  return {
    id: latest.task.path.split("/").at(-1),
    type: "VMWARE_SOFTWARE",
    description: "A bundle of the simulator",
    version: "1.0.0",
    vendor: "VMware",
    sizeMB: 1024,
    downloadStatus: downloadStatus(latest),
  };
}

function downloadStatus(latest: Sight): string {
  const { downloadNow, cancelNow } = wishOf(latest.task.body);
  if (cancelNow) return "PENDING";
  return latest.life.status === "PENDING" && !downloadNow ? "SCHEDULED" : wordOf(latest, words);
}

function refuse({ body, siblings }: StartContext): Reply | undefined {
  const latest = siblings.at(-1);
  const runs = siblings.some((sight) => !isOver(sight));
  if (wishOf(body).cancelNow) {
    return runs ? undefined : conflict("BUNDLE_DOWNLOAD_NOT_IN_PROGRESS", "There is no download to cancel.");
  }
  if (runs)
    return conflict("BUNDLE_DOWNLOAD_ALREADY_SCHEDULED", "A download of the bundle is scheduled already.");
  return latest !== undefined && downloadStatus(latest) === "SUCCESSFUL"
    ? conflict("BUNDLE_DOWNLOAD_ALREADY_DOWNLOADED", "The bundle is downloaded already.")
    : undefined;
}

function conflict(code: string, message: string): Reply {
  return sddcReply(409, code, message);
}

function wishOf(body: unknown): { downloadNow: boolean; cancelNow: boolean } {
  const spec = isRecord(body) ? body["bundleDownloadSpec"] : undefined;
  const given: Record<string, unknown> = isRecord(spec) ? spec : {};
  return { downloadNow: given["downloadNow"] === true, cancelNow: given["cancelNow"] === true };
}
