import type { TaskInfo as CisTaskInfo } from "./vcenter-task-info";

/** The API's own fields of a task (Snapshot Appliance API, `Snapservice.Tasks.Info`): those of vCenter's, and one more. */
export interface TaskInfo extends CisTaskInfo {
  /** The vCenter task behind it. */
  readonly vc_task?: string;
}
