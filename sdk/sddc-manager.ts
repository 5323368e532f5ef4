import type { TaskData, TaskList } from "../provider/operations";
import type { TaskStatus } from "../provider/tasks";
import { checkLookUp, outputForm } from "./look-up";
import { theContext } from "./program-context";
import { withRunErrors } from "./run-error";
import type { GetTaskArguments } from "./tasks";
import type { TaskFields } from "./sddc-manager-task";

export type {
  MessagePack,
  SddcManagerError,
  SddcManagerResource,
  Stage,
  SubTask,
  TaskFields,
} from "./sddc-manager-task";

/** A task of SDDC Manager as data; `native` has the API's own fields. */
export type SddcManagerTask = TaskData<TaskFields>;

/** Tasks that match, and how many of these have each status. */
export type SddcManagerTaskList = TaskList<TaskFields>;

/** Which task to read (SDDC Manager API, `GET /v1/tasks/{id}`). */
export type SddcManagerGetTaskArguments = Omit<GetTaskArguments, "site">;

/** Which tasks to read (`GET /v1/tasks`, or the list of another kind); all of them without a filter. */
export interface SddcManagerGetTasksArguments {
  /** The name of an endpoint in the configuration. */
  endpoint: string;
  /** Statuses to keep, whatever spelling this version of the server has for them. */
  status?: TaskStatus | TaskStatus[] | undefined;
  /** Such as `HOST_COMMISSION`. */
  type?: string | undefined;
  /** A part of the name (5.1 and later). */
  name?: string | undefined;
  resourceId?: string | undefined;
  /** Such as `ESXI`. */
  resourceType?: string | undefined;
  /** ISO 8601: only tasks that succeeded or failed after it. */
  completedAfter?: string | undefined;
  /** A field to sort by (5.1 and later). */
  orderBy?: string | undefined;
  orderDirection?: "ASC" | "DESC" | undefined;
  /** The server's own parameter, whose meaning its API files do not tell (9.0 and later). */
  doLiveRefresh?: boolean | undefined;
  /**
   * Which kind of task to list, of those that have a list. All filters but `status` and `limit` are those of `task` and `backup`.
   *
   * @default "task"
   */
  kind?: string | undefined;
  /** The most tasks to answer with. */
  limit?: number | undefined;
}

/**
 * Reads one task of an SDDC Manager, with all its sub-tasks.
 *
 * @throws InvalidArgumentsError, TaskNotFoundError, EndpointFaultError
 */
export async function getTask(
  args: SddcManagerGetTaskArguments & { ifMissing: "undefined" },
): Promise<SddcManagerTask | undefined>;
export async function getTask(args: SddcManagerGetTaskArguments): Promise<SddcManagerTask>;
export async function getTask(args: SddcManagerGetTaskArguments): Promise<SddcManagerTask | undefined> {
  checkLookUp("sddcManager.getTask", "sddcTask", args, "sddc-manager");
  const { readTask } = await import("../provider/operations/index.js");
  return withRunErrors(async () => readTask(await theContext(), args)) as Promise<
    SddcManagerTask | undefined
  >;
}

/** {@link getTask} for inputs that are known later. */
export const getTaskOutput = outputForm(
  (args: SddcManagerGetTaskArguments): Promise<SddcManagerTask | undefined> => getTask(args),
);

/**
 * Reads the tasks of an SDDC Manager that match, newest first unless `orderBy` is given; pages by itself.
 *
 * @throws InvalidArgumentsError, EndpointFaultError
 */
export async function getTasks(args: SddcManagerGetTasksArguments): Promise<SddcManagerTaskList> {
  checkLookUp("sddcManager.getTasks", "sddcTasks", args, "sddc-manager");
  const { endpoint, status, limit, completedAfter, ...filter } = args;
  const { readTasks } = await import("../provider/operations/index.js");
  return withRunErrors(async () =>
    readTasks(await theContext(), {
      endpoint,
      status,
      limit,
      // The API takes milliseconds since 1970.
      filter: {
        ...filter,
        ...(completedAfter === undefined ? {} : { completedAfter: Date.parse(completedAfter) }),
      },
    }),
  ) as unknown as Promise<SddcManagerTaskList>;
}

/** {@link getTasks} for inputs that are known later. */
export const getTasksOutput = outputForm(getTasks);
