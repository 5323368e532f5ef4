// What a request and a reply are inside the simulator, free of node:http.
import type { IncomingHttpHeaders } from "node:http";

/** The servers that one simulator plays. */
export type ProductName = "vcenter" | "snapservice" | "sddc-manager" | "vcda";

/** What a request wants, whatever the product calls it. */
export type RequestKind =
  "login" | "logout" | "start" | "get" | "list" | "cancel" | "retry" | "read" | "other";

export const requestKinds = [
  "login",
  "logout",
  "start",
  "get",
  "list",
  "cancel",
  "retry",
  "read",
  "other",
] as const satisfies readonly RequestKind[];

/** @internal */
export interface SimulatedRequest {
  readonly method: string;
  /** Decoded path without query and without the simulator's path prefix. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The parsed body; undefined when there is none or when it is no JSON. */
  readonly body: unknown;
  readonly malformedBody: boolean;
}

/** @internal */
export interface Reply {
  readonly status: number;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as it is, instead of `body`. */
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Done once the reply is out. */
  readonly after?: () => void;
}

/** @internal An error to be put in a product's own format; what is not given follows from the rest. */
export interface ErrorWish {
  readonly status?: number;
  /** vCenter: an error type such as RESOURCE_BUSY. SDDC Manager and VCDA: an error code. */
  readonly error?: string;
  readonly message?: string;
}

/** @internal */
export interface Handled {
  readonly reply: Reply;
  /** The task that the request started, when it started one. */
  readonly taskId?: string;
}
