// The kinds of requests that start something, each with the deployment that sends it.
import type { Fault, Simulator, SimulatorOptions } from "../../../provider/simulator";
import { canaryOf } from "../../support/canary";
import type { ProgramOperation } from "../../support/fake-engine/operation-goals";
import type { StopPoint } from "../../support/stop-points";

/** One kind of request. */
export interface Scenario {
  readonly simulate?: SimulatorOptions;
  /** How its tasks run. */
  readonly script?: (simulator: Simulator) => void;
  /** The operation of a deployment before, where there is one; how that one ends is the script's. */
  readonly before?: ProgramOperation;
  readonly operation: ProgramOperation;
  /** Which deployment is killed. */
  readonly killed: "up" | "destroy";
  /** The journal's word for the request. */
  readonly record: "start" | "attempt" | "update" | "delete";
  /** The server goes on with a failed task, under its id. */
  readonly isContinued?: boolean;
  /** The engine's call that ends with the request's task. */
  readonly answer: Pick<Extract<StopPoint, { at: "before-answer" }>, "type" | "method">;
  /** Tells the request from others that are sent before. */
  readonly request: (simulator: Simulator) => Pick<Fault, "match" | "skip">;
  /** Makes its task run until it is finished by hand. */
  readonly lengthen: (simulator: Simulator) => void;
  /** How often the server has taken the request. */
  readonly count: (simulator: Simulator) => number;
  /** The task of the request that was taken last. */
  readonly task: (simulator: Simulator) => string | undefined;
}

const things = { path: "/api/things/{cluster}/groups", nameField: "name", idPrefix: "group-" };
const long = { durationMs: 600_000 };

/** A value of the request that is nowhere to be seen. */
export const bodyCanary = canaryOf("body of the kills");

const groups = "/api/things/domain-c8/groups";

function group(size: number, more: Partial<ProgramOperation> = {}): ProgramOperation {
  const body = { name: "gold", size, admin_password: bodyCanary };
  return {
    name: "group",
    endpoint: "vcenter",
    request: { method: "POST", path: groups, body },
    update: ({ result }) => ({ method: "PATCH", path: `${groups}/${String(result)}`, body }),
    delete: ({ result }) => ({ method: "DELETE", path: `${groups}/${String(result)}` }),
    secretValues: [bodyCanary],
    ...more,
  };
}

/** Scenarios that differ in the method of the request alone, which is the one after `first` others. */
function ofMethod(method: string, first = 0): Pick<Scenario, "request" | "lengthen" | "count" | "task"> {
  const all = (simulator: Simulator): Simulator["starts"] =>
    simulator.starts.filter((start) => start.method === method);
  const own = (simulator: Simulator): Simulator["starts"] => all(simulator).slice(first);
  // Faults and scripts count from when they are made.
  const skipOf = (simulator: Simulator): number => first - all(simulator).length;
  return {
    request: (simulator) => ({ match: { operation: "start", method }, skip: skipOf(simulator) }),
    lengthen: (simulator) =>
      simulator.script({ match: { method }, skip: skipOf(simulator), times: 1, ...long }),
    count: (simulator) => own(simulator).length,
    task: (simulator) => own(simulator).at(-1)?.taskId,
  };
}

const vcenter: SimulatorOptions = { collections: [things], defaultDurationMs: 300 };
const failsOnce = (simulator: Simulator): void =>
  simulator.script({ match: { method: "POST", path: groups }, times: 1, outcome: "FAILED", durationMs: 200 });

/** The same at each product: `up` with an operation that is new. */
function newOperationAt(endpoint: string, path: string, body: object): Scenario {
  return {
    simulate: { defaultDurationMs: 300 },
    operation: {
      ...{ name: "new", endpoint, request: { method: "POST", path, body } },
      secretValues: [bodyCanary],
    },
    killed: "up",
    record: "start",
    answer: { type: "CompletedTask", method: "create" },
    ...ofMethod("POST"),
  };
}

export const newDomain = newOperationAt("sddc", "/v1/domains", {
  domainName: "one",
  adminPassword: bodyCanary,
});
export const newProtectionGroup = newOperationAt(
  "snap",
  "/api/snapservice/clusters/domain-c8/protection-groups",
  { name: "gold", target_entities: { vms: ["vm-1"] }, note: bodyCanary },
);
export const newReplication = newOperationAt("vcda", "/vapp-replications", { name: "web", note: bodyCanary });

const sddcFailsOnce = (simulator: Simulator): void =>
  simulator.script({
    match: { path: "/v1/domains" },
    outcome: "FAILED",
    durationMs: 200,
    // Long enough to be killed in.
    retryOutcome: { outcome: "SUCCEEDED", durationMs: 2_000 },
  });

/** Scenarios in which SDDC Manager goes on with the failed task. */
const continued: Omit<Scenario, "answer"> = {
  ...newDomain,
  script: sddcFailsOnce,
  record: "attempt",
  isContinued: true,
  request: () => ({ match: { operation: "retry" } }),
  lengthen: () => undefined,
  count: (simulator) => (simulator.tasks()[0]?.attempts ?? 1) - 1,
  task: (simulator) => simulator.tasks()[0]?.id,
};

/** SDDC Manager goes on with the failed task, in the same deployment. */
export const retryOfTask: Scenario = {
  ...continued,
  operation: { ...newDomain.operation, retry: { maxAttempts: 2, delay: "100ms" } },
  answer: { type: "CompletedTask", method: "create" },
};

/** SDDC Manager goes on with the failed task, in the `up` after a failure. */
export const nextUpOfTask: Scenario = {
  ...continued,
  before: newDomain.operation,
  answer: { type: "CompletedTask", method: "update" },
};

/** `up` with an operation that is new. */
export const newOperation: Scenario = {
  simulate: vcenter,
  operation: group(1),
  killed: "up",
  record: "start",
  answer: { type: "CompletedTask", method: "create" },
  ...ofMethod("POST"),
};

/** The new start of an operation whose object is deleted before. */
export const replacement: Scenario = {
  ...newOperation,
  before: group(1, { triggers: ["a"] }),
  operation: group(1, { triggers: ["b"] }),
  ...ofMethod("POST", 1),
};

/** The request is sent again when its first task has failed, by the same deployment. */
export const retryByStart: Scenario = {
  simulate: vcenter,
  script: failsOnce,
  operation: group(1, { retry: { maxAttempts: 2, delay: "100ms" } }),
  killed: "up",
  record: "attempt",
  answer: { type: "CompletedTask", method: "create" },
  ...ofMethod("POST", 1),
};

/** The `up` after one that failed. */
export const nextUp: Scenario = {
  simulate: vcenter,
  script: failsOnce,
  before: group(1),
  operation: group(1),
  killed: "up",
  record: "attempt",
  answer: { type: "CompletedTask", method: "update" },
  ...ofMethod("POST", 1),
};

/** The request that changes an object. */
export const updateRequest: Scenario = {
  simulate: vcenter,
  before: group(1),
  operation: group(2),
  killed: "up",
  record: "update",
  answer: { type: "UpdateTask", method: "update" },
  ...ofMethod("PATCH"),
};

/** The request that deletes an object. */
export const deleteRequest: Scenario = {
  simulate: vcenter,
  before: group(1),
  operation: group(1),
  killed: "destroy",
  record: "delete",
  answer: { type: "DeleteTask", method: "delete" },
  ...ofMethod("DELETE"),
};
