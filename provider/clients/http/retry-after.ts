import type { HttpReply } from "./http-client";

/** How long a reply asks to be left alone: `Retry-After` in seconds or as a date. */
export function retryAfterMs(reply: HttpReply): number | undefined {
  const value = reply.headers["retry-after"];
  if (typeof value !== "string" || value.trim() === "") return undefined;
  const seconds = Number(value);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const date = Date.parse(value);
  if (Number.isNaN(date)) return undefined;
  // By the server's own clock where it shows one, for ours may differ by hours.
  const now = Date.parse(String(reply.headers.date ?? ""));
  return Math.max(0, date - (Number.isNaN(now) ? Date.now() : now));
}
