import { getProperty } from "dot-prop";

import type { ApiRequest } from "../../tasks";
import { isLegacy } from "./verdict";

/** Whether a request itself says whether it wants a task. */
export function asksForTask({ path, query }: ApiRequest): boolean {
  return query?.["vmw-task"] !== undefined || new URLSearchParams(path.split("?")[1] ?? "").has("vmw-task");
}

/** Adds what makes an operation answer with a task; `"vmw-task": false` in the program's query leaves it out. */
export function asTaskRequest(request: ApiRequest): ApiRequest {
  const { "vmw-task": wish, ...query } = request.query ?? {};
  if (wish === false || wish === "false") return { ...request, query };
  return asksForTask(request) ? request : { ...request, query: { ...query, "vmw-task": "true" } };
}

// The id of a task has the form `<uuid>:<service>`.
const taskIdForm = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}:com\.vmware\./i;

/** The task id in a reply to a start, where the request or the status says that there is one. */
export function taskIdOf(request: ApiRequest, status: number, body: unknown): string | undefined {
  if (typeof body !== "string" || body === "") return undefined;
  // Legacy starts answer 200 with the id, `/api` answers 202; an operation without a task may answer a string too.
  const isTask = status === 202 || (asksForTask(request) && (isLegacy(request) || taskIdForm.test(body)));
  return isTask ? body : undefined;
}

/** The string at a path of a reply, of what is wrapped in it if need be. */
export function stringAt(path: string, ...bodies: readonly unknown[]): string | undefined {
  return bodies
    .map((body): unknown => (typeof body === "object" && body !== null ? getProperty(body, path) : undefined))
    .find((value): value is string => typeof value === "string" && value !== "");
}
