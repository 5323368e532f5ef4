import type { TaskData, TaskList } from "../provider/operations";
import type { TaskStatus } from "../provider/tasks";
import { checkLookUp, outputForm } from "./look-up";
import { theContext } from "./program-context";
import { withRunErrors } from "./run-error";
import type { GetTaskArguments } from "./tasks";
import type { TaskFields } from "./vcda-task";

export type { ApiError, TaskFields } from "./vcda-task";

/** A task of VCDA as data; `native` has the API's own fields. */
export type VcdaTask = TaskData<TaskFields>;

/** Tasks that match, and how many there are of each status. */
export type VcdaTaskList = TaskList<TaskFields>;

/** Which task to read (VCDA API, `GET /tasks/{task}`); `site` is where it runs, the local site without it. */
export type VcdaGetTaskArguments = Omit<GetTaskArguments, "kind">;

/** Which tasks to read (`GET /tasks`, VCDA API 4.5): all that the endpoint's user may see without a filter. */
export interface VcdaGetTasksArguments {
  /** The name of an endpoint in the configuration. */
  endpoint: string;
  /** The site whose tasks are read. @default the local site */
  site?: string | undefined;
  /** Statuses to keep, whatever word the server has for them; kept here, after all pages are read. */
  status?: TaskStatus | TaskStatus[] | undefined;
  /** A status in the server's own word, which the server keeps to: `RUNNING`, `SUCCEEDED` or `FAILED`. */
  state?: string | undefined;
  /** Ids of tasks. */
  ids?: string[] | undefined;
  /** Who started them; for administrators. */
  user?: string | undefined;
  /** An organization of Cloud Director; the case counts. */
  sourceOrg?: string | undefined;
  /** As `sourceOrg`; for administrators, and not together with `user`. */
  destinationOrg?: string | undefined;
  /** ISO 8601: only tasks that started before it. */
  startTimeBefore?: string | undefined;
  /** ISO 8601: only tasks that started after it. */
  startTimeAfter?: string | undefined;
  /** ISO 8601: only tasks that ended before it. */
  endTimeBefore?: string | undefined;
  /** ISO 8601: only tasks that ended after it. */
  endTimeAfter?: string | undefined;
  /** What they do (`workflowInfo.type`), such as `failover`. */
  type?: string | undefined;
  /** What they work on (`workflowInfo.resourceId`), such as the id of a replication. */
  resourceId?: string | undefined;
  resourceName?: string | undefined;
  /** Kinds of what they work on, such as `vappReplication`. */
  resourceType?: string | string[] | undefined;
  /** Fields to sort by, each with a `-` at its end for descending: `["resourceName", "startTime-"]`. */
  sort?: string | string[] | undefined;
  /** The most tasks to answer with. */
  limit?: number | undefined;
  /** How many matching tasks to leave out at the beginning; not together with `status`. */
  offset?: number | undefined;
}

const times = ["startTimeBefore", "startTimeAfter", "endTimeBefore", "endTimeAfter"] as const;

/** The API takes milliseconds since 1970. */
function inMilliseconds(
  given: Pick<VcdaGetTasksArguments, (typeof times)[number]>,
): Partial<Record<(typeof times)[number], number>> {
  return Object.fromEntries(
    times.flatMap((name) => {
      const text = given[name];
      return text === undefined ? [] : [[name, Date.parse(text)]];
    }),
  );
}

/**
 * Reads one task of VMware Cloud Director Availability.
 *
 * @throws InvalidArgumentsError, TaskNotFoundError, RequestRefusedError (an unknown site), EndpointFaultError
 */
export async function getTask(
  args: VcdaGetTaskArguments & { ifMissing: "undefined" },
): Promise<VcdaTask | undefined>;
export async function getTask(args: VcdaGetTaskArguments): Promise<VcdaTask>;
export async function getTask(args: VcdaGetTaskArguments): Promise<VcdaTask | undefined> {
  checkLookUp("vcda.getTask", "vcdaTask", args, "vcda");
  const { readTask } = await import("../provider/operations/index.js");
  return withRunErrors(async () => readTask(await theContext(), args)) as Promise<VcdaTask | undefined>;
}

/** {@link getTask} for inputs that are known later. */
export const getTaskOutput = outputForm((args: VcdaGetTaskArguments): Promise<VcdaTask | undefined> =>
  getTask(args),
);

/**
 * Reads the tasks of one site that match, newest first unless `sort` is given; pages by itself.
 *
 * @throws InvalidArgumentsError, RequestRefusedError (an unknown site), EndpointFaultError
 */
export async function getTasks(args: VcdaGetTasksArguments): Promise<VcdaTaskList> {
  checkLookUp("vcda.getTasks", "vcdaTasks", args, "vcda");
  const { endpoint, status, ids, limit, ...filter } = args;
  const { readTasks } = await import("../provider/operations/index.js");
  return withRunErrors(async () =>
    readTasks(await theContext(), {
      endpoint,
      status,
      ids,
      limit,
      filter: { ...filter, ...inMilliseconds(filter) },
    }),
  ) as unknown as Promise<VcdaTaskList>;
}

/** {@link getTasks} for inputs that are known later. */
export const getTasksOutput = outputForm(getTasks);
