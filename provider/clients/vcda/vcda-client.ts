import { getProperty } from "dot-prop";

import {
  hasCode,
  type ApiRequest,
  type ProductClient,
  type TaskFilter,
  type TaskSnapshot,
} from "../../tasks";
import type { EndpointSettings } from "../http/endpoint-settings";
import { createGreeting } from "../http/greeting";
import { createHttpClient, type HttpReply } from "../http/http-client";
import { unexpected } from "../http/refusal";
import { startedAmong } from "../started-among";
import { idQueries, toQuery } from "./filter";
import { siteInQuery } from "./remote-sites";
import { canBeStartedBy, earliestStart, replicationOf } from "./started-by";
import { createTaskReader } from "./task-reader";
import { createVcdaApi } from "./vcda-api";

// The API names no limit; a body of this many UUIDs has 39 kB.
const mostPolled = 1_000;

/** The client of one endpoint of VMware Cloud Director Availability (VCDA API 3.5 to 4.7). */
export function createVcdaClient(settings: EndpointSettings): ProductClient {
  const http = createHttpClient(settings);
  const api = createVcdaApi(settings, http);
  const reader = createTaskReader(settings, api);
  const send = async (request: ApiRequest, signal: AbortSignal): Promise<HttpReply> =>
    (await api.send(request, signal)).reply;
  const greet = createGreeting(settings, http, { send }, { method: "GET", path: "/sessions" });

  const newestFirst = (tasks: TaskSnapshot[]): TaskSnapshot[] =>
    tasks.sort((a, b) => (b.startedAt ?? 0) - (a.startedAt ?? 0) || a.ref.id.localeCompare(b.ref.id));

  const withSite = (request: ApiRequest, site: string | undefined): ApiRequest =>
    site === undefined || siteInQuery(request) !== undefined
      ? request
      : { ...request, query: { ...request.query, site } };

  const client: ProductClient = {
    batchSize: mostPolled,
    // For all sites of an endpoint together.
    requestsPerSecond: 2,
    costOf: () => 1,
    groupOf: ({ site = "" }) => site,
    look: (refs, signal) => reader.look(refs, signal),

    async start(given, { kind, site, taskIdFrom, isObserved = false }, signal) {
      const request = withSite(given, site);
      const exchange = await api.send(request, signal);
      const body = api.goodBody(exchange);
      const isObject = typeof body === "object" && body !== null;
      const id: unknown = isObject ? getProperty(body, taskIdFrom ?? "id") : undefined;
      const { status } = exchange.reply;
      // A changed object has an id too, so without 202 the body must look like a task.
      const isTask = status === 202 || (isObject && "state" in body && "startTime" in body);
      if (typeof id === "string" && id !== "" && (isTask || taskIdFrom !== undefined))
        return { kind: "task", ref: { id, kind, site } };
      if ((status === 202 && !isObserved) || taskIdFrom !== undefined) {
        throw unexpected(
          settings,
          request,
          `there is no task id at \`${taskIdFrom ?? "id"}\`. The operation started, but cannot be followed`,
          body,
        );
      }
      return { kind: "done", body };
    },

    async findStarted(trace, signal) {
      const { request, site } = trace;
      const resourceId = replicationOf(request.path);
      const place = { site: site ?? siteInQuery(request), resourceId };
      const among = async (filter: TaskFilter): Promise<TaskSnapshot[] | undefined> =>
        startedAmong(await reader.lookAtList(toQuery({ ...place, ...filter }), {}, signal), (task) =>
          canBeStartedBy(trace, task),
        );
      try {
        let found = await among({ startTimeAfter: Math.floor(earliestStart(trace)) - 1 });
        // One with a stamp that cannot be true is in no list of a time; those that run are few.
        if (found?.length === 0) found = await among({ state: "RUNNING" });
        // Followed where the program says, not where it was looked for.
        return found?.map((task) => ({ ...task, ref: { ...task.ref, kind: trace.kind, site } }));
      } catch (error) {
        if (hasCode(error, "VMWARE_REQUEST_REFUSED")) return undefined;
        throw error;
      }
    },

    get: (ref, _filter: TaskFilter, signal) => reader.get(ref, signal),

    async list(filter, signal) {
      const most = typeof filter.limit === "number" ? filter.limit : Infinity;
      const offset = typeof filter.offset === "number" ? filter.offset : 0;
      const parts = idQueries(filter);
      const found: TaskSnapshot[] = [];
      // Ids in several parts are cut off only when all of them are there.
      const range = parts.length > 1 ? {} : { most, offset };
      for (const ids of parts)
        found.push(...(await reader.list({ ...toQuery(filter), ...ids }, range, signal)));
      // The server's order holds when the program asked for one.
      const ordered = filter.sort === undefined ? newestFirst(found) : found;
      return parts.length > 1 ? ordered.slice(offset, offset + most) : ordered;
    },

    cancel: () => Promise.reject(new Error("VMware Cloud Director Availability cannot cancel a task.")),
    retry: () =>
      Promise.reject(new Error("VMware Cloud Director Availability cannot continue a failed task.")),
    read: (request, signal) => api.askOrMissing(request, signal),
    async reach(signal) {
      await api.logIn(signal);
      await greet(signal);
    },
    warningsOf: () => [],
    // The result is an output of its own, which may be secret.
    condense: ({ result, ...native }) => native,
    clockOffsetMs: () => http.clockOffsetMs(),
    async close(signal) {
      await api.close(signal);
      await http.close();
    },
  };
  return client;
}
