// Where a deployment is ended, and how: the same words for the real provider process and for the real CLI.

/** Moments in the life of one request that starts something. */
export const points = [
  "before the request leaves",
  "after it left, before the reply",
  "after the reply, before the journal",
  "after the journal, before the engine saved",
  "during the wait",
  "at success, before the engine saved",
] as const;

/** A moment in the life of one request that starts something. */
export type Point = (typeof points)[number];

/** What ends, and how. */
export const ways = [
  "SIGKILL of the CLI",
  "SIGHUP of the terminal",
  "SIGKILL of the provider",
  "two Ctrl-C",
  "a cut network",
] as const;

/** What ends, and how. */
export type Way = (typeof ways)[number];
