/**
 * Does something with stack traces of one line. For each property of a resource Pulumi notes several traces, in case that its
 * promise is never settled; where TypeScript's source maps are applied to them, as Pulumi does, whole ones are most of what
 * a registration costs. The line is kept for a transformation of the program's that throws. The positions that Pulumi
 * stores are taken with a limit of its own.
 */
export function withShortStackTraces<T>(work: () => T): T {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 1;
  try {
    return work();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}
