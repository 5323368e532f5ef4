import type { ProductClient } from "../../tasks";
import type { EndpointSettings } from "../http/endpoint-settings";
import { createGreeting } from "../http/greeting";
import { createHttpClient } from "../http/http-client";
import { createVapiApi } from "../vapi/vapi-api";
import { createCisTasks } from "./cis-tasks";
import { serviceOfTask } from "./filter-parts";
import { createVcenterSession, sessionPath } from "./session";
import { createVimTasks, vimKind } from "./vim-tasks";

/** The client of one vCenter endpoint: CIS tasks, and tasks of the kind `vim`. */
export function createVcenterClient(settings: EndpointSettings): ProductClient {
  const http = createHttpClient(settings);
  const session = createVcenterSession(http, settings);
  const api = createVapiApi(settings, http, session);
  const cis = createCisTasks(settings, api);
  const vim = createVimTasks(settings, api);
  const greet = createGreeting(settings, http, api, { method: "GET", path: sessionPath(settings) });

  return {
    batchSize: cis.mostIds,
    requestsPerSecond: 1,
    // Tasks of the kind vim have no list that takes ids.
    costOf: (count, group) => (group === vimKind ? count : 1),
    groupOf: ({ kind, id }) => (kind === vimKind ? vimKind : serviceOfTask(id)),
    look: (refs, signal) => (refs[0]?.kind === vimKind ? vim : cis).look(refs, signal),

    start: (request, options, signal) =>
      (options.kind === vimKind ? vim : api).start(request, options, signal),
    findStarted: (trace, signal) => (trace.kind === vimKind ? vim : cis).findStarted(trace, signal),
    get: (ref, options, signal) =>
      ref.kind === vimKind ? vim.get(ref, signal) : cis.get(ref, options, signal),
    list: (filter, signal) => cis.list(filter, signal),
    cancel: (ref, ...rest) => (ref.kind === vimKind ? vim : cis).cancel(ref, ...rest),
    retry: () => Promise.reject(new Error("vCenter cannot continue a failed task.")),

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
