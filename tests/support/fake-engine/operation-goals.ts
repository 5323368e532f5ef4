// What the SDK registers for one `Operation`, without the SDK: a program that needs no process of its own.
import { providerText } from "../../../sdk/provider-text";
import type { Goal } from "./engine";
import type { Properties } from "./provider-process";

/** A request as a program writes it. */
export interface ProgramRequest {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
}

/** An operation as a program writes it. */
export interface ProgramOperation {
  readonly name: string;
  readonly endpoint: string;
  readonly request: ProgramRequest;
  readonly retry?: Properties;
  readonly triggers?: readonly string[];
  /** From the finished task's outputs. */
  readonly update?: (done: Properties) => ProgramRequest;
  readonly delete?: (done: Properties) => ProgramRequest;
  /** Values in the requests that the program marks as secret. */
  readonly secretValues?: readonly string[];
}

type Half = "StartedTask" | "CompletedTask" | "UpdateTask" | "DeleteTask";

const providers = {
  StartedTask: "startedTask",
  CompletedTask: "completedTask",
  UpdateTask: "updateTask",
  DeleteTask: "deleteTask",
} as const;

/** The URN of one of an operation's resources. */
export function urnOf(type: Half, name: string): string {
  return `urn:pulumi:test::faults::vmware-tasks:index:Operation$pulumi-nodejs:vmware:${type}::${name}`;
}

/** The resources of an operation, in the order in which the engine comes to them. */
export function goalsOf(operation: ProgramOperation): Goal[] {
  const { name, endpoint, request, retry, triggers, update, secretValues = [] } = operation;
  const goal = (type: Half, inputs: (outputsOf: (type: Half) => Properties) => Properties): Goal => ({
    urn: urnOf(type, name),
    inputs: (outputsOf) => ({
      endpoint,
      secretValues,
      resourceUrn: urnOf(type, name),
      __provider: providerText(providers[type]),
      ...inputs((other) => outputsOf(urnOf(other, name))),
    }),
  });
  const goals = [
    goal("StartedTask", () => ({
      ...{ request, retry, triggers },
      ...(update === undefined ? {} : { onRequestChange: "update" }),
      deleteBeforeReplace: operation.delete !== undefined,
    })),
    goal("CompletedTask", (outputsOf) => ({
      ...{ request, retry },
      startedTaskId: outputsOf("StartedTask").taskId,
      immediateResult: outputsOf("StartedTask").immediateResult,
    })),
  ];
  for (const [type, toRequest] of [
    ["UpdateTask", update],
    ["DeleteTask", operation.delete],
  ] as const) {
    if (toRequest === undefined) continue;
    goals.push(
      goal(type, (outputsOf) => {
        const done = outputsOf("CompletedTask");
        return { of: done.taskId, ...(done.status === "SUCCEEDED" ? { request: toRequest(done) } : {}) };
      }),
    );
  }
  return goals;
}
