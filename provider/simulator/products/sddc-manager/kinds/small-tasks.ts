// Kinds that are an id, a status and little more, each in its own spelling.
import { isRecord, isString } from "../../../json";
import { errorsOf, failureOf, messageOf } from "../failure";
import { relatedId } from "../related-id";
import { sddcReply } from "../sddc-errors";
import { stampsOf, wordOf, type Sight } from "../sight";
import { renderTask, statusWord } from "../task-model";
import type { Kind } from "./kind";

const plain = {
  PENDING: "IN_PROGRESS",
  RUNNING: "IN_PROGRESS",
  BLOCKED: "IN_PROGRESS",
  SUCCEEDED: "COMPLETED",
  FAILED: "FAILED",
  CANCELLED: "FAILED",
};

const succeeded = { ...plain, SUCCEEDED: "SUCCEEDED" };

/** @internal Followed below `/v1/tasks`; only the answer to its start looks otherwise. */
export const backup: Kind = {
  isTask: true,
  render: (sight) => {
    const { id, name, resources, errors } = renderTask(sight);
    return { id, name, status: wordOf(sight, { ...plain, SUCCEEDED: "SUCCESSFUL" }), resources, errors };
  },
};

/** @internal */
export const complianceAudit: Kind = {
  isTask: false,
  render: (sight) => ({
    id: sight.task.id,
    status: statusWord(sight),
    complianceAuditId: relatedId(sight.task.id, "audit"),
  }),
  actions: {
    PATCH: {
      operation: "retry",
      act: ({ sight: { task, life }, retry, show }) => {
        if (life.status !== "FAILED" || task.attempt.plan.retryable === false) {
          return sddcReply(400, "COMPLIANCE_TASK_CAN_NOT_BE_RETRIED", `Task ${task.id} cannot be retried.`);
        }
        retry();
        return { status: 202, body: show() };
      },
    },
  },
};

/** @internal The specification does not say which words there are. */
export const healthCheck: Kind = {
  isTask: false,
  render: (sight) => {
    const status = wordOf(sight, { ...plain, SUCCEEDED: "COMPLETED" });
    const specs = Array.isArray(sight.task.body) ? sight.task.body.filter(isRecord) : [];
    const names = specs.map(
      ({ resourceName, resourceType }) => [resourceName, resourceType].find(isString) ?? "DOMAIN",
    );
    const resourceStatus = Object.fromEntries(
      (names.length === 0 ? ["DOMAIN"] : names).map((name) => [name, status]),
    );
    return { id: sight.task.id, status, resourceStatus };
  },
};

/** @internal */
export const credentialsExpiration: Kind = {
  isTask: false,
  problem: (body) =>
    isRecord(body) && isString(body["resourceType"]) ? undefined : "Field resourceType is required.",
  render: (sight) => ({
    id: sight.task.id,
    status: wordOf(sight, plain),
    ...stampsOf(sight),
    elements: idsOf(sight).map((id) => ({
      id,
      ...stampsOf(sight),
      errors: errorsOf(sight),
    })),
  }),
};

/** @internal Catalogs and propagations: the id is in `taskId`. */
export const upload: Kind = {
  isTask: false,
  render: (sight) => {
    const errorResponse = failureOf(sight);
    return {
      taskId: sight.task.id,
      description: sight.task.name,
      status: wordOf(sight, succeeded),
      ...(errorResponse === undefined ? {} : { errorResponse }),
    };
  },
};

/** @internal */
export const remediation: Kind = {
  isTask: false,
  render: (sight) => {
    const failure = failureOf(sight);
    return {
      id: sight.task.id,
      status: wordOf(sight, plain),
      ...(failure === undefined
        ? {}
        : {
            errorCode: { component: "simulator", bundleName: "simulator", code: `${sight.task.type}_FAILED` },
            errorResponse: messageOf(failure),
          }),
    };
  },
};

/** @internal */
export const licenseCheck: Kind = {
  isTask: false,
  render: (sight) => ({
    id: sight.task.id,
    status: statusWord(sight),
    ...stampsOf(sight, "startTimestamp", "endTimestamp"),
    resourceLicensingInfos: [],
  }),
};

/** @internal */
export const hostsPrecheck: Kind = {
  isTask: false,
  render: (sight) => {
    const [failure] = errorsOf(sight);
    return {
      id: sight.task.id,
      executionStatus: wordOf(sight, { ...plain, FAILED: "COMPLETED", CANCELLED: "COMPLETED" }),
      // The model has no word for what is not known yet.
      result: failure === undefined ? "SUCCEEDED" : "FAILED",
      hostPrechecks: failure === undefined ? [] : [{ result: "FAILED", error: messageOf(failure) }],
    };
  },
};

function idsOf({ task }: Sight): string[] {
  const ids = isRecord(task.body) ? task.body["credentialIds"] : undefined;
  return Array.isArray(ids) ? ids.filter(isString) : [];
}
