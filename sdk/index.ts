/**
 * What a Pulumi program imports: operations on VMware servers as resources, and their tasks as data.
 *
 * @packageDocumentation
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
export { Operation } from "./operation";
export * as sddcManager from "./sddc-manager";
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
export * as vcda from "./vcda";
export * as vcenter from "./vcenter";
export type { TaskData, TaskList } from "../provider/operations";
export {
  errorCodes,
  hasCode,
  isTerminal,
  isVmwareTasksError,
  taskStatuses,
  type ErrorCode,
  type FailureCause,
  type Problem,
  type Product,
  type TaskProgress,
  type TaskResource,
  type TaskStatus,
} from "../provider/tasks";
