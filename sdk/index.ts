/**
 * What a Pulumi program imports: operations on VMware servers as resources, and their tasks as data.
 *
 * @module pulumi-vmware-tasks
 */
export type {
  CompletedTaskArguments,
  CompletionArguments,
  Condition,
  FinishedTask,
  FollowUpArguments,
  Observation,
  OperationArguments,
  RequestArguments,
  RetryPolicy,
  StartArguments,
  TaskDetails,
  UpdateTaskArguments,
} from "./arguments";
export { CompletedTask } from "./completed-task";
export { DeleteTask, UpdateTask } from "./follow-up-tasks";
export type { LookUpInputs, LookUpOptions } from "./look-up";
export { Operation, type OperationOptions } from "./operation";
/** Tasks of SDDC Manager as data, with every filter of its API. */
export * as sddcManager from "./sddc-manager";
/** Tasks of Snapservice as data, with every filter of its API. */
export * as snapservice from "./snapservice";
export { StartedTask, type StartedTaskArguments } from "./started-task";
export {
  getTask,
  getTaskOutput,
  getTasks,
  getTasksOutput,
  type GetTaskArguments,
  type GetTasksArguments,
} from "./tasks";
/** Tasks of VMware Cloud Director Availability as data, with every filter of its API. */
export * as vcda from "./vcda";
/** Tasks of vCenter as data, with every filter of its API. */
export * as vcenter from "./vcenter";
export type { TaskData, TaskList } from "../provider/operations";
export {
  errorCodes,
  hasCode,
  isTerminal,
  isVmwareTasksError,
  taskStatuses,
  type BatchRefusedError,
  type ConfigurationError,
  type EndpointFault,
  type EndpointFaultError,
  type EngineGoneError,
  type ErrorCode,
  type FailureCause,
  type FaultClass,
  type InvalidArgumentsError,
  type MayHaveStartedError,
  type Problem,
  type Product,
  type Refusal,
  type RequestRefusedError,
  type TaskFailedError,
  type TaskNotFoundError,
  type TaskProgress,
  type TaskResource,
  type TaskStatus,
  type UnexpectedReplyError,
} from "../provider/tasks";
