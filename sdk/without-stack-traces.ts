/**
 * Does something with `Error.stackTraceLimit` at 0. For each property of a resource Pulumi notes several stack traces, in case
 * that its promise is never settled; where TypeScript's source maps are applied to them, as Pulumi does, they are most of
 * what a registration costs. The positions that Pulumi stores are taken with a limit of its own.
 */
export function withoutStackTraces<T>(work: () => T): T {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return work();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}
