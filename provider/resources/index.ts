/**
 * The dynamic providers: check, diff, create, read, update, delete over the operations. The only room in
 * which Pulumi's engine is known; it decides nothing about tasks.
 */
export { completedTask } from "./completed-task";
export { deleteTask } from "./delete-task";
export { startedTask } from "./started-task";
export { updateTask } from "./update-task";
