import {
  BatchRefusedError,
  hasCode,
  isTerminal,
  type ApiRequest,
  type Look,
  type TaskRef,
  type TaskSnapshot,
} from "../../tasks";
import { lookAlone, lookOf } from "../look-alone";
import type { EndpointSettings } from "../http/endpoint-settings";
import { unexpected } from "../http/refusal";
import { pageSize, parsePage } from "./pages";
import { parsePoll } from "./poll";
import { toSnapshot } from "./task";
import type { VcdaApi } from "./vcda-api";

const tasksPath = "/tasks";
// The API documents no limit on simultaneous requests; this is ours.
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

function idOf(item: unknown): string | undefined {
  const id = (item as { id?: unknown } | null)?.id;
  return typeof id === "string" ? id : undefined;
}

/** A part of the tasks that match. */
export interface ListRange {
  readonly offset?: number;
  readonly most?: number;
}

/** Reads tasks of one endpoint. */
export interface TaskReader {
  get(ref: TaskRef, signal: AbortSignal): Promise<TaskSnapshot | undefined>;
  /** Looks at tasks of one site by one bulk poll; what it leaves out is asked for alone. */
  look(refs: readonly TaskRef[], signal: AbortSignal): Promise<Look[]>;
  /** The tasks that match, page by page, in the server's order. */
  list(query: Record<string, string>, range: ListRange, signal: AbortSignal): Promise<TaskSnapshot[]>;
  /** The same, where one odd task says nothing about the others. */
  lookAtList(query: Record<string, string>, range: ListRange, signal: AbortSignal): Promise<Look[]>;
}

/** Builds the reader. */
export function createTaskReader(settings: EndpointSettings, api: VcdaApi): TaskReader {
  const snapshot = (request: ApiRequest, ref: Omit<TaskRef, "id">, body: unknown): TaskSnapshot => {
    try {
      return toSnapshot(ref, body);
    } catch (error) {
      throw unexpected(settings, request, (error as Error).message, body);
    }
  };

  const taskRequest = ({ id, site }: TaskRef): ApiRequest =>
    at(`${tasksPath}/${encodeURIComponent(id)}`, site);

  const get = async (ref: TaskRef, signal: AbortSignal): Promise<TaskSnapshot | undefined> => {
    const request = taskRequest(ref);
    const body = await api.askOrMissing(request, signal);
    return body === undefined ? undefined : snapshot(request, ref, body);
  };

  const lookAtOne = (ref: TaskRef, signal: AbortSignal): Promise<Look> => lookAlone(() => get(ref, signal));

  /** What a row of a poll says; the end of a task is read whole where columns lack. */
  const lookAtRow = async (
    request: ApiRequest,
    ref: TaskRef,
    row: Record<string, unknown>,
    signal: AbortSignal,
  ): Promise<Look> => {
    const look = lookOf(() => snapshot(request, ref, row));
    if (look.kind !== "seen" || isWhole(row, look.snapshot)) return look;
    const whole = await lookAtOne(ref, signal);
    // Without its result or error the end would be told wrongly, so a fault is borne; a server that forgot it tells no more.
    return whole.kind === "missing" ? look : whole;
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

  const look = async (refs: readonly TaskRef[], signal: AbortSignal): Promise<Look[]> => {
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
        // The poll leaves out what it does not know and what the user may not see, and says neither.
        return row === undefined ? lookAtOne(ref, signal) : lookAtRow(request, ref, row, signal);
      });
      looks.push(...(await Promise.all(some)));
    }
    return looks;
  };

  /** The bodies of the tasks that match, by id; those without one in the order of their coming. */
  const readList = async (
    query: Record<string, string>,
    { offset = 0, most = Infinity }: ListRange,
    signal: AbortSignal,
  ): Promise<{ readonly request: ApiRequest; readonly item: unknown }[]> => {
    // By id, for a task that starts meanwhile pushes others on to the next page.
    const byId = new Map<unknown, { readonly request: ApiRequest; readonly item: unknown }>();
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
      const hasNews = page.items.map(idOf).some((id) => id !== undefined && !byId.has(id));
      for (const item of page.items) byId.set(idOf(item) ?? item, { request, item });
      read += page.items.length;
      const isLast = page.total === undefined ? page.items.length < limit : offset + read >= page.total;
      // Pages that bring nothing new, or nothing that can be known again, would be read for ever.
      if (isLast || !hasNews) break;
    }
    return [...byId.values()].slice(0, most);
  };

  const list: TaskReader["list"] = async (query, range, signal) =>
    (await readList(query, range, signal)).map(({ request, item }) =>
      snapshot(request, { kind: "task", site: query.site }, item),
    );

  const lookAtList: TaskReader["lookAtList"] = async (query, range, signal) =>
    (await readList(query, range, signal)).map(({ request, item }) =>
      lookOf(() => snapshot(request, { kind: "task", site: query.site }, item)),
    );

  return { get, look, list, lookAtList };
}
