// The ApiError body of VCDA, used for every 4xx and 5xx and inside of failed tasks.
import type { ErrorWish, Reply } from "../../exchange";
import { isString } from "../../json";

/** @internal */
export interface ApiError {
  readonly code: string;
  readonly msg: string;
  readonly args: readonly string[];
  readonly stacktrace: string;
}

/** `msg` may hold `{0}`, `{1}`, …: the real server leaves them to be filled in from `args`. */
export function apiError(code: string, msg: string, args: readonly string[] = []): ApiError {
  const type = `com.vmware.h4.api.error.exceptions.${code}Exception`;
  return {
    code,
    msg,
    args,
    stacktrace: `${type}: ${msg}\n\tat com.vmware.h4.simulator.Job.run(Job.java:42)`,
  };
}

/** A message becomes an error; anything else is taken as it is. */
export function toApiError(value: unknown, code: string): unknown {
  return isString(value) ? apiError(code, value) : value;
}

export function errorReply(status: number, code: string, msg: string, args?: readonly string[]): Reply {
  return { status, body: apiError(code, msg, args) };
}

const codes: Readonly<Record<number, string>> = {
  400: "BadUserInput",
  401: "NotAuthenticated",
  403: "Forbidden",
  404: "NotFound",
};

const statuses: Readonly<Record<string, number>> = {
  BadUserInput: 400,
  BadRequest: 400,
  NotAuthenticated: 401,
  RemoteAuthenticationFailure: 401,
  Forbidden: 403,
  SiteNotFound: 404,
  TaskNotFound: 404,
};

/** An error by its code, by a status, or by both. */
export function wishedApiError({ status, error, message }: ErrorWish): Reply {
  const code = error ?? codes[status ?? 500] ?? "GeneralServerFailure";
  return errorReply(
    status ?? statuses[code] ?? 500,
    code,
    message ?? `The simulator was told to answer ${error ?? String(status ?? 500)}.`,
  );
}
