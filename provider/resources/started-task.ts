import {
  abandon,
  forgetStart,
  setAsideUnreadable,
  start,
  startProblems,
  type Context,
  type JournalRecord,
  type StartArguments,
} from "../operations";
import { check, type CheckResult } from "./check";
import { differs, endpointDiffers, filled, pick, requestDiffers, urnOf, type Properties } from "./inputs";
import { configure, theContext } from "./provider-context";
import { speak } from "./speak";

const kept = [
  "resourceUrn",
  "endpoint",
  "request",
  "kind",
  "site",
  "adoptTaskId",
  "triggers",
  "onRequestChange",
  "onDelete",
  "deleteBeforeReplace",
  "secretValues",
];

/** Whether the state knows no request yet: an adopted task is the operation that the program's one would have started. */
function isFirstRequest(olds: Properties): boolean {
  return olds.request === undefined && olds.adoptTaskId !== undefined;
}

/** Where changes are left to an update, the request that was started stays, for the update is still to come. */
function keptRequest(olds: Properties, news: Properties): Properties {
  return (news.onRequestChange ?? "restart") === "restart" ? {} : pick(olds, ["request"]);
}

/** Which inputs ask for a new start. */
function restarts(context: Context, olds: Properties, news: Properties): string[] {
  const names = ["site", "triggers"].filter((name) => differs(olds, news, name));
  if (endpointDiffers(context, olds, news)) names.push("endpoint");
  const isRestart = (news.onRequestChange ?? "restart") === "restart";
  // A changed way of changing takes the new request as the one that was started.
  if (
    isRestart &&
    !isFirstRequest(olds) &&
    !differs(olds, news, "onRequestChange") &&
    requestDiffers(olds, news)
  )
    names.push("request");
  const { adoptTaskId } = news;
  if (adoptTaskId !== undefined && differs(olds, news, "adoptTaskId") && adoptTaskId !== olds.taskId)
    names.push("adoptTaskId");
  return names;
}

/** What an earlier deployment has sent for a resource, and could not save before it was ended, is in no state: tells of it. */
function tellOfUnsaved({ deployment, journal }: Context, resourceUrn: string, record?: JournalRecord): void {
  // A replacement has the URN of what it replaces.
  if (record === undefined || journal.isOfThisProcess(record)) return;
  const { endpoint, taskId } = record;
  const what = taskId === undefined ? "a request whose reply is lost" : `a request, whose task is ${taskId},`;
  deployment.warn(
    resourceUrn,
    `An earlier deployment sent ${what} to endpoint "${endpoint}", and was ended before that was saved. ` +
      "What it made, if anything, is left alone: look at the server.",
  );
}

/** The task of the last attempt, which the completion beside this start has journaled; its record has done its work. */
function takeAttempt(context: Context, resourceUrn: string, startedTaskId: string): string | undefined {
  const { journal } = context;
  const completionUrn = resourceUrn.replace(":StartedTask::", ":CompletedTask::");
  setAsideUnreadable(context, completionUrn, "attempt");
  const record = journal.read(completionUrn, "attempt");
  if (record?.of !== startedTaskId) return undefined;
  if (record.taskId === undefined) tellOfUnsaved(context, resourceUrn, record);
  journal.remove(completionUrn, "attempt");
  return record.taskId;
}

/** Sends a request, records the task's id, returns at once. */
export const startedTask = {
  configure,
  async check(_olds: Properties, news: Properties): Promise<CheckResult> {
    return check(news, startProblems);
  },
  async diff(_id: string, olds: Properties, news: Properties): Promise<object> {
    const context = await theContext();
    forgetStart(context, String(olds.taskId), urnOf(news));
    // A start of another resource whose reply is lost must not take this task for its own.
    context.memoryOf(String(olds.endpoint)).knownTasks.add(String(olds.taskId));
    const replaces = restarts(context, olds, news);
    return {
      changes:
        replaces.length > 0 ||
        differs(olds, news, "onRequestChange") ||
        (isFirstRequest(olds) && news.request !== undefined),
      replaces,
      deleteBeforeReplace: news.deleteBeforeReplace === true,
    };
  },
  create: (inputs: Properties): Promise<object> =>
    speak(async () => {
      const context = await theContext();
      const started = await start(context, inputs as unknown as StartArguments);
      return { id: started.taskId, outs: { ...pick(inputs, kept), ...filled(started, ["immediateResult"]) } };
    }, inputs),
  update: (_id: string, olds: Properties, news: Properties): Promise<object> =>
    Promise.resolve({
      outs: { ...pick(news, kept), ...pick(olds, ["taskId", "immediateResult"]), ...keptRequest(olds, news) },
    }),
  // A start is history: nothing at the server can change it.
  read: (id: string, props: Properties): Promise<object> => Promise.resolve({ id, props }),
  delete: (_id: string, props: Properties): Promise<void> =>
    speak(async () => {
      const context = await theContext();
      const taskId = String(props.taskId);
      forgetStart(context, taskId, urnOf(props));
      setAsideUnreadable(context, urnOf(props), "start");
      tellOfUnsaved(context, urnOf(props), context.journal.read(urnOf(props), "start"));
      const attempt = takeAttempt(context, urnOf(props), taskId);
      if (context.memoryOf(String(props.endpoint)).completed.has(taskId)) return;
      const { endpoint, kind, site, onDelete, request, secretValues } = props as unknown as StartArguments & {
        onDelete?: "leave" | "cancel";
      };
      await abandon(context, {
        ...{ resourceUrn: urnOf(props), endpoint, kind, request, site, onDelete },
        taskId: attempt ?? taskId,
        redactor: context.redactor(request, [...(secretValues ?? [])]),
      });
    }, props),
};
