import { getProperty } from "dot-prop";

import {
  EndpointFaultError,
  hasCode,
  messageOf,
  type ApiRequest,
  type FailureCause,
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
import { causesOfBody } from "./errors";
import { pageSize, parsePage } from "./pages";
import { createSddcSession } from "./session";
import { canBeStartedBy, reachesBack } from "./started-by";
import { condense, toSnapshot } from "./task";

const tasksPath = "/v1/tasks";

/** How a filter's names are spelled by `GET /v1/tasks` (5.1 and later; earlier versions ignore some). */
const listParameters: Readonly<Record<string, string>> = {
  limit: "limit",
  type: "taskType",
  name: "taskName",
  resourceId: "resourceId",
  resourceType: "resourceType",
  completedAfter: "completedAfter",
  orderBy: "orderBy",
  orderDirection: "orderDirection",
};

// From here on a list costs fewer requests than single looks.
const fewestForList = 8;
// The API documents no limit on simultaneous requests; this is ours.
const looksAtOnce = 4;

// 2000 tasks: more than an SDDC Manager keeps of some days.
const mostPagesForStart = 20;

const tooMany =
  /too many|maximum number|limit (was |is )?(reached|exceeded)|another (operation|task|workflow).*in progress/i;

const isBusy = (status: number, causes: readonly FailureCause[]): boolean =>
  status === 409 || causes.some(({ message, code = "" }) => tooMany.test(message) || /BUSY/.test(code));

function idOf(body: unknown): string | undefined {
  const id = typeof body === "object" && body !== null && "id" in body ? body.id : undefined;
  return typeof id === "string" ? id : undefined;
}

/** The client of one SDDC Manager endpoint (VMware Cloud Foundation). */
export function createSddcClient(settings: EndpointSettings): ProductClient {
  const http = createHttpClient(settings);
  const session = createSddcSession(http, settings);

  const send = async (request: ApiRequest, signal: AbortSignal): Promise<HttpReply> => {
    const withToken = (token: string): ApiRequest => ({
      ...request,
      headers: { ...request.headers, authorization: `Bearer ${token}` },
    });
    const held = await session.get(signal);
    const reply = await http.send(withToken(held.access), signal);
    // Some versions tell an expired token by 403.
    if (reply.status !== 401 && reply.status !== 403) return reply;
    const renewed = await session.replace(held, signal);
    // A token of the user's own may be the same as before.
    const isSame = renewed.access === held.access;
    const second = isSame ? reply : await http.send(withToken(renewed.access), signal);
    if (second.status !== 401) return second;
    throw loginFault(settings, 401, causesOfBody(second.body)?.[0]?.message ?? "a new token is not taken.");
  };

  const goodBody = (request: ApiRequest, reply: HttpReply, starts: boolean): unknown => {
    if (reply.status >= 200 && reply.status < 300 && !reply.isMalformed) return reply.body;
    const causes = causesOfBody(reply.body);
    if (causes === undefined) throw replyFault(settings, request, reply);
    const busy = isBusy(reply.status, causes);
    // SDDC Manager answers even business failures with 500, so it does not tell whether work has begun.
    if (reply.status === 429 || (reply.status >= 500 && !(busy && starts))) {
      const [first] = causes;
      throw replyFault(settings, request, reply, [first?.code, first?.message].filter(Boolean).join(": "));
    }
    throw refusal(settings, request, reply, { causes, isBusy: busy, isNotFound: reply.status === 404 });
  };

  const ask = async (request: ApiRequest, signal: AbortSignal): Promise<unknown> =>
    goodBody(request, await send(request, signal), false);

  const askOrMissing = async (request: ApiRequest, signal: AbortSignal): Promise<unknown> => {
    try {
      return await ask(request, signal);
    } catch (error) {
      if (hasCode(error, "VMWARE_REQUEST_REFUSED") && error.refusal.isNotFound) return undefined;
      throw error;
    }
  };

  const snapshot = (request: ApiRequest, kind: string, body: unknown): TaskSnapshot => {
    try {
      return toSnapshot(kind, body);
    } catch (error) {
      throw unexpected(settings, request, (error as Error).message, body);
    }
  };

  const pathOf = (ref: TaskRef): string => `${tasksPath}/${encodeURIComponent(ref.id)}`;

  const toLook = (request: ApiRequest, kind: string, body: unknown): Look => {
    if (body === undefined) return { kind: "missing" };
    try {
      return { kind: "seen", snapshot: snapshot(request, kind, body) };
    } catch (error) {
      // One odd task says nothing about the others.
      const fault = new EndpointFaultError(messageOf(error), { faultClass: "shape", sent: "maybe" });
      return { kind: "fault", fault };
    }
  };

  const lookAtOne = async (ref: TaskRef, signal: AbortSignal): Promise<Look> => {
    const request: ApiRequest = { method: "GET", path: pathOf(ref) };
    try {
      return toLook(request, ref.kind, await askOrMissing(request, signal));
    } catch (error) {
      if (hasCode(error, "VMWARE_ENDPOINT_FAULT")) return { kind: "fault", fault: error };
      // A user who may not see one task may see the others.
      if (!hasCode(error, "VMWARE_REQUEST_REFUSED")) throw error;
      return {
        kind: "fault",
        fault: new EndpointFaultError(error.message, { faultClass: "shape", sent: "maybe" }),
      };
    }
  };

  /** Tasks page by page as they came, and whether there are more. */
  const pages = async function* (
    query: Record<string, string>,
    signal: AbortSignal,
  ): AsyncGenerator<{ request: ApiRequest; elements: readonly unknown[]; isLast: boolean }> {
    let next: number | undefined;
    let read = 0;
    do {
      const request: ApiRequest = {
        method: "GET",
        path: tasksPath,
        query: { ...query, ...(next === undefined ? {} : { pageNumber: String(next) }) },
      };
      const body = await ask(request, signal);
      const page = parsePage(body, (read += 1));
      if (page === undefined) throw unexpected(settings, request, 'the field "elements" is no list', body);
      next = page.next;
      yield { request, elements: page.elements, isLast: next === undefined };
    } while (next !== undefined);
  };

  /** Reads pages as long as they cost less than single looks. */
  const lookByList = async (refs: readonly TaskRef[], signal: AbortSignal): Promise<Map<string, Look>> => {
    const wanted = new Map(refs.map((ref) => [ref.id, ref]));
    const found = new Map<string, Look>();
    let pagesLeft = Math.ceil(refs.length / fewestForList);
    for await (const { request, elements } of pages({ pageSize: String(pageSize) }, signal)) {
      for (const body of elements) {
        const ref = wanted.get(idOf(body) ?? "");
        if (ref !== undefined) found.set(ref.id, toLook(request, ref.kind, body));
      }
      pagesLeft -= 1;
      if (found.size === wanted.size || pagesLeft === 0) break;
    }
    return found;
  };

  const client: ProductClient = {
    batchSize: 5_000,
    requestsPerSecond: 4,
    costOf: (count) => (count < fewestForList ? count : Math.ceil(count / fewestForList)),
    groupOf: ({ kind }) => kind,

    async look(refs, signal) {
      const listed = refs.length >= fewestForList ? await lookByList(refs, signal) : new Map<string, Look>();
      const looks = refs.map(({ id }) => listed.get(id));
      const rest = refs.flatMap((ref, index) => (looks[index] === undefined ? [{ ref, index }] : []));
      for (let at = 0; at < rest.length; at += looksAtOnce) {
        const some = rest.slice(at, at + looksAtOnce);
        const answers = await Promise.all(some.map(({ ref }) => lookAtOne(ref, signal)));
        some.forEach(({ index }, i) => (looks[index] = answers[i]));
      }
      return looks as Look[];
    },

    async start(request, { kind, taskIdFrom }, signal): Promise<StartReply> {
      const reply = await send(request, signal);
      const body = goodBody(request, reply, true);
      const value: unknown =
        typeof body === "object" && body !== null ? getProperty(body, taskIdFrom ?? "id") : undefined;
      // A created object has an id, a name and a status too, so without 202 the body must look like a task.
      const isTask =
        reply.status === 202 ||
        (typeof body === "object" &&
          body !== null &&
          ["name", "status", "creationTimestamp"].every((field) => field in body));
      if (typeof value === "string" && value !== "" && (isTask || taskIdFrom !== undefined)) {
        return { kind: "task", ref: { id: value, kind } };
      }
      if (reply.status === 202 || taskIdFrom !== undefined) {
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
      const seen: TaskSnapshot[] = [];
      let pagesLeft = mostPagesForStart;
      for await (const { request, elements, isLast } of pages({ pageSize: String(pageSize) }, signal)) {
        const looks = elements.map((body) => toLook(request, "task", body));
        seen.push(...looks.flatMap((look) => (look.kind === "seen" ? [look.snapshot] : [])));
        pagesLeft -= 1;
        if (isLast || reachesBack(seen, trace.sentAt)) break;
        // A part of the tasks could lack the one that is looked for.
        if (pagesLeft === 0) return undefined;
      }
      return seen.filter((task) => canBeStartedBy(trace, task));
    },

    async get(ref, _filter: TaskFilter, signal) {
      const request: ApiRequest = { method: "GET", path: pathOf(ref) };
      const body = await askOrMissing(request, signal);
      return body === undefined ? undefined : snapshot(request, ref.kind, body);
    },

    async list(filter, signal) {
      const query = Object.fromEntries(
        Object.entries(listParameters).flatMap(([name, parameter]) =>
          filter[name] === undefined ? [] : [[parameter, filter[name] as string]],
        ),
      );
      // By id, for a task that starts meanwhile pushes others on to the next page.
      const byId = new Map<string, TaskSnapshot>();
      const paged = filter.limit === undefined ? { pageSize: String(pageSize) } : {};
      for await (const { request, elements } of pages({ ...query, ...paged }, signal)) {
        for (const body of elements) {
          const task = snapshot(request, "task", body);
          byId.set(task.ref.id, task);
        }
        if (typeof filter.limit === "number" && byId.size >= filter.limit) break;
      }
      const all = [...byId.values()];
      // The server's order holds when the program asked for one.
      if (filter.orderBy !== undefined) return all;
      return all.sort((a, b) => (b.startedAt ?? 0) - (a.startedAt ?? 0) || a.ref.id.localeCompare(b.ref.id));
    },

    async cancel(ref, signal) {
      await ask({ method: "DELETE", path: pathOf(ref) }, signal);
    },
    async retry(ref, _request, signal) {
      const request: ApiRequest = { method: "PATCH", path: pathOf(ref) };
      goodBody(request, await send(request, signal), true);
    },
    read: (request, signal) => askOrMissing(request, signal),
    async reach(signal) {
      await session.get(signal);
    },
    condense,
    clockOffsetMs: () => http.clockOffsetMs(),
    async close(signal) {
      await session.close(signal);
      await http.close();
    },
  };
  return client;
}
