import { z } from "zod";

import {
  BatchRefusedError,
  EndpointFaultError,
  hasCode,
  messageOf,
  RequestRefusedError,
  type ApiRequest,
  type Look,
  type ProductClient,
  type StartReply,
  type TaskFilter,
  type TaskRef,
  type TaskSnapshot,
} from "../../tasks";
import type { EndpointSettings } from "../http/endpoint-settings";
import { loginFault, replyFault } from "../http/fault";
import { createHttpClient, type HttpReply } from "../http/http-client";
import { refusal, unexpected } from "../http/refusal";
import { partsOf, toFilterSpec, toRestQuery, toResultSpec, type FilterSpec, type ResultSpec } from "./filter";
import { parseVapiError } from "./messages";
import { createVcenterSession } from "./session";
import { canBeStartedBy, serviceOf } from "./started-by";
import { toSnapshot } from "./task-info";
import { asksForTask, asTaskRequest, stringAt, taskIdOf } from "./task-request";
import { isAmbiguous, isBusy, isLegacy } from "./verdict";

// vSphere Automation API, `Cis.Tasks.list`: more matches than this are an error, not a cut-off answer.
const mostMatches = 1000;
// The legacy API takes ids in the query: so many of the longest make a URL of 4 kB.
const mostIdsInUrl = 30;

/** How the server says so; the type of that error also tells of servers in trouble. */
const manyTasks = /more than|too many|exceed/i;

function tooManyMatch({ name }: EndpointSettings): RequestRefusedError {
  return new RequestRefusedError(
    `More than ${mostMatches} tasks of endpoint "${name}" match the filter, and vCenter lists no more than that: ` +
      "narrow it by `status`, `operations`, `targets` or `users`.",
    { httpStatus: 500, isBusy: false, isNotFound: false, causes: [] },
  );
}

const listReply = z.union([
  z.record(z.string(), z.unknown()).transform((map) => Object.entries(map)),
  z
    .array(z.object({ key: z.string(), value: z.unknown() }))
    .transform((list) => list.map(({ key, value }) => [key, value] as const)),
]);

/** The client of one vCenter endpoint: CIS tasks by `/api`, or by the deprecated `/rest`. */
export function createVcenterClient(settings: EndpointSettings): ProductClient {
  const http = createHttpClient(settings);
  const session = createVcenterSession(http, settings);
  const isRest = settings.api === "rest";
  const mostIds = isRest ? mostIdsInUrl : mostMatches;
  const tasksPath = isRest ? "/rest/cis/tasks" : "/api/cis/tasks";

  const send = async (request: ApiRequest, signal: AbortSignal): Promise<HttpReply> => {
    const withSession = (id: string): ApiRequest => ({
      ...request,
      headers: { ...request.headers, "vmware-api-session-id": id },
    });
    const held = await session.get(signal);
    const reply = await http.send(withSession(held.id), signal);
    if (reply.status !== 401) return reply;
    const renewed = await session.replace(held, signal);
    // A token of the user's own may be the same as before.
    const second = renewed.id === held.id ? reply : await http.send(withSession(renewed.id), signal);
    if (second.status !== 401) return second;
    throw loginFault(
      settings,
      401,
      parseVapiError(second.body)?.causes[0]?.message ?? "a new session is not taken.",
    );
  };

  const bodyOf = (request: ApiRequest, body: unknown): unknown =>
    isLegacy(request) && typeof body === "object" && body !== null && "value" in body ? body.value : body;

  /** The body of a good answer; everything else is thrown as what it is. */
  const goodBody = (request: ApiRequest, reply: HttpReply): unknown => {
    if (reply.status >= 200 && reply.status < 300 && !reply.isMalformed) return bodyOf(request, reply.body);
    const error = parseVapiError(reply.body);
    if (error === undefined) throw replyFault(settings, request, reply);
    if (reply.status === 429 || isAmbiguous(request, reply.status, error)) {
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

  const listRequest = (filter: FilterSpec, result: ResultSpec): ApiRequest =>
    isRest
      ? { method: "GET", path: tasksPath, query: toRestQuery(filter, result) }
      : {
          method: "POST",
          path: `${tasksPath}?action=list`,
          body: { filter_spec: filter, ...(Object.keys(result).length > 0 ? { result_spec: result } : {}) },
        };

  /** The reply to a list, or that more tasks match than the server lists. */
  const query = async (
    request: ApiRequest,
    signal: AbortSignal,
  ): Promise<(readonly [string, unknown])[] | "too many"> => {
    const reply = await send(request, signal);
    // By its text it may also be a server in trouble, but a list has no other limit.
    const error = reply.status < 400 ? undefined : parseVapiError(reply.body);
    if (
      error?.type === "RESOURCE_INACCESSIBLE" &&
      error.causes.some(({ message }) => manyTasks.test(message))
    )
      return "too many";
    const parsed = listReply.safeParse(goodBody(request, reply));
    if (!parsed.success) throw unexpected(settings, request, "neither a map nor a list of tasks");
    return parsed.data;
  };

  const toLook = (ref: TaskRef, request: ApiRequest, body: unknown): Look => {
    if (body === undefined) return { kind: "missing" };
    try {
      return { kind: "seen", snapshot: snapshot(ref, request, body) };
    } catch (error) {
      // One odd task says nothing about the others.
      const fault = new EndpointFaultError(messageOf(error), { faultClass: "shape", sent: "maybe" });
      return { kind: "fault", fault };
    }
  };

  const lookAtMany = async (refs: readonly TaskRef[], signal: AbortSignal): Promise<Look[]> => {
    const request = listRequest({ tasks: refs.map(({ id }) => id) }, {});
    const found = await query(request, signal).catch((error: unknown) => {
      if (!hasCode(error, "VMWARE_REQUEST_REFUSED")) throw error;
      throw new BatchRefusedError(error.message);
    });
    if (found === "too many") throw new BatchRefusedError(tooManyMatch(settings).message);
    const byId = new Map(found);
    return refs.map((ref) => toLook(ref, request, byId.get(ref.id)));
  };

  const taskRequest = (ref: TaskRef, { returnAll, excludeResult }: TaskFilter): ApiRequest =>
    requestOf(
      ref,
      Object.fromEntries(
        Object.entries(toResultSpec({ returnAll, excludeResult })).map(([name, value]) => [
          `${isRest ? "spec." : ""}${name}`,
          String(value),
        ]),
      ),
    );

  const client: ProductClient = {
    batchSize: mostIds,
    requestsPerSecond: 1,
    costOf: () => 1,
    // Tasks of one list must come from one provider; the service in the id is the best hint of it.
    groupOf: ({ id }) => id.split(":")[1] ?? "",

    async look(refs, signal) {
      const [only, ...more] = refs;
      if (only === undefined) return [];
      if (more.length > 0) return lookAtMany(refs, signal);
      const request = taskRequest(only, {});
      return [toLook(only, request, await askOrMissing(request, signal))];
    },

    async start(given, { taskIdFrom }, signal): Promise<StartReply> {
      let request = asTaskRequest(given);
      let reply = await send(request, signal);
      let error = parseVapiError(reply.body);
      if (error?.type === "OPERATION_NOT_FOUND" && asksForTask(request) && !asksForTask(given)) {
        // It has no form that answers with a task, so nothing was started.
        request = { ...given, query: { ...given.query } };
        reply = await send(request, signal);
        error = parseVapiError(reply.body);
      }
      if (error?.type === "ALREADY_IN_DESIRED_STATE" && reply.status >= 400) {
        return { kind: "done", body: undefined, note: error.causes[0]?.message };
      }
      const body = goodBody(request, reply);
      const id =
        taskIdFrom === undefined
          ? taskIdOf(request, reply.status, body)
          : stringAt(taskIdFrom, reply.body, body);
      if (id !== undefined) return { kind: "task", ref: { id, kind: "task" } };
      if (reply.status === 202 || taskIdFrom !== undefined) {
        const where =
          taskIdFrom === undefined ? "the body is no task id" : `there is no task id at \`${taskIdFrom}\``;
        throw unexpected(settings, request, `${where}. The operation started, but cannot be followed`);
      }
      return { kind: "done", body };
    },

    async findStarted(trace, signal) {
      const request = listRequest({ services: [serviceOf(trace.request.path)] }, {});
      try {
        const found = await query(request, signal);
        // A part of them could lack the one that is looked for.
        if (found === "too many") return undefined;
        return found.flatMap(([id, body]) => {
          const look = toLook({ id, kind: "task" }, request, body);
          return look.kind === "seen" && canBeStartedBy(trace, look.snapshot) ? [look.snapshot] : [];
        });
      } catch (error) {
        if (hasCode(error, "VMWARE_REQUEST_REFUSED")) return undefined;
        throw error;
      }
    },

    async get(ref, options, signal) {
      const request = taskRequest(ref, options);
      const body = await askOrMissing(request, signal);
      return body === undefined ? undefined : snapshot(ref, request, body);
    },

    async list(filter, signal) {
      const tasks: TaskSnapshot[] = [];
      for (const part of partsOf(toFilterSpec(filter), mostIds)) {
        const request = listRequest(part, toResultSpec(filter));
        const found = await query(request, signal);
        if (found === "too many") throw tooManyMatch(settings);
        tasks.push(...found.map(([id, body]) => snapshot({ id, kind: "task" }, request, body)));
      }
      return tasks.sort(
        (a, b) => (b.startedAt ?? 0) - (a.startedAt ?? 0) || a.ref.id.localeCompare(b.ref.id),
      );
    },

    async cancel(ref, signal) {
      await ask({ method: "POST", path: `${tasksPath}/${encodeURIComponent(ref.id)}?action=cancel` }, signal);
    },

    retry: () => Promise.reject(new Error("vCenter cannot continue a failed task.")),

    read: (request, signal) => askOrMissing(request, signal),
    async reach(signal) {
      await session.get(signal);
    },
    // The result is an output of its own, which may be secret.
    condense: ({ result, ...native }) => native,
    clockOffsetMs: () => http.clockOffsetMs(),
    async close(signal) {
      await session.close(signal);
      await http.close();
    },
  };
  return client;
}
