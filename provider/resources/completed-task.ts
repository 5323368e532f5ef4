import {
  abandon,
  complete,
  completionProblems,
  isOnlyUnobserved,
  refreshed,
  unknownValue,
  type Completion,
  type CompletionArguments,
  type Context,
  type Outcome,
} from "../operations";
import { isTerminal, toTaskStatus } from "../tasks";
import { check, type CheckResult } from "./check";
import { InitFailedError } from "./init-failed";
import { differs, filled, pick, urnOf, type Properties } from "./inputs";
import { configure, theContext } from "./provider-context";
import { speak } from "./speak";

const optional = ["result", "startedAt", "finishedAt", "durationSeconds", "observed", "task"];
const kept = ["resourceUrn", "endpoint", "startedTaskId", "kind", "site", "onDelete"];

/** Gives the outputs, or tells the engine that the operation did not end well: its state is kept either way. */
function settle(
  context: Context,
  id: string,
  inputs: Properties,
  { outcome, failure }: Completion,
): Properties {
  const outs = { ...pick(inputs, kept), ...filled(outcome, optional) };
  if (failure === undefined) return outs;
  if (inputs.onFailure !== "warn") throw new InitFailedError(id, inputs, outs, failure);
  context.deployment.warn(urnOf(inputs), failure);
  return outs;
}

/** Waits for a task, whoever started it; judges it; attempts again. */
export const completedTask = {
  configure,
  async check(_olds: Properties, news: Properties): Promise<CheckResult> {
    return check(news, completionProblems);
  },
  async diff(_id: string, olds: Properties, news: Properties): Promise<object> {
    const { memory } = await theContext();
    const isOther = news.startedTaskId === unknownValue || differs(olds, news, "startedTaskId");
    memory.knownTasks.add(String(olds.taskId));
    // The program still has the operation: where only its `delete` is taken out, the object is wanted.
    if (!isOther) memory.keptObjects.add(String(olds.taskId));
    // Any change makes all outputs unknown in a preview, so only what will really happen is one.
    return {
      changes: isOther || olds.status !== "SUCCEEDED",
      replaces: isOther ? ["startedTaskId"] : [],
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
      return { outs: settle(context, id, news, completion) };
    }, news),
  read: (id: string, props: Properties): Promise<object> =>
    speak(async () => {
      const { status, taskId } = props as unknown as Outcome;
      // Servers forget finished tasks: a success that cannot be seen any more is no drift.
      if (status === "SUCCEEDED" || isOnlyUnobserved(props as unknown as Outcome)) return { id, props };
      const context = await theContext();
      return {
        id,
        props: { ...props, ...(await refreshed(context, props as unknown as CompletionArguments, taskId)) },
      };
    }, props),
  delete: (_id: string, props: Properties): Promise<void> =>
    speak(async () => {
      const context = await theContext();
      const { startedTaskId, endpoint, kind, site, onDelete } = props as unknown as CompletionArguments;
      context.memory.completed.add(startedTaskId);
      const { status, nativeStatus, taskId } = props as unknown as Outcome;
      const record = context.journal.read(urnOf(props), "attempt");
      const later = record?.of === startedTaskId && record.taskId !== taskId ? record.taskId : undefined;
      // Failed by the program's own judgement alone: what the task made is still there.
      const hasMade = status === "FAILED" && toTaskStatus(nativeStatus) === "SUCCEEDED";
      if (isTerminal(status) && !hasMade && later === undefined) return;
      await abandon(context, {
        ...{ resourceUrn: urnOf(props), endpoint, kind, site, onDelete },
        taskId: later ?? taskId,
        redactor: context.redactor(),
      });
    }, props),
};
