import { getProperty } from "dot-prop";

import {
  BatchRefusedError,
  EndpointFaultError,
  hasCode,
  isTerminal,
  messageOf,
  taskKey,
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
import { idQueries, toQuery } from "./filter";
import { pageSize, parsePage } from "./pages";
import { parsePoll } from "./poll";
import { siteInQuery } from "./remote-sites";
import { canBeStartedBy, earliestStart, replicationOf } from "./started-by";
import { toSnapshot } from "./task";
import { createVcdaApi } from "./vcda-api";

const tasksPath = "/tasks";
// The API names no limit; a body of this many UUIDs has 39 kB.
const mostPolled = 1_000;
// Nor one on simultaneous requests; this is ours.
const looksAtOnce = 4;

/** Fields that tell the end of a task; a bulk poll may lack their columns. */
const endFields = { SUCCEEDED: ["result", "warnings"], FAILED: ["error"] } as const;

function isWhole(task: Record<string, unknown>, { status }: TaskSnapshot): boolean {
  if (!isTerminal(status)) return true;
  const fields: readonly string[] = endFields[status === "SUCCEEDED" ? "SUCCEEDED" : "FAILED"];
  return fields.every((field) => Object.hasOwn(task, field));
}

function at(path: string, site: string | undefined): ApiRequest {
  return { method: "GET", path, ...(site === undefined ? {} : { query: { site } }) };
}

/** The client of one endpoint of VMware Cloud Director Availability (VCDA API 3.5 to 4.7). */
export function createVcdaClient(settings: EndpointSettings): ProductClient {
  const http = createHttpClient(settings);
  const api = createVcdaApi(settings, http);
  // Tasks that a poll left out and that the server said it does not know: not asked for one by one again.
  const unknown = new Set<string>();

  const snapshot = (request: ApiRequest, ref: Omit<TaskRef, "id">, body: unknown): TaskSnapshot => {
    try {
      return toSnapshot(ref, body);
    } catch (error) {
      throw unexpected(settings, request, (error as Error).message, body);
    }
  };

  /** A fault of one task, which says nothing about the others. */
  const alone = (error: unknown): Look => ({
    kind: "fault",
    fault: new EndpointFaultError(messageOf(error), { faultClass: "shape", sent: "maybe" }),
  });

  const taskRequest = ({ id, site }: TaskRef): ApiRequest =>
    at(`${tasksPath}/${encodeURIComponent(id)}`, site);

  const get = async (ref: TaskRef, signal: AbortSignal): Promise<TaskSnapshot | undefined> => {
    const request = taskRequest(ref);
    const body = await api.askOrMissing(request, signal);
    return body === undefined ? undefined : snapshot(request, ref, body);
  };

  const lookAtOne = async (ref: TaskRef, signal: AbortSignal): Promise<Look> => {
    try {
      const seen = await get(ref, signal);
      return seen === undefined ? { kind: "missing" } : { kind: "seen", snapshot: seen };
    } catch (error) {
      if (hasCode(error, "VMWARE_ENDPOINT_FAULT")) return { kind: "fault", fault: error };
      if (hasCode(error, "VMWARE_REQUEST_REFUSED") || hasCode(error, "VMWARE_UNEXPECTED_REPLY"))
        return alone(error);
      throw error;
    }
  };

  /** A task that the poll left out: whether the server knows it, asked once until the poll shows it again. */
  const confirm = async (ref: TaskRef, signal: AbortSignal): Promise<Look> => {
    const key = taskKey(ref);
    if (unknown.has(key)) return { kind: "missing" };
    const look = await lookAtOne(ref, signal);
    if (look.kind === "missing") unknown.add(key);
    return look;
  };

  /** What a row of a poll says; the end of a task is read whole where columns lack. */
  const lookAtRow = async (
    request: ApiRequest,
    ref: TaskRef,
    row: Record<string, unknown>,
    signal: AbortSignal,
  ): Promise<Look> => {
    unknown.delete(taskKey(ref));
    let seen: TaskSnapshot;
    try {
      seen = snapshot(request, ref, row);
    } catch (error) {
      return alone(error);
    }
    if (isWhole(row, seen)) return { kind: "seen", snapshot: seen };
    const whole = await lookAtOne(ref, signal);
    return whole.kind === "seen" ? whole : { kind: "seen", snapshot: seen };
  };

  const poll = async (
    request: ApiRequest,
    signal: AbortSignal,
  ): Promise<Map<string, Record<string, unknown>>> => {
    const body = await api.ask(request, signal);
    const rows = parsePoll(body);
    if (rows === undefined)
      throw unexpected(settings, request, "there are no `propertyNames` and `values`", body);
    return rows;
  };

  const pollMany = async (refs: readonly TaskRef[], signal: AbortSignal): Promise<Look[]> => {
    const [first, ...others] = refs;
    if (first === undefined) return [];
    const request: ApiRequest = {
      ...at(`${tasksPath}/poll`, first.site),
      method: "POST",
      body: refs.map(({ id }) => id),
      // Documented as plain JSON, unlike everything else.
      headers: { accept: `${api.accept}, application/json;q=0.9` },
    };
    let rows;
    try {
      rows = await poll(request, signal);
    } catch (error) {
      // One bad id spoils the batch; a site that is not known is no matter of ids.
      const isOfIds =
        hasCode(error, "VMWARE_REQUEST_REFUSED") &&
        (error.refusal.httpStatus === 400 || error.refusal.isNotFound);
      if (!isOfIds) throw error;
      if (others.length > 0) throw new BatchRefusedError(error.message);
      return [await lookAtOne(first, signal)];
    }
    const looks: Look[] = [];
    for (let from = 0; from < refs.length; from += looksAtOnce) {
      const some = refs.slice(from, from + looksAtOnce).map((ref) => {
        const row = rows.get(ref.id);
        return row === undefined ? confirm(ref, signal) : lookAtRow(request, ref, row, signal);
      });
      looks.push(...(await Promise.all(some)));
    }
    return looks;
  };

  /** The tasks that match, page by page, at most `most` of them. */
  const list = async (
    query: Record<string, string>,
    { offset = 0, most = Infinity }: { readonly offset?: number; readonly most?: number },
    signal: AbortSignal,
  ): Promise<TaskSnapshot[]> => {
    // By id, for a task that starts meanwhile pushes others on to the next page.
    const byId = new Map<string, TaskSnapshot>();
    for (let read = 0; byId.size < most;) {
      const limit = Math.min(pageSize, most - byId.size);
      const request: ApiRequest = {
        method: "GET",
        path: tasksPath,
        query: { ...query, limit: String(limit), offset: String(offset + read) },
      };
      const body = await api.ask(request, signal);
      const page = parsePage(body);
      if (page === undefined) throw unexpected(settings, request, 'the field "items" is no list', body);
      const known = byId.size;
      for (const item of page.items) {
        const task = snapshot(request, { kind: "task", site: query.site }, item);
        byId.set(task.ref.id, task);
      }
      read += page.items.length;
      const isLast = page.total === undefined ? page.items.length < limit : offset + read >= page.total;
      // A page that brings nothing new would be read for ever.
      if (isLast || byId.size === known) break;
    }
    return [...byId.values()].slice(0, most);
  };

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
    look: pollMany,

    async start(given, { kind, site, taskIdFrom }, signal) {
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
      if (status === 202 || taskIdFrom !== undefined) {
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
      const query = toQuery({
        site: site ?? siteInQuery(request),
        startTimeAfter: Math.floor(earliestStart(trace)) - 1,
        resourceId,
      });
      try {
        const found = await list(query, {}, signal);
        // Followed where the program says, not where it was looked for.
        const tasks = found.map((task) => ({ ...task, ref: { ...task.ref, kind: trace.kind, site } }));
        return tasks.filter((task) => canBeStartedBy(trace, task));
      } catch (error) {
        if (hasCode(error, "VMWARE_REQUEST_REFUSED")) return undefined;
        throw error;
      }
    },

    get: (ref, _filter: TaskFilter, signal) => get(ref, signal),

    async list(filter, signal) {
      const most = typeof filter.limit === "number" ? filter.limit : Infinity;
      const offset = typeof filter.offset === "number" ? filter.offset : 0;
      const parts = idQueries(filter);
      const found: TaskSnapshot[] = [];
      // Ids in several parts are cut off only when all of them are there.
      const range = parts.length > 1 ? {} : { most, offset };
      for (const ids of parts) found.push(...(await list({ ...toQuery(filter), ...ids }, range, signal)));
      // The server's order holds when the program asked for one.
      const ordered = filter.sort === undefined ? newestFirst(found) : found;
      return parts.length > 1 ? ordered.slice(offset, offset + most) : ordered;
    },

    cancel: () => Promise.reject(new Error("VMware Cloud Director Availability cannot cancel a task.")),
    retry: () =>
      Promise.reject(new Error("VMware Cloud Director Availability cannot continue a failed task.")),
    read: (request, signal) => api.askOrMissing(request, signal),
    reach: (signal) => api.logIn(signal),
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
