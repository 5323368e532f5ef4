import type { completedTask, deleteTask, startedTask, updateTask } from "../provider";

interface Providers {
  startedTask: typeof startedTask;
  completedTask: typeof completedTask;
  updateTask: typeof updateTask;
  deleteTask: typeof deleteTask;
}

/**
 * The text of the input `__provider`: all that Pulumi's state holds of a provider's code. It never changes, so a
 * new release of this package is no difference, and it runs whatever version is installed.
 */
export function providerText(name: keyof Providers): string {
  return `exports.handler = () => require("pulumi-vmware-tasks/provider").${name}`;
}
