import { z } from "zod";

import {
  BatchRefusedError,
  hasCode,
  type ApiRequest,
  type Look,
  type ProductClient,
  type TaskFilter,
  type TaskRef,
  type TaskSnapshot,
} from "../../tasks";
import type { EndpointSettings } from "../http/endpoint-settings";
import { createHttpClient } from "../http/http-client";
import { unexpected } from "../http/refusal";
import { canBeStartedBy, serviceOf } from "../vapi/started-by";
import { mostMatches, newestFirst, saysTooMany, tooManyMatch } from "../vapi/task-lists";
import { createVapiApi } from "../vapi/vapi-api";
import { partsOf, toFilterSpec, toRestQuery, toResultSpec, type FilterSpec, type ResultSpec } from "./filter";
import { createVcenterSession } from "./session";

// The legacy API takes ids in the query: so many of the longest make a URL of 4 kB.
const mostIdsInUrl = 30;

const filters = "`status`, `operations`, `targets` or `users`";

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

  const api = createVapiApi(settings, http, session);
  const requestOf = (ref: TaskRef, query?: Record<string, string>): ApiRequest => ({
    method: "GET",
    path: `${tasksPath}/${encodeURIComponent(ref.id)}`,
    query,
  });

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
    const reply = await api.send(request, signal);
    if (saysTooMany(reply)) return "too many";
    const parsed = listReply.safeParse(api.goodBody(request, reply));
    if (!parsed.success) throw unexpected(settings, request, "neither a map nor a list of tasks");
    return parsed.data;
  };

  const lookAtMany = async (refs: readonly TaskRef[], signal: AbortSignal): Promise<Look[]> => {
    const request = listRequest({ tasks: refs.map(({ id }) => id) }, {});
    const found = await query(request, signal).catch((error: unknown) => {
      if (!hasCode(error, "VMWARE_REQUEST_REFUSED")) throw error;
      throw new BatchRefusedError(error.message);
    });
    if (found === "too many") throw new BatchRefusedError(tooManyMatch(settings, "vCenter", filters).message);
    const byId = new Map(found);
    return refs.map((ref) => api.toLook(ref, request, byId.get(ref.id)));
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
      return [api.toLook(only, request, await api.askOrMissing(request, signal))];
    },

    start: (request, { taskIdFrom }, signal) => api.start(request, taskIdFrom, signal),

    async findStarted(trace, signal) {
      const request = listRequest({ services: [serviceOf(trace.request.path)] }, {});
      try {
        const found = await query(request, signal);
        // A part of them could lack the one that is looked for.
        if (found === "too many") return undefined;
        return found.flatMap(([id, body]) => {
          const look = api.toLook({ id, kind: "task" }, request, body);
          return look.kind === "seen" && canBeStartedBy(trace, look.snapshot) ? [look.snapshot] : [];
        });
      } catch (error) {
        if (hasCode(error, "VMWARE_REQUEST_REFUSED")) return undefined;
        throw error;
      }
    },

    async get(ref, options, signal) {
      const request = taskRequest(ref, options);
      const body = await api.askOrMissing(request, signal);
      return body === undefined ? undefined : api.snapshot(ref, request, body);
    },

    async list(filter, signal) {
      const tasks: TaskSnapshot[] = [];
      for (const part of partsOf(toFilterSpec(filter), mostIds)) {
        const request = listRequest(part, toResultSpec(filter));
        const found = await query(request, signal);
        if (found === "too many") throw tooManyMatch(settings, "vCenter", filters);
        tasks.push(...found.map(([id, body]) => api.snapshot({ id, kind: "task" }, request, body)));
      }
      return tasks.sort(newestFirst);
    },

    async cancel(ref, signal) {
      await api.ask(
        { method: "POST", path: `${tasksPath}/${encodeURIComponent(ref.id)}?action=cancel` },
        signal,
      );
    },

    retry: () => Promise.reject(new Error("vCenter cannot continue a failed task.")),

    read: (request, signal) => api.askOrMissing(request, signal),
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
