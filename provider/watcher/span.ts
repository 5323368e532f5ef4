/** When a task is expected to end: between two points in time, in milliseconds since 1970; equal when one is as good as known. */
export interface Span {
  readonly soonestAt: number;
  readonly latestAt: number;
}
