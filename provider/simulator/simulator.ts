// What a started simulator offers to the program that started it.
import type { SimulatedObject } from "./collections";
import type { ProductName, RequestKind } from "./exchange";
import type { Fault } from "./faults";
import type { RecordedRequest, StartedOperation } from "./recorder";
import type { TaskPlan, TaskScript, TaskStatus } from "./task-script";

/** A task as the simulator sees it, in words that both products share. */
export interface SimulatedTask {
  readonly id: string;
  readonly product: ProductName;
  readonly status: TaskStatus;
  readonly method: string;
  readonly path: string;
  readonly user: string;
  /** Started by {@link Simulator.startForeignTask}. */
  readonly foreign: boolean;
  readonly createdAt: number;
  /** Absent while PENDING. */
  readonly startedAt?: number;
  readonly finishedAt?: number;
  /** 0 to 100. */
  readonly percent: number;
  /** 1, and one more for each retry. */
  readonly attempts: number;
  /** The body that a GET of the task answers now. */
  readonly native: Readonly<Record<string, unknown>>;
}

/** A task that somebody else starts, behind the back of the program under test. */
export interface ForeignTask {
  product: ProductName;
  /** @default "POST" */
  method?: string;
  /** May hold a query: `"/api/vcenter/vm?action=clone"`. */
  path: string;
  body?: unknown;
  /** @default "somebody.else@vsphere.local" */
  user?: string;
  /** How it runs. @default as a task without a script */
  plan?: TaskPlan;
}

/** Options of {@link Simulator.restart}. */
export interface RestartOptions {
  /** Tasks kept in memory only are gone. @default false */
  forgetTasks?: boolean;
  /** Milliseconds, by the simulator's clock, for which every connection is cut. @default 0 */
  downMs?: number;
}

/** A running simulator. */
export interface Simulator {
  /** Where it listens, without a trailing slash: `http://127.0.0.1:49152`. */
  readonly url: string;
  /** The certificate in PEM, when it serves HTTPS. */
  readonly certificate?: string;
  readonly username: string;
  readonly password: string;
  /** Every request in the order of arrival, without control requests. */
  readonly requests: readonly RecordedRequest[];
  /** Every operation that was accepted, without those of {@link startForeignTask}. */
  readonly starts: readonly StartedOperation[];

  /** How many requests of each kind arrived. */
  counts(): Record<RequestKind, number>;
  /** Adds a script; of several that match a start, the newest is taken. */
  script(script: TaskScript): void;
  /** Adds a fault; of several that match a request, the oldest with times left acts. */
  fault(fault: Fault): void;

  /** All tasks that the servers still know, in the order of their start. */
  tasks(): SimulatedTask[];
  /** One task; `undefined` when the servers do not know it. */
  task(id: string): SimulatedTask | undefined;
  /** Ends a task now, after `change` is laid over its plan. @throws when the task is unknown or has ended */
  finish(id: string, outcome?: "SUCCEEDED" | "FAILED" | "CANCELLED", change?: TaskPlan): void;
  /** Changes what is still to come of a task. @throws when the task is unknown or has ended */
  change(id: string, change: TaskPlan): void;
  /** Retries a failed task, as an operator would. @throws when the task is unknown or has not failed */
  retry(id: string, plan?: TaskPlan): void;
  /** Lets the servers forget a task. @throws when the task is unknown */
  forget(id: string): void;
  /** Starts a task that is not the program's own and gives its id. @throws when the server refuses it */
  startForeignTask(task: ForeignTask): string;

  /** The objects at a path such as `/v1/hosts`. @throws when no collection is there */
  objects(path: string): readonly SimulatedObject[];
  /** Puts an object there, as if it had always been, and gives its id. @throws when there is no such collection */
  addObject(path: string, body: Record<string, unknown>, id?: string): string;
  /** Removes an object behind everybody's back. @throws when it is not there */
  removeObject(path: string, id: string): void;

  /** Ends all sessions of vCenter and VCDA and SDDC Manager access tokens; refresh tokens stay good. */
  expireSessions(): void;
  /** VCDA: lets every remote site forget the sessions that were extended to it. */
  expireRemoteSessions(): void;
  /** Cuts all connections and forgets sessions and tokens; tasks go on unless they are forgotten too. */
  restart(options?: RestartOptions): void;
  /** Back to the start: no tasks, objects, faults, records, sessions; only the scripts of the options. */
  reset(): void;
  /** Cuts all connections and frees the port. */
  close(): Promise<void>;
}
