import * as z from "../../zod";
import {
  BatchRefusedError,
  hasCode,
  type RequestRefusedError,
  type ApiRequest,
  type Look,
  type Sender,
  type StartTrace,
  type TaskFilter,
  type TaskRef,
  type TaskSnapshot,
} from "../../tasks";
import type { EndpointSettings } from "../http/endpoint-settings";
import { unexpected } from "../http/refusal";
import { startedAmong } from "../started-among";
import { canBeStartedBy, serviceOf } from "../vapi/started-by";
import { newestFirst, mostMatches, saysTooMany, tooManyMatch } from "../vapi/task-lists";
import type { VapiApi } from "../vapi/vapi-api";
import { toFilterSpec, toRestQuery, toResultSpec, type FilterSpec, type ResultSpec } from "./filter";
import { partsOf, servicesBeside, splitByMatches, splitByProvider } from "./filter-parts";

// The legacy API takes ids in the query: so many of the longest make a URL of 4 kB.
const mostIdsInUrl = 30;

const filters = "`status`, `operations`, `targets` or `users`";

const listReply = z.union([
  z.record(z.string(), z.unknown()).transform((map) => Object.entries(map)),
  z
    .array(z.object({ key: z.string(), value: z.unknown() }))
    .transform((list) => list.map(({ key, value }) => [key, value] as const)),
]);

type Listed = readonly (readonly [string, unknown])[];

/** The tasks of vCenter's task service, by `/api`, or by the deprecated `/rest`. */
export interface CisTasks {
  /** How many ids one list takes. */
  readonly mostIds: number;
  look(refs: readonly TaskRef[], signal: AbortSignal): Promise<Look[]>;
  get(ref: TaskRef, options: TaskFilter, signal: AbortSignal): Promise<TaskSnapshot | undefined>;
  list(filter: TaskFilter, signal: AbortSignal): Promise<TaskSnapshot[]>;
  findStarted(trace: StartTrace, signal: AbortSignal): Promise<TaskSnapshot[] | undefined>;
  cancel(ref: TaskRef, signal: AbortSignal, sender?: Sender): Promise<void>;
}

/** Whether the server says that it does not take this filter, which a smaller one may mend. */
function isAboutFilter(error: unknown): error is RequestRefusedError {
  return hasCode(error, "VMWARE_REQUEST_REFUSED") && [400, 404].includes(error.refusal.httpStatus);
}

/** Builds the requests about the tasks of one endpoint. */
export function createCisTasks(settings: EndpointSettings, api: VapiApi): CisTasks {
  const isRest = settings.api === "rest";
  const mostIds = isRest ? mostIdsInUrl : mostMatches;
  const tasksPath = isRest ? "/rest/cis/tasks" : "/api/cis/tasks";
  const pathOf = ({ id }: TaskRef): string => `${tasksPath}/${encodeURIComponent(id)}`;

  const taskRequest = (ref: TaskRef, options: TaskFilter): ApiRequest => {
    const query = Object.entries(toResultSpec(options)).map(([name, value]) => [
      `${isRest ? "spec." : ""}${name}`,
      String(value),
    ]);
    return { method: "GET", path: pathOf(ref), query: Object.fromEntries(query) as Record<string, string> };
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
  const query = async (request: ApiRequest, signal: AbortSignal): Promise<Listed | "too many"> => {
    const reply = await api.send(request, signal);
    if (saysTooMany(reply)) return "too many";
    const parsed = listReply.safeParse(api.goodBody(request, reply));
    if (!parsed.success) throw unexpected(settings, request, "neither a map nor a list of tasks", reply.body);
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

  /** What matches, by as many lists as the server wants it asked in; an id that it refuses alone is not there. */
  const listAll = async (spec: FilterSpec, result: ResultSpec, signal: AbortSignal): Promise<Listed> => {
    const found = await query(listRequest(spec, result), signal).catch((error: unknown) => {
      if (isAboutFilter(error)) return error;
      throw error;
    });
    if (Array.isArray(found)) return found as Listed;
    const parts = found === "too many" ? splitByMatches(spec) : splitByProvider(spec);
    if (parts === undefined) {
      if (found === "too many") throw tooManyMatch(settings, "vCenter", filters);
      if (spec.tasks?.length === 1) return [];
      throw found as RequestRefusedError;
    }
    const [first, second] = parts;
    return [...(await listAll(first, result, signal)), ...(await listAll(second, result, signal))];
  };

  const get = async (
    ref: TaskRef,
    options: TaskFilter,
    signal: AbortSignal,
  ): Promise<TaskSnapshot | undefined> => {
    const request = taskRequest(ref, options);
    const body = await api.askOrMissing(request, signal);
    return body === undefined ? undefined : api.snapshot(ref, request, body);
  };

  return {
    mostIds,
    get,

    async look(refs, signal) {
      const [only, ...more] = refs;
      if (only === undefined) return [];
      if (more.length > 0) return lookAtMany(refs, signal);
      const request = taskRequest(only, {});
      return [api.toLook(only, request, await api.askOrMissing(request, signal))];
    },

    async list(filter, signal) {
      const spec = toFilterSpec(filter);
      const result = toResultSpec(filter);
      const services = servicesBeside(spec);
      // By id: what was listed twice is shown as it was seen last.
      const tasks = new Map<string, TaskSnapshot>();
      for (const part of partsOf(spec, mostIds)) {
        const request = listRequest(part, result);
        for (const [id, body] of await listAll(part, result, signal))
          tasks.set(id, api.snapshot({ id, kind: "task" }, request, body));
      }
      return [...tasks.values()]
        .filter(({ native }) => services.length === 0 || services.includes(String(native.service)))
        .sort(newestFirst);
    },

    async findStarted(trace, signal) {
      const request = listRequest({ services: [serviceOf(trace.request.path)] }, {});
      try {
        const found = await query(request, signal);
        // A part of them could lack the one that is looked for.
        if (found === "too many") return undefined;
        const looks = found.map(([id, body]) => api.toLook({ id, kind: "task" }, request, body));
        return startedAmong(looks, (task) => canBeStartedBy(trace, task));
      } catch (error) {
        if (hasCode(error, "VMWARE_REQUEST_REFUSED")) return undefined;
        throw error;
      }
    },

    async cancel(ref, signal, sender) {
      try {
        await api.ask({ method: "POST", path: `${pathOf(ref)}?action=cancel`, sender }, signal);
      } catch (error) {
        if (!hasCode(error, "VMWARE_REQUEST_REFUSED")) throw error;
        const code = error.refusal.causes[0]?.code;
        // It has ended or is being cancelled: what became of it, the task itself tells.
        if (code === "NOT_ALLOWED_IN_CURRENT_STATE") return;
        if (code === "UNSUPPORTED")
          error.message +=
            "\nvCenter cannot cancel this task (its `cancelable` is false), so it goes on to its end.";
        throw error;
      }
    },
  };
}
