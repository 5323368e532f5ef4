/**
 * What the product does: starts once, follows to the end, judges, attempts again, remembers what left
 * this machine. No Pulumi in here: a deployment is an interface, so another front can stand before it.
 */
export { abandon, type AbandonedTask } from "./abandon";
export {
  completionProblems,
  followUpProblems,
  hasUnknown,
  parseDuration,
  readConfiguration,
  startProblems,
  unknownValue,
  type Configuration,
} from "./arguments";
export { complete } from "./complete";
export type { Completion, CompletionArguments } from "./completion";
export { createContext, type Context } from "./context";
export type { Deployment } from "./deployment";
export { forgetUpdate, isUpdateOpen, type SavedUpdate } from "./earlier-update";
export { followUp, type FollowUp } from "./follow-up";
export { isJudgedFailed, isOnlyUnobserved } from "./judgement";
export { openJournal, stateFolder, type Journal, type JournalRecord } from "./journal";
export { readTask, readTasks, type TaskList, type TaskQuery, type TasksQuery } from "./look-up";
export type { Outcome } from "./outcome";
export { refreshed } from "./refresh";
export {
  forgetStart,
  setAsideUnreadable,
  start,
  type RequestArguments,
  type StartArguments,
  type Started,
} from "./start";
export type { TaskData } from "./task-data";
export { traceFile } from "./trace-file";
export { taskKind } from "./task-kind";
