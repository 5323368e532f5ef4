import type { TaskData, TaskList } from "../provider/operations";
import type { TaskStatus } from "../provider/tasks";
import { checkLookUp, outputForm } from "./look-up";
import { theContext } from "./program-context";
import { withRunErrors } from "./run-error";
import type { GetTaskArguments } from "./tasks";
import type { TaskInfo } from "./snapservice-task-info";

export type { TaskInfo } from "./snapservice-task-info";

/** A task of Snapservice as data; `native` has the API's own fields. */
export type SnapserviceTask = TaskData<TaskInfo>;

/** Tasks that match, and how many there are of each status. */
export type SnapserviceTaskList = TaskList<TaskInfo>;

/** Which task to read (Snapshot Appliance API, `GET /api/snapservice/tasks/{task}`). */
export type SnapserviceGetTaskArguments = Omit<GetTaskArguments, "kind" | "site">;

/** Which tasks to read (`GET /api/snapservice/tasks`); all that are given must hold, all of them without a filter. */
export interface SnapserviceGetTasksArguments {
  /** The name of an endpoint in the configuration. */
  endpoint: string;
  /** Statuses to keep; the server gets its own words for them. */
  status?: TaskStatus | TaskStatus[] | undefined;
  /** Ids of tasks. */
  tasks?: string[] | undefined;
  /** Operations such as `create`; not unique among services, so name `services` too. */
  operations?: string[] | undefined;
  /** Services such as `com.vmware.snapservice.clusters.protection_groups`. */
  services?: string[] | undefined;
  /** Who started the task. */
  users?: string[] | undefined;
  /** The most tasks to answer with, newest first. Snapservice refuses to match more than 1000. */
  limit?: number | undefined;
}

/**
 * Reads one task of a Snapservice.
 *
 * @throws InvalidArgumentsError, TaskNotFoundError, EndpointFaultError
 */
export async function getTask(
  args: SnapserviceGetTaskArguments & { ifMissing: "undefined" },
): Promise<SnapserviceTask | undefined>;
export async function getTask(args: SnapserviceGetTaskArguments): Promise<SnapserviceTask>;
export async function getTask(args: SnapserviceGetTaskArguments): Promise<SnapserviceTask | undefined> {
  checkLookUp("snapservice.getTask", "snapserviceTask", args, "snapservice");
  const { readTask } = await import("../provider/operations/index.js");
  return withRunErrors(async () => readTask(await theContext(), args)) as Promise<
    SnapserviceTask | undefined
  >;
}

/** {@link getTask} for inputs that are known later. */
export const getTaskOutput = outputForm(
  (args: SnapserviceGetTaskArguments): Promise<SnapserviceTask | undefined> => getTask(args),
);

/**
 * Reads the tasks of a Snapservice that match, newest first.
 *
 * @throws InvalidArgumentsError, RequestRefusedError (more than 1000 matches), EndpointFaultError
 */
export async function getTasks(args: SnapserviceGetTasksArguments): Promise<SnapserviceTaskList> {
  checkLookUp("snapservice.getTasks", "snapserviceTasks", args, "snapservice");
  const { endpoint, limit, ...filter } = args;
  const { readTasks } = await import("../provider/operations/index.js");
  return withRunErrors(async () =>
    // Asked of the server, which lists no more than 1000, and compared after reading: it has no word for CANCELLED.
    readTasks(await theContext(), { endpoint, status: filter.status, limit, filter }),
  ) as unknown as Promise<SnapserviceTaskList>;
}

/** {@link getTasks} for inputs that are known later. */
export const getTasksOutput = outputForm(getTasks);
