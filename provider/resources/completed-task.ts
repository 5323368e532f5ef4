import {
  abandon,
  complete,
  completionProblems,
  hasUnknown,
  isJudgedFailed,
  isOnlyUnobserved,
  refreshed,
  taskKind,
  type Completion,
  type CompletionArguments,
  type Context,
  type Outcome,
} from "../operations";
import { isTerminal } from "../tasks";
import { check, type CheckResult } from "./check";
import { InitFailedError } from "./init-failed";
import { differs, endpointDiffers, filled, pick, requestDiffers, urnOf, type Properties } from "./inputs";
import { configure, theContext } from "./provider-context";
import { speak } from "./speak";

const optional = ["result", "startedAt", "finishedAt", "durationSeconds", "observed", "task"];
const kept = ["resourceUrn", "endpoint", "startedTaskId", "kind", "site", "onDelete", "secretValues"];

/** The arguments that say what a changed request means. */
type Changing = Pick<CompletionArguments, "onRequestChange">;

/** The request that the server worked with last, which the state needs only where a changed one is not sent at once. */
function workedWith(inputs: Properties, { attempts }: Outcome, olds?: Properties): Properties {
  if ((inputs as Changing).onRequestChange !== "retryInPlace") return {};
  const isSent = olds?.request === undefined || attempts !== olds.attempts;
  return pick(isSent ? inputs : olds, ["request"]);
}

/** Tells of a changed request that is not sent, for the operation has succeeded with the one that it had. */
function tellOfChange({ deployment }: Context, done: Properties, news: Properties): void {
  const isKept = (news as Changing).onRequestChange === "retryInPlace" && done.status === "SUCCEEDED";
  if (!isKept || done.request === undefined || hasUnknown(news.request) || !requestDiffers(done, news))
    return;
  deployment.warn(
    urnOf(news),
    "The request has changed, but the operation has succeeded with the one that it had, so nothing is sent " +
      '(onRequestChange: "retryInPlace"). To start it again: change `triggers`.',
  );
}

/** That something was read, which may have been nothing: a body of `null`. */
function readMark(inputs: Properties, { status }: Outcome): Properties {
  return inputs.observe !== undefined && status === "SUCCEEDED" ? { isObserved: true } : {};
}

/** Whether the program observes since the operation has succeeded; what was read once stays. */
function isUnread(olds: Properties, news: Properties): boolean {
  const isRead = olds.isObserved === true || (olds.observed ?? undefined) !== undefined;
  return news.observe !== undefined && !isRead;
}

/** Gives the outputs, or tells the engine that the operation did not end well: its state is kept either way. */
function settle(
  context: Context,
  id: string,
  inputs: Properties,
  { outcome, failure }: Completion,
  olds?: Properties,
): Properties {
  const given = inputs as unknown as CompletionArguments;
  const outs = {
    ...pick(inputs, kept),
    ...kindOf(context, given),
    ...workedWith(inputs, outcome, olds),
    ...readMark(inputs, outcome),
    ...filled(outcome, optional),
  };
  tellOfChange(context, outs, inputs);
  if (failure === undefined) return outs;
  if (inputs.onFailure !== "warn") throw new InitFailedError(id, inputs, outs, failure);
  context.deployment.warn(urnOf(inputs), failure);
  return outs;
}

/** The kind that the request tells, for `read` and `delete` do not get the request. */
function kindOf(context: Context, given: CompletionArguments): Properties {
  const kind = taskKind(context.open(given.endpoint), given);
  return kind === "task" ? {} : { kind };
}

/** Waits for a task, whoever started it; judges it; attempts again. */
export const completedTask = {
  configure,
  async check(_olds: Properties, news: Properties): Promise<CheckResult> {
    (await theContext()).wanted.add(urnOf(news));
    return check(news, completionProblems);
  },
  async diff(_id: string, olds: Properties, news: Properties): Promise<object> {
    const context = await theContext();
    const replaces = ["startedTaskId", "site"].filter((name) => differs(olds, news, name));
    // An id may be known at two servers.
    if (endpointDiffers(context, olds, news)) replaces.push("endpoint");
    const isOther = replaces.length > 0;
    const { keptObjects, knownTasks } = context.memoryOf(String(olds.endpoint));
    knownTasks.add(String(olds.taskId));
    if (!isOther) tellOfChange(context, olds, news);
    // The program still has the operation: where only its `delete` is taken out, the object is wanted.
    if (!isOther && context.wanted.has(urnOf(news))) keptObjects.add(String(olds.taskId));
    // Any change makes all outputs unknown in a preview, so only what will really happen is one.
    return {
      changes: isOther || olds.status !== "SUCCEEDED" || isUnread(olds, news),
      replaces,
    };
  },
  create: (inputs: Properties): Promise<object> =>
    speak(async () => {
      const context = await theContext();
      const given = inputs as unknown as CompletionArguments;
      const completion = await complete(context, given);
      return { id: given.startedTaskId, outs: settle(context, given.startedTaskId, inputs, completion) };
    }, inputs),
  update: (id: string, olds: Properties, news: Properties): Promise<object> =>
    speak(async () => {
      const context = await theContext();
      const completion = await complete(
        context,
        news as unknown as CompletionArguments,
        olds as unknown as Outcome,
      );
      return { outs: settle(context, id, news, completion, olds) };
    }, news),
  read: (id: string, props: Properties): Promise<object> =>
    speak(async () => {
      const saved = props as unknown as Outcome;
      // Servers forget finished tasks: a success that cannot be seen any more is no drift.
      if (saved.status === "SUCCEEDED" || isOnlyUnobserved(saved)) return { id, props };
      const context = await theContext();
      return {
        id,
        props: { ...props, ...(await refreshed(context, props as unknown as CompletionArguments, saved)) },
      };
    }, props),
  delete: (_id: string, props: Properties): Promise<void> =>
    speak(async () => {
      const context = await theContext();
      const { startedTaskId, endpoint, kind, site, onDelete, secretValues } =
        props as unknown as CompletionArguments;
      context.memoryOf(endpoint).completed.add(startedTaskId);
      const { status, nativeStatus, taskId, attempts } = props as unknown as Outcome;
      const record = context.journal.read(urnOf(props), "attempt");
      const isLater = record?.of === startedTaskId && (record.attempt ?? 0) > attempts;
      const later = isLater ? record.taskId : undefined;
      // Failed by the program's own judgement alone: what the task made is still there.
      const hasMade = isJudgedFailed({ status, nativeStatus });
      const hasFailed = status === "FAILED" && !hasMade && later === undefined;
      const isSettled = isTerminal(status) && !hasMade && later === undefined;
      if (isSettled && !hasFailed) return;
      await abandon(context, {
        ...{ resourceUrn: urnOf(props), endpoint, kind, site, onDelete },
        taskId: later ?? taskId,
        hasFailed,
        redactor: context.redactor([...(secretValues ?? [])]),
      });
    }, props),
};
