// Validations of certificates: a flag says whether all are done, and each certificate has a status of its own.
import { isRecord, isString } from "../../../json";
import { asOne, messageOf } from "../failure";
import { isOver, stampsOf, type Sight } from "../sight";
import { renderSteps } from "../task-model";
import type { Kind } from "./kind";

const words: Readonly<Record<string, string>> = {
  PENDING: "INPROGRESS",
  IN_PROGRESS: "INPROGRESS",
  SUCCESSFUL: "SUCCESSFUL",
  NOT_APPLICABLE: "SUCCESSFUL",
  SKIPPED: "FAILED",
  FAILED: "FAILED",
};

/** @internal The specifications say of the look that it answers a page of certificates; the flag would have no place there. */
export const certificateValidation: Kind = {
  isTask: false,
  problem: (body) =>
    specsOf(body).length > 0 ? undefined : "The body must be a list of ResourceCertificateSpec.",
  plan: (body) => ({
    subTasks: specsOf(body).map((spec) => ({ name: textOf(spec["resourceFqdn"] ?? spec["resourceId"]) })),
  }),
  render: (sight) => ({
    validationId: sight.task.id,
    ...stampsOf(sight, "startTimestamp", "endTimestamp"),
    completed: isOver(sight),
    validations: validationsOf(sight),
  }),
};

function validationsOf(sight: Sight): Record<string, unknown>[] {
  const specs = specsOf(sight.task.body);
  return renderSteps(sight, (status) => words[status] ?? status).map((step, index) => {
    const failure = asOne(step.errors);
    return {
      resourceId: textOf(specs[index]?.["resourceId"]),
      resourceFqdn: step.name,
      startTimestamp: step.creationTimestamp,
      ...(step.completionTimestamp === undefined ? {} : { endTimestamp: step.completionTimestamp }),
      // Those behind the one that failed are never looked at, and do not stay in progress for ever.
      validationStatus: isOver(sight) && step.status === "INPROGRESS" ? "FAILED" : step.status,
      ...(failure === undefined ? {} : { validationMessage: messageOf(failure) }),
    };
  });
}

function specsOf(body: unknown): Record<string, unknown>[] {
  return Array.isArray(body) ? body.filter(isRecord) : [];
}

function textOf(value: unknown): string {
  return isString(value) ? value : "";
}
