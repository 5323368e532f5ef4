/**
 * A simulator of the task APIs of vCenter, SDDC Manager and VMware Cloud Director Availability over real HTTP or HTTPS,
 * for tests and demonstrations.
 * It behaves as the servers do, the unpleasant parts included, does what a script tells it, injects counted faults
 * and remembers what it was asked. It never imports the other rooms: what they believe about the servers must not
 * become true here.
 *
 * @module pulumi-vmware-tasks/simulator
 */
export { startSimulator } from "./start-simulator";
export type { Simulator, SimulatedTask, ForeignTask, RestartOptions } from "./simulator";
export type { SimulatorOptions, Clock } from "./simulator-options";
export type { SddcVersion } from "./products/sddc-manager/sddc-version";
export type {
  TaskScript,
  TaskPlan,
  TaskOutcome,
  TaskStatus,
  StartMatch,
  ScriptedReply,
  SubTaskScript,
  StageScript,
} from "./task-script";
export type { Fault, FaultKind, FaultMatch } from "./faults";
export type { RecordedRequest, StartedOperation } from "./recorder";
export type { CollectionOptions, SimulatedObject } from "./collections";
export type { ProductName, RequestKind } from "./exchange";
