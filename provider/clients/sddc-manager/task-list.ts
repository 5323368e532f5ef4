import {
  InvalidArgumentsError,
  type ApiRequest,
  type Look,
  type TaskFilter,
  type TaskRef,
  type TaskSnapshot,
} from "../../tasks";
import type { EndpointSettings } from "../http/endpoint-settings";
import { unexpected } from "../http/refusal";
import { isFields } from "./fields";
import { idBelow, kindNamed } from "./kind-of";
import { sddcKinds, type SddcKind } from "./kinds";
import { pageSize, parsePage } from "./pages";
import type { SddcApi } from "./sddc-api";
import { idIn } from "./task";

// From here on a list costs fewer requests than single looks.
export const fewestForList = 8;

function unlisted({ name }: EndpointSettings, kind: string): InvalidArgumentsError {
  const others = (Object.entries(sddcKinds) as [string, SddcKind][]).flatMap(([other, { list }]) =>
    list === undefined ? [] : [other],
  );
  return new InvalidArgumentsError(`Endpoint "${name}" cannot list that`, [
    { path: "kind", message: `${kind} has no list; these have one: ${others.join(", ")}` },
  ]);
}

/** One page of a list as it came. */
interface PageRead {
  readonly request: ApiRequest;
  readonly elements: readonly unknown[];
  readonly isLast: boolean;
}

/** Reads the lists of the kinds that have one. */
export interface TaskLists {
  /** Tasks page by page, and whether there are more. */
  pages(path: string, query: Readonly<Record<string, string>>, signal: AbortSignal): AsyncGenerator<PageRead>;
  /** Everything that matches, newest first unless the program asks for another order. */
  list(kind: string, filter: TaskFilter, signal: AbortSignal): Promise<TaskSnapshot[]>;
  /** Looks at many tasks, as long as pages cost less than single looks. */
  look(refs: readonly TaskRef[], signal: AbortSignal): Promise<Map<string, Look>>;
  /** One element of a list of this kind. */
  toLook(request: ApiRequest, kind: string, body: unknown): Look;
}

/** Builds the reader of lists; of all lists only the one of `/v1/tasks` takes a size of its pages. */
export function createTaskLists(settings: EndpointSettings, api: SddcApi): TaskLists {
  const idOf = (kind: string, body: unknown): string | undefined => {
    const row = kindNamed(kind);
    const own = isFields(body) ? (idIn(row, body) ?? body.id) : undefined;
    return typeof own === "string" && row.list !== undefined ? idBelow(kind, row.list, own) : undefined;
  };

  const sized = (path: string): Record<string, string> =>
    path === "/v1/tasks" ? { pageSize: String(pageSize) } : {};

  const lists: TaskLists = {
    async *pages(path, query, signal) {
      let next: number | undefined;
      let read = 0;
      do {
        const request: ApiRequest = {
          method: "GET",
          path,
          query: { ...query, ...(next === undefined ? {} : { pageNumber: String(next) }) },
        };
        const body = await api.ask(request, signal);
        const page = parsePage(body, (read += 1));
        if (page === undefined) throw unexpected(settings, request, 'the field "elements" is no list', body);
        next = page.next;
        yield { request, elements: page.elements, isLast: next === undefined };
      } while (next !== undefined);
    },

    toLook: (request, kind, body) => api.toLook(request, kind, body, idOf(kind, body)),

    async list(kind, filter, signal) {
      const { list: path, filters = {} } = kindNamed(kind);
      if (path === undefined) throw unlisted(settings, kind);
      const query = Object.fromEntries(
        Object.entries(filters).flatMap(([name, parameter]) =>
          filter[name] === undefined ? [] : [[parameter, String(filter[name] as string | number | boolean)]],
        ),
      );
      // By id, for a task that starts meanwhile pushes others on to the next page.
      const byId = new Map<string, TaskSnapshot>();
      const paged = query.limit === undefined ? sized(path) : {};
      for await (const { request, elements } of lists.pages(path, { ...query, ...paged }, signal)) {
        const known = byId.size;
        for (const body of elements) {
          const task = api.snapshot(request, kind, body, idOf(kind, body));
          byId.set(task.ref.id, task);
        }
        // Pages that bring nothing new would be read for ever.
        if (byId.size === known) break;
        if (typeof filter.limit === "number" && byId.size >= filter.limit) break;
      }
      const all = [...byId.values()];
      // The server's order holds when the program asked for one.
      if (filter.orderBy !== undefined) return all;
      return all.sort((a, b) => (b.startedAt ?? 0) - (a.startedAt ?? 0) || a.ref.id.localeCompare(b.ref.id));
    },

    async look(refs, signal) {
      const wanted = new Map(refs.map((ref) => [ref.id, ref]));
      const found = new Map<string, Look>();
      let pagesLeft = Math.ceil(refs.length / fewestForList);
      for await (const { request, elements } of lists.pages("/v1/tasks", sized("/v1/tasks"), signal)) {
        for (const body of elements) {
          const ref = wanted.get((isFields(body) && typeof body.id === "string" ? body.id : undefined) ?? "");
          if (ref !== undefined) found.set(ref.id, api.toLook(request, ref.kind, body, ref.id));
        }
        pagesLeft -= 1;
        if (found.size === wanted.size || pagesLeft === 0) break;
      }
      return found;
    },
  };
  return lists;
}
