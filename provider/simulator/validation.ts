// Checks what comes from outside, over the control path or from a program, and says all that is wrong with it.
import { faultKinds, type Fault } from "./faults";
import { requestKinds } from "./exchange";
import { InvalidInputError } from "./invalid-input-error";
import { isRecord, isString } from "./json";
import type { ForeignTask, RestartOptions } from "./simulator";
import type { TaskPlan, TaskScript } from "./task-script";

/** What is wrong with a value, one line each; nothing when it is good. */
type Check = (value: unknown, path: string) => string[];

type Shape = Readonly<Record<string, Check>>;

const must =
  (words: string, good: (value: unknown) => boolean): Check =>
  (value, path) =>
    good(value) ? [] : [`${path} must be ${words}.`];

const anything: Check = () => [];
const text = must("a string", isString);
const flag = must("true or false", (value) => typeof value === "boolean");
const amount = must("a number of at least 0", (value) => typeof value === "number" && value >= 0);
const status = must(
  "an HTTP status",
  (value) => Number.isInteger(value) && Number(value) >= 100 && Number(value) < 600,
);
const list = must("a list", Array.isArray);
const oneOf = (...words: readonly string[]): Check =>
  must(`one of ${words.join(", ")}`, (value) => words.includes(String(value)) && isString(value));
const listOf =
  (check: Check): Check =>
  (value, path) =>
    Array.isArray(value)
      ? value.flatMap((one, index) => check(one, `${path}[${index}]`))
      : [`${path} must be a list.`];
const mapOf =
  (check: Check): Check =>
  (value, path) =>
    isRecord(value)
      ? Object.entries(value).flatMap(([key, one]) => check(one, `${path}.${key}`))
      : [`${path} must be an object.`];
const either =
  (words: string, ...checks: readonly Check[]): Check =>
  (value, path) =>
    checks.some((check) => check(value, path).length === 0) ? [] : [`${path} must be ${words}.`];

/** An object with these fields only, so that a misspelt one does not go unnoticed. */
const record =
  (shape: () => Shape, required: readonly string[] = []): Check =>
  (value, path) => {
    if (!isRecord(value)) return [`${path} must be an object.`];
    const known = shape();
    const missing = required
      .filter((name) => value[name] === undefined)
      .map((name) => `${path}.${name} is required.`);
    const wrong = Object.entries(value).flatMap(([name, one]) => {
      const check = Object.hasOwn(known, name) ? known[name] : undefined;
      if (check === undefined)
        return [`${path}.${name} is unknown; known are ${Object.keys(known).join(", ")}.`];
      return one === undefined ? [] : check(one, `${path}.${name}`);
    });
    return [...missing, ...wrong];
  };

const products = ["vcenter", "snapservice", "sddc-manager", "vcda"];
const outcomes = ["SUCCEEDED", "FAILED", "CANCELLED", "BLOCKED", "RUNNING"];
const statuses = ["PENDING", "RUNNING", "BLOCKED", "SUCCEEDED", "FAILED", "CANCELLED"];

const startMatch: Shape = {
  product: oneOf(...products),
  method: text,
  path: either("a string or a regular expression", text, (value, path) =>
    must("a RegExp", (one) => one instanceof RegExp)(value, path),
  ),
  query: mapOf(text),
  body: anything,
};
const reply: Shape = { status, error: text, message: text, body: anything, text, headers: mapOf(text) };
const stage = record(
  () => ({ name: text, type: text, description: text, outcome: oneOf("SUCCEEDED", "FAILED"), errors: list }),
  ["name"],
);
const subTask: Check = record(
  () => ({
    name: text,
    type: text,
    description: text,
    outcome: oneOf("SUCCEEDED", "FAILED", "SKIPPED", "NOT_APPLICABLE"),
    errors: list,
    stages: listOf(stage),
    subTasks: listOf(subTask),
    resources: list,
  }),
  ["name"],
);
const plan: Shape = {
  pendingMs: amount,
  durationMs: amount,
  blockedMs: amount,
  outcome: oneOf(...outcomes),
  nativeStatus: either(`a string, or strings by state (${statuses.join(", ")})`, text, (value, path) =>
    record(() => Object.fromEntries(statuses.map((name) => [name, text])))(value, path),
  ),
  progress: oneOf("smooth", "coarse", "none"),
  messages: listOf(text),
  result: anything,
  partialResult: anything,
  error: anything,
  warnings: list,
  subTasks: listOf(subTask),
  resources: list,
  target: either(
    "{ type, id } or null",
    (value, path) => record(() => ({ type: text, id: text }), ["type", "id"])(value, path),
    must("null", (value) => value === null),
  ),
  vimTask: text,
  retryable: flag,
  cancellable: flag,
  cancelMs: either('a number or "never"', amount, oneOf("never")),
  retryOutcome: (value, path) => record(() => plan)(value, path),
  fields: mapOf(anything),
  omitFields: listOf(text),
};
const script = record(() => ({
  ...plan,
  match: record(() => startMatch),
  skip: amount,
  times: amount,
  immediate: record(() => reply),
  reply: record(() => ({ ...reply, starts: flag })),
}));
const fault = record(
  () => ({
    what: oneOf(...faultKinds),
    match: record(() => ({ ...startMatch, operation: oneOf(...requestKinds), taskId: text })),
    skip: amount,
    times: amount,
    delayMs: amount,
    status,
    error: text,
    message: text,
    body: anything,
    text,
    headers: mapOf(text),
    taken: flag,
    forgetTasks: flag,
    downMs: amount,
  }),
  ["what"],
);

const foreignTask = record(
  () => ({
    product: oneOf(...products),
    method: text,
    path: text,
    body: anything,
    user: text,
    plan: record(() => plan),
  }),
  ["product", "path"],
);
const restart = record(() => ({ forgetTasks: flag, downMs: amount }));

export function checkScript(value: TaskScript): void {
  refuse(script(value, "script"));
}

export function checkPlan(value: TaskPlan): void {
  refuse(record(() => plan)(value, "plan"));
}

export function checkFault(value: Fault): void {
  refuse(fault(value, "fault"));
}

export function checkForeignTask(value: ForeignTask): void {
  refuse(foreignTask(value, "task"));
}

export function checkRestart(value: RestartOptions): void {
  refuse(restart(value, "options"));
}

function refuse(problems: readonly string[]): void {
  if (problems.length > 0) throw new InvalidInputError(problems.join(" "));
}
