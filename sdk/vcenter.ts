import type { TaskData, TaskList } from "../provider/operations";
import type { TaskStatus } from "../provider/tasks";
import { checkLookUp, outputForm } from "./look-up";
import { theContext } from "./program-context";
import { withRunErrors } from "./run-error";
import type { GetTaskArguments } from "./tasks";
import type { TaskInfo } from "./vcenter-task-info";

export type { LocalizableMessage, Notification, TaskInfo } from "./vcenter-task-info";

/** A CIS task as data; `native` has the API's own fields. */
export type VcenterTask = TaskData<TaskInfo>;

/** CIS tasks as data. */
export type VcenterTaskList = TaskList<TaskInfo>;

/** Which CIS task to read (vSphere Automation API, `GET /api/cis/tasks/{task}`). */
export interface VcenterGetTaskArguments extends Omit<GetTaskArguments, "kind" | "site"> {
  /** Also what the operation itself tells beyond the common fields; it is in `native`. */
  returnAll?: boolean | undefined;
  /** Leave the result out. */
  excludeResult?: boolean | undefined;
}

/**
 * Which CIS tasks to read (`POST /api/cis/tasks?action=list`); needs `tasks` or `services`. Values of one field are
 * alternatives, and all fields given must fit.
 */
export interface VcenterGetTasksArguments {
  /** The name of an endpoint in the configuration. */
  endpoint: string;
  /** Statuses to keep. */
  status?: TaskStatus | TaskStatus[] | undefined;
  /** Ids of tasks, of any services; those that vCenter does not know are in `missing` of the answer. */
  tasks?: string[] | undefined;
  /** Ids of vAPI services, such as `com.vmware.vcenter.VM`. */
  services?: string[] | undefined;
  /** Ids of operations, such as `clone$task`; they are unique within a service only. */
  operations?: string[] | undefined;
  /** Objects that the tasks work on. */
  targets?: { type: string; id: string }[] | undefined;
  /** Users who started them. */
  users?: string[] | undefined;
  /** The most tasks to answer with, newest first. */
  limit?: number | undefined;
  /** Also what the operations themselves tell beyond the common fields; it is in `native`. */
  returnAll?: boolean | undefined;
  /** Leave the results out. */
  excludeResult?: boolean | undefined;
}

/**
 * Reads one task of a vCenter.
 *
 * @throws InvalidArgumentsError, TaskNotFoundError, EndpointFaultError
 */
export async function getTask(
  args: VcenterGetTaskArguments & { ifMissing: "undefined" },
): Promise<VcenterTask | undefined>;
export async function getTask(args: VcenterGetTaskArguments): Promise<VcenterTask>;
export async function getTask(args: VcenterGetTaskArguments): Promise<VcenterTask | undefined> {
  checkLookUp("vcenter.getTask", "vcenterTask", args, "vcenter");
  const { returnAll, excludeResult, ...query } = args;
  const { readTask } = await import("../provider/operations/index.js");
  return withRunErrors(async () =>
    readTask(await theContext(), { ...query, options: { returnAll, excludeResult } }),
  ) as Promise<VcenterTask | undefined>;
}

/** {@link getTask} for inputs that are known later. */
export const getTaskOutput = outputForm((args: VcenterGetTaskArguments): Promise<VcenterTask | undefined> =>
  getTask(args),
);

/**
 * Reads the tasks of a vCenter that match, newest first.
 *
 * @throws InvalidArgumentsError, RequestRefusedError (more than 1000 matches that no filter given tells apart),
 *   EndpointFaultError
 */
export async function getTasks(args: VcenterGetTasksArguments): Promise<VcenterTaskList> {
  checkLookUp("vcenter.getTasks", "vcenterTasks", args, "vcenter");
  const { endpoint, status, limit, ...filter } = args;
  const { readTasks } = await import("../provider/operations/index.js");
  // vCenter filters by status too; what it cannot tell apart (CANCELLED) is told apart afterwards.
  const byStatus = status === undefined ? {} : { status: [status].flat() };
  return withRunErrors(async () =>
    readTasks(await theContext(), { endpoint, status, limit, filter: { ...filter, ...byStatus } }),
  ) as unknown as Promise<VcenterTaskList>;
}

/** {@link getTasks} for inputs that are known later. */
export const getTasksOutput = outputForm(getTasks);
