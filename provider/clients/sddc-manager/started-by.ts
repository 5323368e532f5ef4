import { canBeSince, stampToleranceMs, trueStamp, type StartTrace, type TaskSnapshot } from "../../tasks";

/** First words of task types that belong to a path of their own; other types may come from anywhere. */
const knownResources = [
  "ALB_CLUSTER",
  "AVN",
  "BACKUP",
  "BUNDLE",
  "CLUSTER",
  "CREDENTIAL",
  "DOMAIN",
  "EDGE_CLUSTER",
  "HOST",
  "LICENSE",
  "NETWORK_POOL",
  "NSXT_CLUSTER",
  "PERSONALITY",
  "RESTORE",
  "VASA_PROVIDER",
];

const segmentsOf = (path: string): string[] => path.split("?")[0]?.split("/").filter(Boolean).slice(1) ?? [];
const isId = (segment: string): boolean => /\d/.test(segment);
const wordOf = (segment: string): string =>
  segment.replace(/ies$/, "y").replace(/s$/, "").replaceAll("-", "_").toUpperCase();

/** `/v1/hosts/…` is about HOST: task types have the form `<RESOURCE>_<OPERATION>`. */
function resourceWords(path: string): string[] {
  return segmentsOf(path)
    .filter((segment) => !isId(segment))
    .map(wordOf);
}

/** Last words of task types by which the one cannot be what the other method has started. */
const otherWords: Readonly<Record<string, RegExp>> = {
  DELETE: /_(CREATION|COMMISSION)$/i,
  POST: /_(DELETION|DECOMMISSION)$/i,
};

/** Whether a task names resources of the same kind as the path does, and the one in the path is not among them. */
function isAboutAnother(path: string, { resources }: TaskSnapshot): boolean {
  const segments = segmentsOf(path);
  return segments.some((id, index) => {
    const word = wordOf(segments[index - 1] ?? "");
    const alike = resources.filter(({ type }) => type.toUpperCase() === word);
    return isId(id) && alike.length > 0 && !alike.some((resource) => resource.id === id);
  });
}

/** A type that we cannot place excludes nothing: to overlook the task would start the work twice. */
function canBeAbout(path: string, type: string): boolean {
  const upper = type.toUpperCase();
  // The word may be that of the operation: `/v1/upgrades` starts tasks of the form `<RESOURCE>_UPGRADE`.
  const isAbout = (word: string): boolean => upper.startsWith(word) || upper.includes(`_${word}`);
  return resourceWords(path).some(isAbout) || !knownResources.some((word) => upper.startsWith(word));
}

/** Whether a task can be the one that a request started: same kind of work and resource, not older than the request. */
export function canBeStartedBy(trace: StartTrace, task: TaskSnapshot): boolean {
  const { type } = task.native;
  const { method, path } = trace.request;
  if (typeof type === "string" && (!canBeAbout(path, type) || otherWords[method]?.test(type) === true))
    return false;
  if (isAboutAnother(path, task)) return false;
  return canBeSince(task.startedAt, trace.sentAt);
}

/** Whether tasks that came newest first go back to before a moment, so that those behind them are older still. */
export function reachesBack(tasks: readonly TaskSnapshot[], moment: number): boolean {
  const stamps = tasks.map(({ startedAt }) => trueStamp(startedAt)).filter((stamp) => stamp !== undefined);
  const isNewestFirst = stamps.every((stamp, index) => index === 0 || stamp <= (stamps[index - 1] ?? 0));
  return isNewestFirst && (stamps.at(-1) ?? Infinity) < moment - stampToleranceMs;
}
