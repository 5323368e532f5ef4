// Pages of a list, as every list of SDDC Manager has them.
import type { Reply } from "../../exchange";
import { sddcReply } from "./sddc-errors";

const maxPageSize = 100;

/** @internal */
export interface Paging {
  readonly firstPage: 0 | 1;
  /** Lists have no pages before 5.1. */
  readonly pages: boolean;
}

/** The page of `elements` that the query asks for; only what is on it is rendered. */
export function toPage<T>(
  elements: readonly T[],
  query: URLSearchParams,
  { firstPage, pages }: Paging,
  render: (element: T) => unknown = (element) => element,
): Reply {
  const limit = wholeNumber(query, "limit", 0);
  const size = pages ? wholeNumber(query, "pageSize", 1) : undefined;
  const number = pages ? wholeNumber(query, "pageNumber", firstPage) : undefined;
  for (const one of [limit, size, number]) {
    if (typeof one === "string") return sddcReply(400, "INVALID_QUERY_PARAMETER", one);
  }
  const all = typeof limit === "number" ? elements.slice(0, limit) : elements;
  const most = pages ? maxPageSize : Math.max(all.length, 1);
  const pageSize = typeof size === "number" ? Math.min(size, most) : most;
  const pageNumber = typeof number === "number" ? number : firstPage;
  const from = (pageNumber - firstPage) * pageSize;
  return {
    status: 200,
    body: {
      elements: all.slice(from, from + pageSize).map(render),
      pageMetadata: {
        pageNumber,
        pageSize,
        totalElements: all.length,
        totalPages: Math.ceil(all.length / pageSize),
      },
    },
  };
}

/** A number, a complaint about it, or undefined when it is not given. */
function wholeNumber(query: URLSearchParams, name: string, least: number): number | string | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  const value = Number(text);
  const good = /^-?\d+$/.test(text) && value >= least;
  return good ? value : `${name} must be a whole number of at least ${least}, not "${text}".`;
}
