import { isTerminal, RequestRefusedError, type TaskSnapshot } from "../../tasks";
import type { EndpointSettings } from "../http/endpoint-settings";
import type { HttpReply } from "../http/http-client";
import { parseVapiError } from "./messages";

/** More matches than this are an error, not a cut-off answer (`Cis.Tasks.list`, `Snapservice.Tasks.list`). */
export const mostMatches = 1000;

// How servers say so; the type of that error also tells of servers in trouble.
const manyTasks = /more than|over \d|too many|exceed/i;

/** Whether a reply to a list says that more tasks match than the server lists. */
export function saysTooMany({ status, body }: HttpReply): boolean {
  const error = status < 400 ? undefined : parseVapiError(body);
  return (
    error?.type === "RESOURCE_INACCESSIBLE" && error.causes.some(({ message }) => manyTasks.test(message))
  );
}

/** The error for a list of too many tasks; `filters` are the ways to narrow it. */
export function tooManyMatch(
  { name }: EndpointSettings,
  title: string,
  filters: string,
): RequestRefusedError {
  return new RequestRefusedError(
    `More than ${mostMatches} tasks of endpoint "${name}" match the filter, and ${title} lists no more than that: ` +
      `narrow it by ${filters}.`,
    { httpStatus: 500, isBusy: false, isNotFound: false, causes: [] },
  );
}

/** Newest first. What has not begun is newer than what has; equal stamps are in the order of their ids. */
export function newestFirst(a: TaskSnapshot, b: TaskSnapshot): number {
  const [one, other] = [a, b].map(
    ({ startedAt, status }) => startedAt ?? (isTerminal(status) ? 0 : Infinity),
  );
  if (one !== other) return (other ?? 0) > (one ?? 0) ? 1 : -1;
  // Not by the machine's language: the order must be the same everywhere.
  return a.ref.id < b.ref.id ? -1 : 1;
}
