// A VMware server as a client shows it: tasks that run by the fake clock, answers that a test may put in their place.
import {
  EndpointFaultError,
  isTerminal,
  RequestRefusedError,
  TaskNotFoundError,
  type ApiRequest,
  type EndpointFault,
  type FailureCause,
  type Look,
  type ProductClient,
  type Refusal,
  type StartOptions,
  type StartReply,
  type TaskRef,
  type TaskResource,
  type TaskSnapshot,
  type TaskStatus,
} from "../../provider/tasks";
import type { FakeClock } from "./fake-clock";

/** A task as a test scripts it; it runs from when it is made. */
export interface ScriptedTask {
  readonly durationMs?: number;
  readonly ends?: TaskStatus;
  /** In place of RUNNING. */
  readonly runs?: TaskStatus;
  readonly causes?: readonly FailureCause[];
  readonly warnings?: readonly string[];
  readonly result?: unknown;
  readonly resources?: readonly TaskResource[];
  readonly isRetryable?: boolean;
  readonly isCancellable?: boolean;
  readonly native?: Record<string, unknown>;
  /** From the milliseconds that it has run. */
  readonly fraction?: (elapsedMs: number) => number | undefined;
  readonly message?: string;
}

/** A task as it stands at the server. */
export interface ServerTask extends ScriptedTask {
  readonly id: string;
  /** Undone by a retry, so not the scripted one. */
  startedAt: number;
  endsAt: number;
  ends: TaskStatus;
  causes: readonly FailureCause[];
}

/** What a call is answered with, once: a value, an error to throw, or a function that makes either. */
type Scripted<T> = T | Error | (() => T | Promise<T>);

/** The scripted server and everything that was asked of it. */
export interface FakeServer {
  readonly client: ProductClient;
  readonly tasks: Map<string, ServerTask>;
  /** Requests that start work, in their order. */
  readonly starts: ApiRequest[];
  readonly retries: string[];
  /** What each retry was handed for a body. */
  readonly retryRequests: (ApiRequest | undefined)[];
  readonly cancels: string[];
  readonly reads: ApiRequest[];
  /** The ids of each look. */
  readonly looks: string[][];
  /** What was asked of `findStarted`. */
  readonly searches: { sentAt: number; at: number }[];
  readonly gets: string[];
  reaches: number;
  /** With what each of the starts came. */
  readonly startOptions: StartOptions[];
  /** What the next starts are answered with; without any, `nextTask` begins. */
  readonly onStart: Scripted<StartReply>[];
  readonly onReach: Scripted<undefined>[];
  readonly onFind: Scripted<TaskSnapshot[] | undefined>[];
  readonly onGet: Scripted<TaskSnapshot | undefined>[];
  readonly onRead: Scripted<unknown>[];
  readonly onLook: Scripted<Look[]>[];
  readonly onRetry: Scripted<undefined>[];
  readonly onCancel: Scripted<undefined>[];
  /** How the next started tasks go. */
  readonly script: ScriptedTask[];
  /** Begins a task now, as if somebody had started it. */
  readonly begin: (task?: ScriptedTask, id?: string) => ServerTask;
  readonly snapshot: (id: string) => TaskSnapshot;
  clockOffsetMs: number;
  /** What it warns of where it answers at once. */
  warningsAtOnce: readonly string[];
}

/** A fault of the endpoint's. */
export function fault(message: string, more: Partial<EndpointFault> = {}): EndpointFaultError {
  return new EndpointFaultError(message, { faultClass: "network", sent: "no", ...more });
}

/** A clear no. */
export function refusal(message: string, more: Partial<Refusal> = {}): RequestRefusedError {
  return new RequestRefusedError(message, {
    httpStatus: 400,
    isBusy: false,
    isNotFound: false,
    causes: [],
    ...more,
  });
}

async function play<T>(queue: Scripted<T>[], otherwise: () => T): Promise<T> {
  if (queue.length === 0) return otherwise();
  const next = queue.shift() as Scripted<T>;
  if (next instanceof Error) throw next;
  return typeof next === "function" ? (next as () => T | Promise<T>)() : next;
}

/** Builds a server whose tasks take ten seconds and succeed, unless scripted otherwise. */
export function createFakeServer(clock: FakeClock): FakeServer {
  const tasks = new Map<string, ServerTask>();

  const begin = (script: ScriptedTask = {}, id = `task-${tasks.size + 1}`): ServerTask => {
    const startedAt = clock.now();
    const task: ServerTask = {
      ends: "SUCCEEDED",
      causes: [],
      ...script,
      id,
      startedAt,
      endsAt: startedAt + (script.durationMs ?? 10_000),
    };
    tasks.set(id, task);
    return task;
  };

  const snapshot = (id: string): TaskSnapshot => {
    const task = tasks.get(id);
    if (task === undefined) throw new Error(`There is no task ${id}.`);
    const isOver = clock.now() >= task.endsAt;
    const status = isOver ? task.ends : (task.runs ?? "RUNNING");
    const fraction = task.fraction?.(clock.now() - task.startedAt);
    return {
      ref: { id, kind: "task" },
      status,
      nativeStatus: `native ${status}`,
      name: "Do it",
      progress: { fraction, message: task.message },
      startedAt: task.startedAt,
      finishedAt: isOver ? task.endsAt : undefined,
      result: isOver && task.ends === "SUCCEEDED" ? task.result : undefined,
      resources: task.resources ?? [],
      warnings: isOver ? (task.warnings ?? []) : [],
      causes: isOver && task.ends !== "SUCCEEDED" ? task.causes : [],
      isRetryable: task.isRetryable,
      isCancellable: task.isCancellable,
      native: { status, ...task.native },
    };
  };

  const server: FakeServer = {
    tasks,
    starts: [],
    retries: [],
    retryRequests: [],
    cancels: [],
    reads: [],
    looks: [],
    searches: [],
    gets: [],
    reaches: 0,
    startOptions: [],
    onStart: [],
    onReach: [],
    onFind: [],
    onGet: [],
    onRead: [],
    onLook: [],
    onRetry: [],
    onCancel: [],
    script: [],
    begin,
    snapshot,
    clockOffsetMs: 0,
    warningsAtOnce: [],
    client: {
      batchSize: 100,
      requestsPerSecond: 2,
      costOf: () => 1,
      groupOf: () => "all",
      look(refs) {
        server.looks.push(refs.map(({ id }) => id));
        return play(server.onLook, () =>
          refs.map(({ id }): Look =>
            tasks.has(id) ? { kind: "seen", snapshot: snapshot(id) } : { kind: "missing" },
          ),
        );
      },
      async start({ sender, ...request }, options) {
        await sender?.confirmAlive();
        server.starts.push(request);
        server.startOptions.push(options);
        return play<StartReply>(server.onStart, () => ({
          kind: "task",
          ref: { id: begin(server.script.shift()).id, kind: "task" },
        }));
      },
      findStarted({ sentAt }) {
        server.searches.push({ sentAt, at: clock.now() });
        return play<TaskSnapshot[] | undefined>(server.onFind, () =>
          [...tasks.keys()]
            .map(snapshot)
            .filter(({ status, startedAt = 0 }) => !isTerminal(status) || startedAt >= sentAt),
        );
      },
      get({ id }) {
        server.gets.push(id);
        return play(server.onGet, () => (tasks.has(id) ? snapshot(id) : undefined));
      },
      list: () => Promise.resolve([...tasks.keys()].map(snapshot)),
      async cancel({ id }: TaskRef, _signal, sender) {
        await sender?.confirmAlive();
        server.cancels.push(id);
        await play(server.onCancel, () => {
          const task = tasks.get(id);
          if (task === undefined) throw new TaskNotFoundError(`There is no task ${id}.`);
          task.endsAt = clock.now() + 1_000;
          task.ends = "CANCELLED";
          return undefined;
        });
      },
      async retry(ref: TaskRef, request: ApiRequest | undefined, _signal, sender) {
        await sender?.confirmAlive();
        const { id } = ref;
        server.retries.push(id);
        server.retryRequests.push(request);
        await play(server.onRetry, () => {
          const task = tasks.get(id);
          if (task === undefined) throw new TaskNotFoundError(`There is no task ${id}.`);
          const { durationMs = 10_000, ends = "SUCCEEDED" } = server.script.shift() ?? {};
          task.endsAt = clock.now() + durationMs;
          task.ends = ends;
          return undefined;
        });
        return ref;
      },
      read(request) {
        server.reads.push(request);
        return play(server.onRead, () => undefined);
      },
      async reach() {
        server.reaches += 1;
        await play(server.onReach, () => undefined);
      },
      condense: (native) => ({ ...native }),
      clockOffsetMs: () => server.clockOffsetMs,
      warningsOf: () => server.warningsAtOnce,
      close: () => Promise.resolve(),
    },
  };
  return server;
}
