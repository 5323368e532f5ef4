// Changes of passwords. They are tasks with an API of their own, which shows passwords in clear, retries with a body,
// and cancels those that have failed.
import type { Reply } from "../../../exchange";
import { isRecord, isString } from "../../../json";
import type { Task } from "../../../task-engine";
import { errorsOf } from "../failure";
import { relatedId } from "../related-id";
import { sddcReply } from "../sddc-errors";
import { isAtLeast } from "../sddc-version";
import { stampsOf, wordOf, type Sight } from "../sight";
import type { Step } from "../sub-tasks";
import { renderSteps } from "../task-model";
import type { ActionContext, Kind } from "./kind";

const operationTypes = ["UPDATE", "ROTATE", "REMEDIATE", "UPDATE_AUTO_ROTATE_POLICY"];

const words = {
  PENDING: "PENDING",
  RUNNING: "IN_PROGRESS",
  BLOCKED: "IN_PROGRESS",
  SUCCEEDED: "SUCCESSFUL",
  FAILED: "FAILED",
  CANCELLED: "USER_CANCELLED",
};

interface Account {
  readonly resource: Record<string, unknown>;
  readonly credential: Record<string, unknown>;
}

/** @internal */
export const credentialsTask: Kind = {
  isTask: true,
  render,
  problem: (body) => problemOf(body),
  describe: (body) => ({
    name: `Credentials ${operationOf(body).toLowerCase().replaceAll("_", " ")} operation`,
    type: `CREDENTIALS_${operationOf(body)}`,
  }),
  plan: (body) => ({
    subTasks: accountsOf(body).map((account) => ({
      name: `${nameOf(account)}:${textOf(account.credential["credentialType"], "SSH")}`,
      description: `Password ${operationOf(body).toLowerCase()} for ${nameOf(account)}`,
    })),
  }),
  actions: {
    PATCH: { operation: "retry", act: retry },
    DELETE: { operation: "cancel", act: cancel },
  },
  part: (sight, rest) => {
    if (rest === "/resource-credentials") return { status: 200, body: resourceCredentials(sight.task) };
    const id = /^\/subtasks\/([^/]+)$/.exec(rest)?.[1];
    if (id === undefined) return undefined;
    const found = subTasksOf(sight).filter((subTask) => subTask["id"] === id);
    // The specification says of one sub-task, too, that it comes as a whole task.
    return found.length === 0
      ? sddcReply(400, "PASSWORD_MANAGER_SUBTASK_NOT_FOUND", `Sub-task ${id} was not found.`)
      : { status: 200, body: { ...render(sight), subTasks: found } };
  },
};

function render(sight: Sight): Record<string, unknown> {
  const { task } = sight;
  return {
    id: task.id,
    name: task.name,
    type: operationOf(task.body),
    status: wordOf(sight, words),
    ...(isAtLeast(sight.version, "9.0")
      ? stampsOf(sight)
      : { creationTimestamp: new Date(task.createdAt).toISOString() }),
    subTasks: subTasksOf(sight),
    errors: task.attempt.plan.error === undefined ? [] : errorsOf(sight),
    isAutoRotate: false,
  };
}

function subTasksOf(sight: Sight): Record<string, unknown>[] {
  const { task } = sight;
  const accounts = accountsOf(task.body);
  const steps = renderSteps(sight, (status) =>
    status === "SKIPPED" ? "USER_CANCELLED" : status === "NOT_APPLICABLE" ? "SUCCESSFUL" : status,
  );
  return steps.map((step, index) => toSubTask(sight, step, index, accounts[index]));
}

function toSubTask(
  { task, version }: Sight,
  step: Step,
  index: number,
  account: Account | undefined,
): Record<string, unknown> {
  const { name, description, status, creationTimestamp, completionTimestamp, errors } = step;
  return {
    id: relatedId(task.id, `sub-task ${String(index)}`),
    name,
    description,
    status,
    creationTimestamp,
    ...(completionTimestamp === undefined || !isAtLeast(version, "9.0") ? {} : { completionTimestamp }),
    dependentSubTasks: [],
    errors,
    ...(account === undefined
      ? {}
      : {
          resourceName: nameOf(account),
          entityType: account.resource["resourceType"],
          username: account.credential["username"],
          credentialType: textOf(account.credential["credentialType"], "SSH"),
          oldPassword: `old-password-${relatedId(task.id, `old ${String(index)}`).slice(0, 8)}`,
          newPassword: newPasswordOf(task, index, account),
        }),
  };
}

function resourceCredentials(task: Task): unknown[] {
  const accounts = accountsOf(task.body);
  return elementsOf(task.body).map((resource) => ({
    ...resource,
    credentials: accounts.flatMap((account, index) =>
      account.resource === resource
        ? [{ ...account.credential, password: newPasswordOf(task, index, account) }]
        : [],
    ),
  }));
}

function newPasswordOf(task: Task, index: number, { credential }: Account): unknown {
  return credential["password"] ?? `new-password-${relatedId(task.id, String(index)).slice(0, 8)}`;
}

function retry({ sight: { task, life }, request, retry, showTask }: ActionContext): Reply {
  const problem = problemOf(request.body);
  if (problem !== undefined) return sddcReply(400, "INVALID_REQUEST_BODY", problem);
  if (life.status !== "FAILED" || task.attempt.plan.retryable === false) {
    return sddcReply(400, "PASSWORD_MANAGER_TASK_CAN_NOT_BE_RETRIED", `Task ${task.id} cannot be retried.`);
  }
  task.body = request.body;
  retry();
  return { status: 202, body: showTask() };
}

/** Unlike `/v1/tasks`, this one is for tasks that have failed. */
function cancel({ world, sight: { task, life, version }, showTask }: ActionContext): Reply {
  if (life.status !== "FAILED") {
    return sddcReply(400, "PASSWORD_MANAGER_TASK_CAN_NOT_BE_CANCELLED", `Task ${task.id} has not failed.`);
  }
  world.engine.giveUp(task);
  if (isAtLeast(version, "5.2")) return { status: 202, body: showTask() };
  return version === "5.1" ? { status: 204 } : { status: 200, body: showTask() };
}

function problemOf(body: unknown): string | undefined {
  if (!isRecord(body)) return "The body must be a CredentialsUpdateSpec.";
  const type = body["operationType"];
  if (!isString(type) || !operationTypes.includes(type)) {
    return `operationType must be one of ${operationTypes.join(", ")}.`;
  }
  const elements = elementsOf(body);
  if (elements.length === 0) return "elements must name at least one resource.";
  if (elements.some(({ resourceType }) => !isString(resourceType))) return "resourceType is required.";
  const accounts = accountsOf(body);
  if (accounts.length === 0 || accounts.some(({ credential }) => !isString(credential["username"]))) {
    return "credentials must have a username.";
  }
  const silent = type === "UPDATE" && accounts.some(({ credential }) => !isString(credential["password"]));
  return silent ? "password is required for an UPDATE." : undefined;
}

function operationOf(body: unknown): string {
  return textOf(isRecord(body) ? body["operationType"] : undefined, "UPDATE");
}

function nameOf({ resource }: Account): string {
  return textOf(resource["resourceName"], textOf(resource["resourceId"], "resource"));
}

function textOf(value: unknown, otherwise: string): string {
  return isString(value) ? value : otherwise;
}

function elementsOf(body: unknown): Record<string, unknown>[] {
  const elements = isRecord(body) ? body["elements"] : undefined;
  return Array.isArray(elements) ? elements.filter(isRecord) : [];
}

function accountsOf(body: unknown): Account[] {
  return elementsOf(body).flatMap((resource) => {
    const { credentials } = resource;
    const list: unknown[] = Array.isArray(credentials) ? credentials : [];
    return list.filter(isRecord).map((credential) => ({ resource, credential }));
  });
}
