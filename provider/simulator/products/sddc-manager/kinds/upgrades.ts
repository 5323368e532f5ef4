// Upgrades: a task, and an upgrade with an id of its own that names the task.
import type { Reply } from "../../../exchange";
import { isRecord, isString } from "../../../json";
import type { Task } from "../../../task-engine";
import { relatedId } from "../related-id";
import { sddcReply } from "../sddc-errors";
import { isAtLeast } from "../sddc-version";
import { isOver, wordOf, type Sight } from "../sight";
import type { ActionContext, Kind } from "./kind";

/** The specification does not say which words there are. */
const words = {
  PENDING: "SCHEDULED",
  RUNNING: "INPROGRESS",
  BLOCKED: "INPROGRESS",
  SUCCEEDED: "COMPLETED_WITH_SUCCESS",
  FAILED: "COMPLETED_WITH_FAILURE",
  CANCELLED: "CANCELLED",
};

/** @internal */
export const upgrade: Kind = {
  isTask: true,
  render,
  idOf: (task) => upgradeIdOf(task),
  problem: (body) => {
    const given: Record<string, unknown> = isRecord(body) ? body : {};
    const missing = ["bundleId", "resourceType"].find((field) => !isString(given[field]));
    if (missing !== undefined) return `Field ${missing} is required.`;
    return Array.isArray(given["resourceUpgradeSpecs"])
      ? undefined
      : "Field resourceUpgradeSpecs is required.";
  },
  actions: { PATCH: { operation: "other", act: change } },
};

function render(sight: Sight): Record<string, unknown> {
  const { task, life } = sight;
  const spec: Record<string, unknown> = isRecord(task.body) ? task.body : {};
  return {
    id: upgradeIdOf(task),
    bundleId: spec["bundleId"] ?? "",
    resourceType: spec["resourceType"] ?? "DOMAIN",
    resourceUpgradeSpecs: spec["resourceUpgradeSpecs"] ?? [],
    status: wordOf(sight, words),
    taskId: task.id,
    ...(life.endedAt === undefined ? {} : { endTime: life.endedAt }),
  };
}

function upgradeIdOf({ id }: Task): string {
  return relatedId(id, "upgrade");
}

/** Begins a failed upgrade again, or marks one that runs for cancellation. */
function change({ world, sight, request: { body }, retry, show, showTask }: ActionContext): Reply {
  const { task, life, version } = sight;
  const wish: Record<string, unknown> = isRecord(body) ? body : {};
  if (wish["markForCancellation"] === true) {
    if (isOver(sight)) return conflict(sight, "has ended");
    world.engine.end(task, "CANCELLED");
  } else if (life.status === "FAILED") retry();
  else if (life.status !== "PENDING") return conflict(sight, `is ${wordOf(sight, words)}`);
  return { status: 200, body: isAtLeast(version, "5.2") ? show() : showTask() };
}

/** Before 9.0 there is no 409. */
function conflict({ task, version }: Sight, why: string): Reply {
  const status = isAtLeast(version, "9.0") ? 409 : 500;
  return sddcReply(status, "UPGRADE_NOT_IN_RIGHT_STATE", `Upgrade ${upgradeIdOf(task)} ${why}.`);
}
