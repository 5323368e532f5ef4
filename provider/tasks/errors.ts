import type { FailureCause } from "./task-snapshot";

/** The codes by which errors of this package are recognised, also across copies of the module. */
export const errorCodes = [
  "VMWARE_INVALID_ARGUMENTS",
  "VMWARE_CONFIGURATION",
  "VMWARE_ENDPOINT_FAULT",
  "VMWARE_REQUEST_REFUSED",
  "VMWARE_UNEXPECTED_REPLY",
  "VMWARE_BATCH_REFUSED",
  "VMWARE_MAY_HAVE_STARTED",
  "VMWARE_TASK_NOT_FOUND",
  "VMWARE_TASK_FAILED",
  "VMWARE_ENGINE_GONE",
] as const;

/** The code of an error of this package. */
export type ErrorCode = (typeof errorCodes)[number];

/** The base of all errors of this package. Recognise them by `code`, not by `instanceof`. */
export abstract class VmwareTasksError extends Error {
  abstract readonly code: ErrorCode;
}

/** One thing that is wrong with arguments or configuration. */
export interface Problem {
  /** Where, such as `request.path`. */
  readonly path: string;
  /** What is wrong and what is allowed; holds no value of the user's. */
  readonly message: string;
}

/** Arguments are wrong; all problems are listed, nothing was sent. */
export class InvalidArgumentsError extends VmwareTasksError {
  override readonly name = "InvalidArgumentsError";
  readonly code = "VMWARE_INVALID_ARGUMENTS";
  readonly problems: readonly Problem[];
  constructor(subject: string, problems: readonly Problem[]) {
    super(`${subject}:\n${problems.map(({ path, message }) => `  - ${path}: ${message}`).join("\n")}`);
    this.problems = problems;
  }
}

/** The configuration of an endpoint cannot be used. */
export class ConfigurationError extends VmwareTasksError {
  override readonly name = "ConfigurationError";
  readonly code = "VMWARE_CONFIGURATION";
}

/** Why an endpoint gave no good answer. */
export type FaultClass =
  "network" | "tls" | "server" | "throttled" | "login" | "redirect" | "malformed" | "shape";

/** Details of an {@link EndpointFaultError}. */
export interface EndpointFault {
  readonly faultClass: FaultClass;
  /** Whether the server can have taken the request. */
  readonly sent: "no" | "maybe";
  readonly httpStatus?: number | undefined;
  /** How long the server asks to be left alone. */
  readonly retryAfterMs?: number | undefined;
}

/** The endpoint gave no good answer; asking again later may help. */
export class EndpointFaultError extends VmwareTasksError {
  override readonly name = "EndpointFaultError";
  readonly code = "VMWARE_ENDPOINT_FAULT";
  readonly fault: EndpointFault;
  constructor(message: string, fault: EndpointFault) {
    super(message);
    this.fault = fault;
  }
}

/** Details of a {@link RequestRefusedError}. */
export interface Refusal {
  readonly httpStatus: number;
  /** The server is busy: nothing was started, the same request may be taken later. */
  readonly isBusy: boolean;
  /** The server says, in its own error format, that the object does not exist. */
  readonly isNotFound: boolean;
  readonly retryAfterMs?: number | undefined;
  readonly causes: readonly FailureCause[];
}

/** The server said no: nothing was started. */
export class RequestRefusedError extends VmwareTasksError {
  override readonly name = "RequestRefusedError";
  readonly code = "VMWARE_REQUEST_REFUSED";
  readonly refusal: Refusal;
  constructor(message: string, refusal: Refusal) {
    super(message);
    this.refusal = refusal;
  }
}

/** The server's reply is not what its documentation says. */
export class UnexpectedReplyError extends VmwareTasksError {
  override readonly name = "UnexpectedReplyError";
  readonly code = "VMWARE_UNEXPECTED_REPLY";
}

/** The server refuses to answer for these tasks together. */
export class BatchRefusedError extends VmwareTasksError {
  override readonly name = "BatchRefusedError";
  readonly code = "VMWARE_BATCH_REFUSED";
}

/** A request left and no clear reply came: the operation may have started, and was not sent again. */
export class MayHaveStartedError extends VmwareTasksError {
  override readonly name = "MayHaveStartedError";
  readonly code = "VMWARE_MAY_HAVE_STARTED";
  /** Ids of tasks that may be the one. */
  readonly candidates: readonly string[];
  constructor(message: string, candidates: readonly string[]) {
    super(message);
    this.candidates = candidates;
  }
}

/** The server does not know the task. */
export class TaskNotFoundError extends VmwareTasksError {
  override readonly name = "TaskNotFoundError";
  readonly code = "VMWARE_TASK_NOT_FOUND";
}

/** An operation did not end well; the message is the whole report. */
export class TaskFailedError extends VmwareTasksError {
  override readonly name = "TaskFailedError";
  readonly code = "VMWARE_TASK_FAILED";
}

/** The deployment that asked for the work has ended, so nothing more is sent. */
export class EngineGoneError extends VmwareTasksError {
  override readonly name = "EngineGoneError";
  readonly code = "VMWARE_ENGINE_GONE";
  constructor() {
    super("The Pulumi engine that started this provider has ended; nothing more is sent for it.");
  }
}

/** Whether a value is an error of this package with the given code. */
export function hasCode<C extends ErrorCode>(
  error: unknown,
  code: C,
): error is Extract<
  | InvalidArgumentsError
  | ConfigurationError
  | EndpointFaultError
  | RequestRefusedError
  | UnexpectedReplyError
  | BatchRefusedError
  | MayHaveStartedError
  | TaskNotFoundError
  | TaskFailedError
  | EngineGoneError,
  { code: C }
> {
  return error instanceof Error && (error as { code?: unknown }).code === code;
}

/** Whether a value is an error of this package, whose message is all there is to say. */
export function isVmwareTasksError(error: unknown): boolean {
  return errorCodes.some((code) => hasCode(error, code));
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
