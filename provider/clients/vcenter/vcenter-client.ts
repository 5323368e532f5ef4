import { getProperty } from "dot-prop";
import { z } from "zod";

import {
  BatchRefusedError,
  hasCode,
  RequestRefusedError,
  type ApiRequest,
  type Look,
  type ProductClient,
  type StartReply,
  type TaskRef,
  type TaskSnapshot,
} from "../../tasks";
import type { EndpointSettings } from "../http/endpoint-settings";
import { loginFault, replyFault } from "../http/fault";
import { createHttpClient, type HttpReply } from "../http/http-client";
import { refusal, unexpected } from "../http/refusal";
import { toFilterSpec, toRestQuery, type FilterSpec } from "./filter";
import { parseVapiError, type VapiError } from "./messages";
import { createVcenterSession } from "./session";
import { canBeStartedBy, serviceOf } from "./started-by";
import { toSnapshot } from "./task-info";

// vSphere Automation API, `Cis.Tasks.list`: more matches than this are an error, not a cut-off answer.
const mostMatches = 1000;

/** Error types by which vCenter says "later", whatever the HTTP status; nothing was started. */
const busyTypes = ["RESOURCE_BUSY", "NOT_ALLOWED_IN_CURRENT_STATE", "CONCURRENT_CHANGE"];

/** Types that do not tell whether the work has begun. */
const ambiguousTypes = [
  "ERROR",
  "INTERNAL_SERVER_ERROR",
  "TIMED_OUT",
  "SERVICE_UNAVAILABLE",
  "RESOURCE_INACCESSIBLE",
];

const tooMany = /too many|maximum number|limit (was |is )?(reached|exceeded)/i;

const listReply = z.union([
  z.record(z.string(), z.unknown()).transform((map) => Object.entries(map)),
  z
    .array(z.object({ key: z.string(), value: z.unknown() }))
    .transform((list) => list.map(({ key, value }) => [key, value] as const)),
]);

function isBusy(status: number, error: VapiError): boolean {
  if (busyTypes.includes(error.type) || status === 409) return true;
  return error.causes.some(({ message }) => tooMany.test(message));
}

/** Adds what makes an operation answer with a task; `"vmw-task": false` in the program's query leaves it out. */
function asTaskRequest(request: ApiRequest): ApiRequest {
  const { "vmw-task": wish, ...query } = request.query ?? {};
  if (wish === false || wish === "false") return { ...request, query };
  if (new URLSearchParams(request.path.split("?")[1] ?? "").has("vmw-task")) return request;
  return { ...request, query: { ...query, "vmw-task": "true" } };
}

/** The client of one vCenter endpoint: CIS tasks by `/api`, or by the deprecated `/rest`. */
export function createVcenterClient(settings: EndpointSettings): ProductClient {
  const http = createHttpClient(settings);
  const session = createVcenterSession(http, settings);
  const isRest = settings.api === "rest";
  const tasksPath = isRest ? "/rest/cis/tasks" : "/api/cis/tasks";

  const send = async (request: ApiRequest, signal: AbortSignal): Promise<HttpReply> => {
    const withSession = (id: string): ApiRequest => ({
      ...request,
      headers: { ...request.headers, "vmware-api-session-id": id },
    });
    const held = await session.get();
    const reply = await http.send(withSession(held.id), signal);
    if (reply.status !== 401) return reply;
    const renewed = await session.replace(held);
    const second = await http.send(withSession(renewed.id), signal);
    if (second.status !== 401) return second;
    throw loginFault(
      settings,
      401,
      parseVapiError(second.body)?.causes[0]?.message ?? "a new session is not taken.",
    );
  };

  const bodyOf = (body: unknown): unknown =>
    isRest && typeof body === "object" && body !== null && "value" in body ? body.value : body;

  /** The body of a good answer; everything else is thrown as what it is. */
  const goodBody = (request: ApiRequest, reply: HttpReply): unknown => {
    if (reply.status >= 200 && reply.status < 300 && !reply.isMalformed) return bodyOf(reply.body);
    const error = parseVapiError(reply.body);
    if (error === undefined) throw replyFault(settings, request, reply);
    if (reply.status >= 500 && ambiguousTypes.includes(error.type)) {
      throw replyFault(settings, request, reply, `${error.type}: ${error.causes[0]?.message ?? ""}`);
    }
    throw refusal(settings, request, reply, {
      causes: error.causes,
      isBusy: isBusy(reply.status, error),
      isNotFound: error.type === "NOT_FOUND",
    });
  };

  const ask = async (request: ApiRequest, signal: AbortSignal): Promise<unknown> =>
    goodBody(request, await send(request, signal));

  /** The answer, or `undefined` when the server says in its own words that the object does not exist. */
  const askOrMissing = async (request: ApiRequest, signal: AbortSignal): Promise<unknown> => {
    try {
      return await ask(request, signal);
    } catch (error) {
      if (hasCode(error, "VMWARE_REQUEST_REFUSED") && error.refusal.isNotFound) return undefined;
      throw error;
    }
  };

  const requestOf = (ref: TaskRef, query?: Record<string, string>): ApiRequest => ({
    method: "GET",
    path: `${tasksPath}/${encodeURIComponent(ref.id)}`,
    query,
  });

  const snapshot = (ref: TaskRef, request: ApiRequest, body: unknown): TaskSnapshot => {
    try {
      return toSnapshot(ref, body);
    } catch (error) {
      throw unexpected(settings, request, (error as Error).message);
    }
  };

  const query = async (filter: FilterSpec, signal: AbortSignal): Promise<TaskSnapshot[]> => {
    const request: ApiRequest = isRest
      ? { method: "GET", path: tasksPath, query: toRestQuery(filter) }
      : { method: "POST", path: `${tasksPath}?action=list`, body: { filter_spec: filter } };
    const parsed = listReply.safeParse(await ask(request, signal));
    if (!parsed.success) throw unexpected(settings, request, "neither a map nor a list of tasks");
    return parsed.data.map(([id, body]) => snapshot({ id, kind: "task" }, request, body));
  };

  const lookAtMany = async (refs: readonly TaskRef[], signal: AbortSignal): Promise<Look[]> => {
    const found = await query({ tasks: refs.map(({ id }) => id) }, signal).catch((error: unknown) => {
      if (!(error instanceof RequestRefusedError)) throw error;
      throw new BatchRefusedError(error.message);
    });
    const byId = new Map(found.map((task) => [task.ref.id, task]));
    return refs.map(({ id }) => {
      const task = byId.get(id);
      return task === undefined ? { kind: "missing" } : { kind: "seen", snapshot: task };
    });
  };

  const client: ProductClient = {
    batchSize: mostMatches,
    requestsPerSecond: 1,
    costOf: () => 1,
    // Tasks of one list must come from one provider; the service in the id is the best hint of it.
    groupOf: ({ id }) => id.split(":")[1] ?? "",

    async look(refs, signal) {
      const [only, ...more] = refs;
      if (only === undefined) return [];
      if (more.length > 0) return lookAtMany(refs, signal);
      const task = await client.get(only, {}, signal);
      return [task === undefined ? { kind: "missing" } : { kind: "seen", snapshot: task }];
    },

    async start(given, { taskIdFrom }, signal): Promise<StartReply> {
      let request = asTaskRequest(given);
      let reply = await send(request, signal);
      let error = parseVapiError(reply.body);
      if (error?.type === "OPERATION_NOT_FOUND" && request !== given) {
        // It has no form that answers with a task, so nothing was started.
        request = { ...given, query: { ...given.query } };
        reply = await send(request, signal);
        error = parseVapiError(reply.body);
      }
      if (error?.type === "ALREADY_IN_DESIRED_STATE" && reply.status >= 400) {
        return { kind: "done", body: undefined, note: error.causes[0]?.message };
      }
      const body = goodBody(request, reply);
      const value = taskIdFrom === undefined ? body : getProperty(body as object, taskIdFrom);
      // Legacy starts answer 200 with the id; `/api` answers 202. An id has the form `<uuid>:<service>`.
      const isId =
        typeof value === "string" &&
        value !== "" &&
        (reply.status === 202 || isRest || taskIdFrom !== undefined);
      if (isId) return { kind: "task", ref: { id: value, kind: "task" } };
      if (reply.status === 202 || taskIdFrom !== undefined) {
        const where =
          taskIdFrom === undefined ? "the body is no task id" : `there is no task id at \`${taskIdFrom}\``;
        throw unexpected(settings, request, `${where}. The operation started, but cannot be followed`);
      }
      return { kind: "done", body };
    },

    async findStarted(trace, signal) {
      try {
        const tasks = await query({ services: [serviceOf(trace.request.path)] }, signal);
        return tasks.filter((task) => canBeStartedBy(trace, task));
      } catch (error) {
        if (hasCode(error, "VMWARE_REQUEST_REFUSED")) return undefined;
        throw error;
      }
    },

    async get(ref, { returnAll, excludeResult }, signal) {
      const flags = { return_all: returnAll, exclude_result: excludeResult };
      const request = requestOf(
        ref,
        Object.fromEntries(
          Object.entries(flags).flatMap(([name, value]) =>
            typeof value === "boolean" ? [[`${isRest ? "spec." : ""}${name}`, String(value)]] : [],
          ),
        ),
      );
      const body = await askOrMissing(request, signal);
      return body === undefined ? undefined : snapshot(ref, request, body);
    },

    async list(filter, signal) {
      const tasks = await query(toFilterSpec(filter), signal);
      return tasks.sort(
        (a, b) => (b.startedAt ?? 0) - (a.startedAt ?? 0) || a.ref.id.localeCompare(b.ref.id),
      );
    },

    async cancel(ref, signal) {
      await ask({ method: "POST", path: `${tasksPath}/${encodeURIComponent(ref.id)}?action=cancel` }, signal);
    },

    retry: () => Promise.reject(new Error("vCenter cannot continue a failed task.")),

    read: (request, signal) => askOrMissing(request, signal),
    async reach() {
      await session.get();
    },
    condense: (native) => ({ ...native }),
    clockOffsetMs: () => http.clockOffsetMs(),
    async close(signal) {
      await session.close(signal);
      http.close();
    },
  };
  return client;
}
