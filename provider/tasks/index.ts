/**
 * The vocabulary of the package: what a task is, how it ends, how a failure is told, and the seams
 * between the rooms. Imports nothing of ours and no third party.
 */
export { systemClock, type Clock } from "./clock";
export {
  BatchRefusedError,
  ConfigurationError,
  EndpointFaultError,
  EngineGoneError,
  errorCodes,
  hasCode,
  InvalidArgumentsError,
  isVmwareTasksError,
  MayHaveStartedError,
  messageOf,
  RequestRefusedError,
  TaskFailedError,
  TaskNotFoundError,
  UnexpectedReplyError,
  VmwareTasksError,
  type EndpointFault,
  type ErrorCode,
  type FaultClass,
  type Problem,
  type Refusal,
} from "./errors";
export { renderFailure, type FailureReport } from "./failure-report";
export { pauseAsWished } from "./pause";
export { products, type Product } from "./product";
export type {
  ApiRequest,
  ProductClient,
  Sender,
  StartOptions,
  StartReply,
  StartTrace,
  TaskFilter,
} from "./product-client";
export { createRedactor, type Redactor } from "./redaction";
export { isSecretName, secretsIn, withoutSecretFields, withoutSecretParameters } from "./secret-fields";
export { canBeSince, endOfTime, stampToleranceMs, trueStamp } from "./stamp";
export { immediatePrefix, taskKey, type TaskRef } from "./task-ref";
export type { FailureCause, TaskProgress, TaskResource, TaskSnapshot } from "./task-snapshot";
export type { Look, TaskSource } from "./task-source";
export type { Trace, TraceEvent } from "./trace";
export {
  isTerminal,
  meansSuccessWithWarning,
  taskStatuses,
  toTaskStatus,
  type TaskStatus,
} from "./task-status";
