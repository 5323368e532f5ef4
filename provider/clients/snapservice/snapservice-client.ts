import * as z from "../../zod";
import {
  BatchRefusedError,
  hasCode,
  RequestRefusedError,
  type ApiRequest,
  type Look,
  type ProductClient,
  type TaskRef,
} from "../../tasks";
import type { EndpointSettings } from "../http/endpoint-settings";
import { createGreeting } from "../http/greeting";
import { createHttpClient } from "../http/http-client";
import { unexpected } from "../http/refusal";
import { startedAmong } from "../started-among";
import { newestFirst, saysTooMany, tooManyMatch } from "../vapi/task-lists";
import { createVapiApi } from "../vapi/vapi-api";
import { partsOf, toQuery, type Query } from "./filter";
import { createSnapserviceSession } from "./session";
import { canBeStartedBy, serviceOf } from "./started-by";

const tasksPath = "/api/snapservice/tasks";

// Ids of the form `<uuid>:<service>` are up to 95 characters of a query: so many make a URL of 4 kB. Their form is not
// documented, so a look divides longer ones by itself.
const usualIdsInUrl = 40;

const filters = "`status`, `operations`, `services` or `users`";

/** An item without an id tells of no task that could be named; what is odd about the others shows when it is read. */
const listReply = z.looseObject({ items: z.array(z.unknown()) }).transform(({ items }) =>
  items.flatMap((one) => {
    const item = z.looseObject({ task: z.string(), info: z.unknown() }).safeParse(one);
    return item.success ? [[item.data.task, item.data.info] as const] : [];
  }),
);

type Listed = readonly (readonly [id: string, info: unknown])[];

/** The client of one Snapservice endpoint (Snapshot Appliance API, `Snapservice.Tasks`). */
export function createSnapserviceClient(settings: EndpointSettings): ProductClient {
  const http = createHttpClient(settings);
  const session = createSnapserviceSession(http, settings);
  const api = createVapiApi(settings, http, session);
  const greet = createGreeting(settings, http, api, {
    method: "GET",
    path: "/api/snapservice/info/about",
  });

  const listRequest = (query: Query): ApiRequest => ({ method: "GET", path: tasksPath, query });
  const getRequest = ({ id }: TaskRef): ApiRequest => ({
    method: "GET",
    path: `${tasksPath}/${encodeURIComponent(id)}`,
  });

  /** The reply to a list, or that more tasks match than the server lists. */
  const ask = async (query: Query, signal: AbortSignal): Promise<Listed | "too many"> => {
    const request = listRequest(query);
    const reply = await api.send(request, signal);
    if (saysTooMany(reply)) return "too many";
    const parsed = listReply.safeParse(api.goodBody(request, reply));
    if (!parsed.success) throw unexpected(settings, request, "no list of tasks in `items`", reply.body);
    return parsed.data;
  };

  /** All parts of a filter that is too long for one URL. */
  const askForParts = async (query: Query, signal: AbortSignal): Promise<Listed> => {
    const found: Listed[] = [];
    for (const part of partsOf(query)) {
      const listed = await ask(part, signal);
      if (listed === "too many") throw tooManyMatch(settings, "Snapservice", filters);
      found.push(listed);
    }
    return found.flat();
  };

  const lookAtMany = async (refs: readonly TaskRef[], signal: AbortSignal): Promise<Look[]> => {
    const query = { tasks: refs.map(({ id }) => id) };
    const found = await askForParts(query, signal).catch((error: unknown) => {
      if (!hasCode(error, "VMWARE_REQUEST_REFUSED")) throw error;
      throw new BatchRefusedError(error.message);
    });
    const byId = new Map(found);
    return refs.map((ref) =>
      // A task that is listed without information is there, though nothing is told of it.
      api.toLook(ref, listRequest(query), byId.has(ref.id) ? (byId.get(ref.id) ?? {}) : undefined),
    );
  };

  /** Every task that the server lists; by service where it lists too many, or none without a filter. */
  const askForStarted = async (path: string, signal: AbortSignal): Promise<Listed | undefined> => {
    for (const query of [{}, { services: [serviceOf(path)] }]) {
      try {
        const found = await ask(query, signal);
        if (found !== "too many") return found;
      } catch (error) {
        if (!hasCode(error, "VMWARE_REQUEST_REFUSED")) throw error;
      }
    }
    // A part of them could lack the one that is looked for.
    return undefined;
  };

  return {
    batchSize: usualIdsInUrl,
    requestsPerSecond: 1,
    costOf: () => 1,
    groupOf: () => "",

    async look(refs, signal) {
      const [only, ...more] = refs;
      if (only === undefined) return [];
      if (more.length > 0) return lookAtMany(refs, signal);
      const request = getRequest(only);
      return [api.toLook(only, request, await api.askOrMissing(request, signal))];
    },

    start: (request, options, signal) => api.start(request, options, signal),

    async findStarted(trace, signal) {
      const listed = await askForStarted(trace.request.path, signal);
      // One that is listed without information is there, though nothing is told of it.
      const looks = listed?.map(([id, body]) =>
        api.toLook({ id, kind: "task" }, listRequest({}), body ?? {}),
      );
      return looks === undefined ? undefined : startedAmong(looks, (task) => canBeStartedBy(trace, task));
    },

    async get(ref, _options, signal) {
      const request = getRequest(ref);
      const body = await api.askOrMissing(request, signal);
      return body === undefined ? undefined : api.snapshot(ref, request, body);
    },

    async list(filter, signal) {
      const query = toQuery(filter);
      const found = await askForParts(query, signal).catch((error: unknown) => {
        const isUnfiltered = query.tasks === undefined && query.services === undefined;
        if (!hasCode(error, "VMWARE_REQUEST_REFUSED") || error.refusal.httpStatus !== 400 || !isUnfiltered)
          throw error;
        throw new RequestRefusedError(
          `${error.message}\nThis version of Snapservice may list no tasks without \`tasks\` or \`services\`, such as ` +
            'services: ["com.vmware.snapservice.clusters.protection_groups"].',
          error.refusal,
        );
      });
      return found
        .filter(([, info]) => info !== undefined && info !== null)
        .map(([id, info]) => api.snapshot({ id, kind: "task" }, listRequest(query), info))
        .sort(newestFirst);
    },

    cancel: () => Promise.reject(new Error("Snapservice cannot cancel a task.")),
    retry: () => Promise.reject(new Error("Snapservice cannot continue a failed task.")),

    read: (request, signal) => api.askOrMissing(request, signal),
    async reach(signal) {
      await session.get(signal);
      await greet(signal);
    },
    warningsOf: () => [],
    // The result is an output of its own, which may be secret.
    condense: ({ result, ...native }) => native,
    clockOffsetMs: () => http.clockOffsetMs(),
    async close(signal) {
      await session.close(signal);
      await http.close();
    },
  };
}
