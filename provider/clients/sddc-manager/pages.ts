import * as z from "../../zod";

/** The most elements that SDDC Manager puts on one page. */
export const pageSize = 100;

const page = z.looseObject({
  elements: z.array(z.unknown()),
  pageMetadata: z
    .looseObject({ pageNumber: z.number().optional(), totalPages: z.number().optional() })
    .optional()
    .catch(undefined),
});

/** One page of a list and the number of the next one. */
export interface Page {
  readonly elements: readonly unknown[];
  readonly next?: number | undefined;
}

/** What one reply to `GET /v1/tasks` says. Versions before 5.1 do not page and say nothing of pages. */
export function parsePage(body: unknown, read: number): Page | undefined {
  const parsed = page.safeParse(body);
  if (!parsed.success) return undefined;
  const { elements, pageMetadata } = parsed.data;
  const { pageNumber, totalPages } = pageMetadata ?? {};
  // The base of page numbers is not documented: the next is one more than the server's own.
  const hasMore =
    pageNumber !== undefined && totalPages !== undefined && read < totalPages && elements.length > 0;
  return { elements, next: hasMore ? pageNumber + 1 : undefined };
}
