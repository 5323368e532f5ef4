/**
 * Follows many tasks at once: batches, intervals, deadlines, a budget for faults, abort. Knows no
 * product and no HTTP; clock, chance and the source of news are given to it.
 */
export type { Span } from "./span";
export type { WatchEnd, WatchRequest } from "./watch";
export { createWatcher, type Watcher, type WatcherOptions } from "./watcher";
