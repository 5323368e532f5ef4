/**
 * The permanent entry. State of every stack that uses this package names these four objects by
 * `require("pulumi-vmware-tasks/provider")`: neither the path nor a name may ever change.
 */
export { completedTask, deleteTask, startedTask, updateTask } from "./resources";
