import * as z from "../../zod";

/** The page that every server gives: a larger one falls back to it. */
export const pageSize = 100;

const page = z.looseObject({ items: z.array(z.unknown()), total: z.number().optional().catch(undefined) });

/** One page of `GET /tasks`. */
export interface Page {
  readonly items: readonly unknown[];
  /** How many tasks match in all. */
  readonly total?: number | undefined;
}

/** What one reply to `GET /tasks` says; `undefined` when it is no page. */
export function parsePage(body: unknown): Page | undefined {
  const parsed = page.safeParse(body);
  return parsed.success ? parsed.data : undefined;
}
