import { RequestRefusedError, type TaskSnapshot } from "../../tasks";
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

/** Orders tasks: the newest first, and those that began together by their ids. */
export function byAge(a: TaskSnapshot, b: TaskSnapshot): number {
  return (b.startedAt ?? 0) - (a.startedAt ?? 0) || a.ref.id.localeCompare(b.ref.id);
}
