import {
  InvalidArgumentsError,
  isTerminal,
  type ApiRequest,
  type Look,
  type ProductClient,
  type TaskRef,
  type TaskSnapshot,
} from "../../tasks";
import { lookAlone } from "../look-alone";
import type { EndpointSettings } from "../http/endpoint-settings";
import { createGreeting } from "../http/greeting";
import { createHttpClient } from "../http/http-client";
import { startedAmong } from "../started-among";
import { isFields } from "./fields";
import { kindNamed, pathOf } from "./kind-of";
import type { TaskAction } from "./kinds";
import { pageSize } from "./pages";
import { createSddcApi } from "./sddc-api";
import { createSddcSession } from "./session";
import { answeredAtOnce, startReply, tellsOutcome, warningsOf } from "./start-reply";
import { canBeStartedBy, reachesBack } from "./started-by";
import { condense } from "./steps";
import { createTaskLists, fewestForList } from "./task-list";

const tasksPath = "/v1/tasks";
// The API documents no limit on simultaneous requests; this is ours.
const looksAtOnce = 4;
// 2000 tasks: more than an SDDC Manager keeps of some days.
const mostPagesForStart = 20;

/** Whether so many tasks of a kind are looked for in the list of all tasks; others are read one by one. */
const areListed = (count: number, kind: string): boolean =>
  count >= fewestForList && kindNamed(kind).place === tasksPath;

const snapshotsOf = (looks: readonly Look[]): TaskSnapshot[] =>
  looks.flatMap((look) => (look.kind === "seen" ? [look.snapshot] : []));

function isUnderWay(look: Look): boolean {
  return look.kind === "seen" && !isTerminal(look.snapshot.status);
}

/** The client of one SDDC Manager endpoint (VMware Cloud Foundation); Cloud Builder and VCF Installer speak the same. */
export function createSddcClient(settings: EndpointSettings): ProductClient {
  const http = createHttpClient(settings);
  const session = createSddcSession(http, settings);
  const api = createSddcApi(settings, http, session);
  const lists = createTaskLists(settings, api);
  // Cloud Builder, which alone takes user and password with every request, knows no tasks.
  const greet = createGreeting(settings, http, api, {
    method: "GET",
    ...(settings.login === "basic"
      ? { path: "/v1/sddcs" }
      : { path: tasksPath, query: { pageNumber: 0, pageSize: 1 } }),
  });

  const requestOf = ({ id, kind }: TaskRef, action: TaskAction | { method: "GET" }): ApiRequest => {
    const path = pathOf(kind, id);
    if (path === undefined) {
      throw new InvalidArgumentsError(`Endpoint "${settings.name}" cannot look that up`, [
        {
          path: "id",
          message: `must be the path of ${kindNamed(kind).title}, such as "/v1/domains/validations/4e0e…", for this kind is in many places`,
        },
      ]);
    }
    return { ...action, path };
  };

  /** Several kinds answer 400 for an id that they do not know. */
  const read = (ref: TaskRef, signal: AbortSignal): Promise<unknown> =>
    api.askOrMissing(
      requestOf(ref, { method: "GET" }),
      signal,
      kindNamed(ref.kind).isUnknownBy400 === true ? [400, 404] : [404],
    );

  const lookAtOne = (ref: TaskRef, signal: AbortSignal): Promise<Look> =>
    lookAlone(async () => {
      const request = requestOf(ref, { method: "GET" });
      const body = await read(ref, signal);
      return body === undefined ? undefined : api.snapshot(request, ref.kind, body, ref.id);
    });

  const client: ProductClient = {
    batchSize: 5_000,
    requestsPerSecond: 4,
    costOf: (count, kind = "task") => (areListed(count, kind) ? Math.ceil(count / fewestForList) : count),
    groupOf: ({ kind }) => kind,

    async look(refs, signal) {
      const listed = areListed(refs.length, refs[0]?.kind ?? "")
        ? await lists.look(refs, signal)
        : new Map<string, Look>();
      const looks = refs.map(({ id }) => listed.get(id));
      const rest = refs.flatMap((ref, index) => (looks[index] === undefined ? [{ ref, index }] : []));
      for (let at = 0; at < rest.length; at += looksAtOnce) {
        const some = rest.slice(at, at + looksAtOnce);
        const answers = await Promise.all(some.map(({ ref }) => lookAtOne(ref, signal)));
        some.forEach(({ index }, i) => (looks[index] = answers[i]));
      }
      return looks as Look[];
    },

    async start(request, options, signal) {
      const reply = await api.send(request, signal);
      const body = api.goodBody(request, reply, "start");
      const started = startReply(settings, api, { request, reply, body }, options);
      const { kind } = options;
      if (started.kind !== "task" || !tellsOutcome(api, request, kind, body)) return started;
      // Versions before 5.2 keep no validation of a domain or cluster: what they have answered is all there is.
      const kept = await read(started.ref, signal).catch(() => body);
      return kept === undefined ? answeredAtOnce(settings, api, { request, kind, body }) : started;
    },

    async findStarted(trace, signal) {
      const { list, isHarmless = false } = kindNamed(trace.kind);
      // As good as none: it may be sent again.
      if (isHarmless) return [];
      if (list === undefined) return undefined;
      const canBeIt = (task: TaskSnapshot): boolean => canBeStartedBy(trace, task);
      const seen: Look[] = [];
      let hasReachedBack = false;
      let pagesLeft = mostPagesForStart;
      const query = list === tasksPath ? { pageSize: String(pageSize) } : {};
      for await (const { request, elements, isLast } of lists.pages(list, query, signal)) {
        const looks = elements.map((body) => lists.toLook(request, trace.kind, body));
        // What is behind the older ones has no true stamp; of that, what has ended says nothing.
        seen.push(...(hasReachedBack ? looks.filter(isUnderWay) : looks));
        hasReachedBack ||= reachesBack(snapshotsOf(seen), trace.sentAt);
        pagesLeft -= 1;
        if (isLast || (hasReachedBack && (pagesLeft === 0 || snapshotsOf(seen).some(canBeIt)))) break;
        // A part of the tasks could lack the one that is looked for.
        if (pagesLeft === 0) return undefined;
      }
      return startedAmong(seen, canBeIt);
    },

    async get(ref, _filter, signal) {
      const body = await read(ref, signal);
      const request = requestOf(ref, { method: "GET" });
      return body === undefined ? undefined : api.snapshot(request, ref.kind, body, ref.id);
    },

    list: ({ kind, ...filter }, signal) =>
      lists.list(typeof kind === "string" ? kind : "task", filter, signal),

    async cancel(ref, signal, sender) {
      const request = requestOf(ref, kindNamed(ref.kind).cancel ?? { method: "DELETE" });
      await api.ask({ ...request, sender }, signal, "change");
    },

    async retry(ref, given, signal, sender) {
      const { retry = { method: "PATCH" }, retries } = kindNamed(ref.kind);
      const request = requestOf(ref, { ...retry, ...(retries === "withBody" ? { body: given?.body } : {}) });
      const body = await api.ask({ ...request, sender }, signal, "change");
      const id = isFields(body) ? body.id : undefined;
      // The API files do not say that a retried task keeps its id, so the reply's counts, where it has one.
      return typeof id === "string" && id !== "" && !ref.id.startsWith("/") ? { ...ref, id } : ref;
    },

    read: (request, signal) => api.askOrMissing(request, signal),
    async reach(signal) {
      await session.get(signal);
      await greet(signal);
    },
    warningsOf,
    condense,
    clockOffsetMs: () => http.clockOffsetMs(),
    async close(signal) {
      await session.close(signal);
      await http.close();
    },
  };
  return client;
}
