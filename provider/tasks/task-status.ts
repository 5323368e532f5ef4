/** The states of a task, the same words for every product. */
export const taskStatuses = [
  "PENDING",
  "RUNNING",
  "BLOCKED",
  "SUCCEEDED",
  "FAILED",
  "CANCELLED",
  "UNKNOWN",
] as const;

/** The state of a task. Only SUCCEEDED, FAILED and CANCELLED end it. */
export type TaskStatus = (typeof taskStatuses)[number];

const terminal: readonly TaskStatus[] = ["SUCCEEDED", "FAILED", "CANCELLED"];

/** Whether a status ends a task. */
export function isTerminal(status: TaskStatus): boolean {
  return terminal.includes(status);
}

/** Every status word seen at any product, without case, spaces, hyphens and underscores. */
const words: Readonly<Record<TaskStatus, readonly string[]>> = {
  PENDING: ["pending", "queued", "scheduled", "initialized", "notstarted", "available"],
  RUNNING: [
    "running",
    "inprogress",
    "validating",
    "prevalidationinprogress",
    "postvalidationinprogress",
    // The sub-task of a bring-up goes on after it.
    "prevalidationcompletedwithsuccess",
    "cancellationinprogress",
  ],
  BLOCKED: ["blocked"],
  SUCCEEDED: [
    "succeeded",
    "successful",
    "success",
    "completed",
    "completedwithsuccess",
    "postvalidationcompletedwithsuccess",
    "synced",
  ],
  FAILED: [
    "failed",
    "completedwithfailure",
    "prevalidationcompletedwithfailure",
    "postvalidationcompletedwithfailure",
    "internalerror",
    "timedout",
    "inconsistent",
    "syncfailed",
    // A bundle that was withdrawn.
    "recalled",
    // A bring-up that was rolled back well did not bring anything up.
    "rollbacksuccess",
  ],
  CANCELLED: ["cancelled", "canceled", "usercancelled"],
  UNKNOWN: [],
};

const wordsOfSuccessWithWarning = [
  "completedwithwarning",
  "completedwithwarnings",
  "warning",
  // A validation whose errors are all minor: what it validates may be done.
  "failedwithwarnings",
  "failedwithwarning",
  "skipped",
  "notapplicable",
];

/** @internal What every known word means, the words in lower case without separators. */
export const statusByWord: ReadonlyMap<string, TaskStatus> = new Map<string, TaskStatus>([
  ...taskStatuses.flatMap((status) => words[status].map((word) => [word, status] as const)),
  ...wordsOfSuccessWithWarning.map((word) => [word, "SUCCEEDED"] as const),
]);

function bare(word: string): string {
  return word.toLowerCase().replaceAll(/[\s_-]/g, "");
}

/** The status that a server's word means; a word we do not know is UNKNOWN, never a success. */
export function toTaskStatus(word: string): TaskStatus {
  return statusByWord.get(bare(word)) ?? "UNKNOWN";
}

/** Whether a server's word means "succeeded, but look at it". */
export function meansSuccessWithWarning(word: string): boolean {
  return wordsOfSuccessWithWarning.includes(bare(word));
}
