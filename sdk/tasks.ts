import type { TaskData, TaskList } from "../provider/operations";
import type { TaskStatus } from "../provider/tasks";
import { checkLookUp, outputForm } from "./look-up";
import { theContext } from "./program-context";
import { withRunErrors } from "./run-error";

/** Which task to read. */
export interface GetTaskArguments {
  /** The name of an endpoint in the configuration. */
  endpoint: string;
  /** The task's own id. */
  id: string;
  /** @default "task" */
  kind?: string | undefined;
  /** For products with sites. */
  site?: string | undefined;
  /**
   * Servers forget finished tasks, usually after a day: fail then, or answer `undefined`.
   *
   * @default "error"
   */
  ifMissing?: "error" | "undefined" | undefined;
}

/** Which tasks to read, by the filters that all products share. */
export interface GetTasksArguments {
  /** The name of an endpoint in the configuration. */
  endpoint: string;
  /** Statuses to keep, whatever word the server has for them. */
  status?: TaskStatus | TaskStatus[] | undefined;
  /** Only these tasks; vCenter lists none without. */
  ids?: string[] | undefined;
  /** The most tasks to answer with, newest first. */
  limit?: number | undefined;
}

/**
 * Reads one task of any product with everything that the server says of it.
 *
 * @throws InvalidArgumentsError, TaskNotFoundError, EndpointFaultError
 */
export async function getTask(
  args: GetTaskArguments & { ifMissing: "undefined" },
): Promise<TaskData | undefined>;
export async function getTask(args: GetTaskArguments): Promise<TaskData>;
export async function getTask(args: GetTaskArguments): Promise<TaskData | undefined> {
  checkLookUp("getTask", "task", args);
  const { readTask } = await import("../provider/operations/index.js");
  return withRunErrors(async () => readTask(await theContext(), args));
}

/** {@link getTask} for inputs that are known later. */
export const getTaskOutput = outputForm((args: GetTaskArguments): Promise<TaskData | undefined> =>
  getTask(args),
);

/**
 * Reads the tasks of an endpoint that match, newest first.
 *
 * @throws InvalidArgumentsError, EndpointFaultError
 */
export async function getTasks(args: GetTasksArguments): Promise<TaskList> {
  checkLookUp("getTasks", "tasks", args);
  const { endpoint, status, limit, ids } = args;
  const { readTasks } = await import("../provider/operations/index.js");
  return withRunErrors(async () =>
    readTasks(await theContext(), { endpoint, status, limit, ids, filter: {} }),
  );
}

/** {@link getTasks} for inputs that are known later. */
export const getTasksOutput = outputForm(getTasks);
