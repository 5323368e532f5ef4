// Bring-ups: the SDDC that is being made is itself what tells how it goes. Installers show milestones, too.
import type { Reply } from "../../../exchange";
import { isRecord, isString } from "../../../json";
import { sddcReply } from "../sddc-errors";
import { isAtLeast } from "../sddc-version";
import { isOver, wordOf, type Sight } from "../sight";
import type { Step } from "../sub-tasks";
import { renderSteps } from "../task-model";
import type { ActionContext, Kind, StartContext } from "./kind";

/** A rollback that succeeds is a bring-up that has not. */
const words = {
  PENDING: "IN_PROGRESS",
  RUNNING: "IN_PROGRESS",
  BLOCKED: "IN_PROGRESS",
  SUCCEEDED: "COMPLETED_WITH_SUCCESS",
  FAILED: "COMPLETED_WITH_FAILURE",
  CANCELLED: "ROLLBACK_SUCCESS",
};

const stepWords: Readonly<Record<string, string>> = {
  PENDING: "INITIALIZED",
  IN_PROGRESS: "IN_PROGRESS",
  SUCCESSFUL: "COMPLETED_WITH_SUCCESS",
  NOT_APPLICABLE: "COMPLETED_WITH_SUCCESS",
  FAILED: "COMPLETED_WITH_FAILURE",
  SKIPPED: "INTERNAL_ERROR",
};

/** @internal */
export const bringUp: Kind = {
  isTask: false,
  render,
  problem: problemOf,
  refuse,
  plan: () => ({
    subTasks: [
      {
        name: "Prepare the management domain",
        subTasks: [{ name: "Configure ESX hosts" }, { name: "Deploy vCenter" }],
      },
      { name: "Configure networking", subTasks: [{ name: "Deploy NSX" }, { name: "Configure overlay" }] },
    ],
  }),
  actions: { PATCH: { operation: "retry", act: retry } },
  part: ({ task }, rest) => (rest === "/spec" ? { status: 200, body: task.body } : undefined),
};

function render(sight: Sight): Record<string, unknown> {
  const { task, version } = sight;
  const spec: Record<string, unknown> = isRecord(task.body) ? task.body : {};
  const steps = renderSteps(sight, (status) => status);
  return {
    id: task.id,
    name: isString(spec["sddcId"]) ? spec["sddcId"] : task.name,
    ...(version === "9.1"
      ? { deploymentType: "VCF", vcfInstanceName: spec["vcfInstanceName"] ?? "vcf" }
      : {}),
    status: wordOf(sight, words),
    creationTimestamp: new Date(task.createdAt).toISOString(),
    sddcSubTasks: steps.flatMap((step) => leavesOf(step).map((leaf) => toSubTask(sight, step, leaf))),
    ...(isAtLeast(version, "9.0") ? { milestones: steps.map((step) => toMilestone(sight, step)) } : {}),
  };
}

function toSubTask({ task, version }: Sight, milestone: Step, leaf: Step): Record<string, unknown> {
  const { name, description, status, creationTimestamp, completionTimestamp, errors } = leaf;
  return {
    sddcId: task.id,
    processingStateName: milestone.name,
    processingStateDescription: milestone.description,
    name,
    description,
    status: stepWords[status] ?? status,
    creationTimestamp,
    updateTimestamp: completionTimestamp ?? creationTimestamp,
    errors,
    ...(version === "9.1" && milestone.status !== "PENDING" ? { milestoneTask: milestone.name } : {}),
  };
}

/** Milestones count their sub-tasks from 9.1 on. */
function toMilestone({ version }: Sight, step: Step): Record<string, unknown> {
  const { name, description, status, creationTimestamp, completionTimestamp } = step;
  const leaves = leavesOf(step);
  const begun = status !== "PENDING";
  return {
    name,
    description,
    // Milestones know fewer words than sub-tasks.
    status: !begun
      ? "NOT_STARTED"
      : status === "SKIPPED"
        ? "COMPLETED_WITH_FAILURE"
        : (stepWords[status] ?? status),
    creationTimestamp,
    updateTimestamp: completionTimestamp ?? creationTimestamp,
    ...(begun && version === "9.1"
      ? {
          completedTasks: leaves.filter((leaf) => leaf.status === "SUCCESSFUL").length,
          totalTasks: leaves.length,
        }
      : {}),
  };
}

function leavesOf(step: Step): readonly Step[] {
  const parts = [...(step.stages ?? []), ...(step.subTasks ?? [])];
  return parts.length === 0 ? [step] : parts.flatMap(leavesOf);
}

/** One server brings up one SDDC; a second one may begin only when the first has come to nothing. */
function refuse({ siblings }: StartContext): Reply | undefined {
  const taken = siblings.some((sight) => !isOver(sight) || sight.life.status === "SUCCEEDED");
  return taken
    ? sddcReply(400, "SDDC_ALREADY_EXISTS", "An SDDC exists already, or is being brought up.")
    : undefined;
}

function retry({ sight: { task, life }, request, retry, show }: ActionContext): Reply {
  const problem = problemOf(request.body);
  if (problem !== undefined) return sddcReply(400, "INVALID_REQUEST_BODY", problem);
  if (life.status !== "FAILED" || task.attempt.plan.retryable === false) {
    return sddcReply(
      405,
      "SDDC_RETRY_NOT_ALLOWED",
      `Bring-up ${task.id} is not in a state that can be retried.`,
    );
  }
  task.body = request.body;
  retry();
  return { status: 202, body: show() };
}

function problemOf(body: unknown): string | undefined {
  if (isRecord(body) && isString(body["sddcId"]) && body["sddcId"] !== "") return undefined;
  return "The body must be an SddcSpec; its sddcId is required.";
}
